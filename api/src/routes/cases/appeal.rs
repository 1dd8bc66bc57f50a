//! Appealing against a refusal.

use actix_web::{post, web};
use shared::contract::{case::CaseReasonRequest, staff_case::CaseStepView};

use crate::{
    access::{Actor, RequestContext, extractor::Resident},
    routes::{
        answer::{Answer, Given},
        receipts::case_of,
        staff::stepped,
    },
    usecases::cases::appeal as usecase,
};

/// Asks, once, that another clerk looks at a refusal
#[utoipa::path(tag = "cases", operation_id = "appeal_refusal", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "Back in acceptance, with another clerk", body = CaseStepView)))]
#[post("/api/v1/cases/{receipt_no}/appeal")]
pub(crate) async fn appeal_refusal(
    services: Given,
    resident: Resident,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<CaseReasonRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let actor = Actor::Person(resident.0);
    let outcome = usecase::appeal_refusal(&services, &actor, &context, case, &request.reason).await?;
    Ok(stepped(&services, &outcome))
}
