//! Having a case count.

use actix_web::{post, web};
use shared::contract::staff_case::{CaseStepView, ReasonRequest};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        receipts::case_of,
        staff::stepped,
    },
    usecases::cases::exclusion as usecase,
};

/// Has a closed case count in the scoring of units
#[utoipa::path(tag = "staff cases", operation_id = "deny_exclusion", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "It counts", body = CaseStepView)))]
#[post("/api/v1/staff/cases/{receipt_no}/exclusion-refusal")]
pub(crate) async fn deny_exclusion(
    services: Given,
    staff: Staff,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<ReasonRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let actor = Actor::Staff(staff.0);
    let outcome = usecase::deny_exclusion(&services, &actor, &context, case, &request.reason).await?;
    Ok(stepped(&services, &outcome))
}
