//! Not closing with an explanation.

use actix_web::{post, web};
use shared::contract::staff_case::{CaseStepView, ReasonRequest};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        receipts::case_of,
        staff::stepped,
    },
    usecases::cases::judge_demand as usecase,
};

/// Does not close a case with an explanation; a dismissed demand is then redone
#[utoipa::path(tag = "staff cases", operation_id = "deny_close_explained", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "Not closed", body = CaseStepView)))]
#[post("/api/v1/staff/cases/{receipt_no}/close-explained-refusal")]
pub(crate) async fn deny_close_explained(
    services: Given,
    staff: Staff,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<ReasonRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let outcome =
        usecase::deny_close_explained(&services, &Actor::Staff(staff.0), &context, case, &request.reason).await?;
    Ok(stepped(&services, &outcome))
}
