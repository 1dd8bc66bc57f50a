//! Closing with an explanation.

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

/// Closes a case with the explanation that the requester reads; another person asked for it
#[utoipa::path(tag = "staff cases", operation_id = "close_explained", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "Closed as explained", body = CaseStepView)))]
#[post("/api/v1/staff/cases/{receipt_no}/close-explained-approval")]
pub(crate) async fn close_explained(
    services: Given,
    staff: Staff,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<ReasonRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let outcome = usecase::close_explained(&services, &Actor::Staff(staff.0), &context, case, &request.reason).await?;
    Ok(stepped(&services, &outcome))
}
