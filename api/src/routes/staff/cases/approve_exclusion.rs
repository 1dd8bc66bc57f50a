//! Leaving a case out of the scoring.

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

/// Leaves a closed case out of the scoring of units; how many were is public
#[utoipa::path(tag = "staff cases", operation_id = "approve_exclusion", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "Left out", body = CaseStepView)))]
#[post("/api/v1/staff/cases/{receipt_no}/exclusion-approval")]
pub(crate) async fn approve_exclusion(
    services: Given,
    staff: Staff,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<ReasonRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let actor = Actor::Staff(staff.0);
    let outcome = usecase::approve_exclusion(&services, &actor, &context, case, &request.reason).await?;
    Ok(stepped(&services, &outcome))
}
