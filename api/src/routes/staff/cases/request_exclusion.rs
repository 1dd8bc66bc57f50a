//! Asking to leave a case out of the scoring.

use actix_web::{post, web};
use shared::contract::staff_case::{CaseStepView, ExclusionRequest};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        receipts::case_of,
        staff::stepped,
    },
    usecases::cases::exclusion as usecase,
};

/// Asks supervision tier 1 to leave a closed case out of the scoring of units
#[utoipa::path(tag = "staff cases", operation_id = "request_exclusion", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "Waiting for tier 1", body = CaseStepView)))]
#[post("/api/v1/staff/cases/{receipt_no}/exclusion")]
pub(crate) async fn request_exclusion(
    services: Given,
    staff: Staff,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<ExclusionRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let actor = Actor::Staff(staff.0);
    let outcome =
        usecase::request_exclusion(&services, &actor, &context, case, request.exclusion, &request.note).await?;
    Ok(stepped(&services, &outcome))
}
