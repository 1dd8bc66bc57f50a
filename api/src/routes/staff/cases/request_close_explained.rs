//! Asking to close with an explanation.

use actix_web::{post, web};
use shared::contract::staff_case::{CaseStepView, LegalBasisRequest};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        receipts::case_of,
        staff::stepped,
    },
    usecases::cases::judge_demand as usecase,
};

/// Asks supervision tier 1 to close a replied case with an explanation, on a legal ground
#[utoipa::path(tag = "staff cases", operation_id = "request_close_explained", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "Waiting for tier 1", body = CaseStepView)))]
#[post("/api/v1/staff/cases/{receipt_no}/close-explained")]
pub(crate) async fn request_close_explained(
    services: Given,
    staff: Staff,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<LegalBasisRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let outcome = usecase::request_close_explained(
        &services,
        &Actor::Staff(staff.0),
        &context,
        case,
        &request.legal_basis,
        request.reason.as_deref(),
    )
    .await?;
    Ok(stepped(&services, &outcome))
}
