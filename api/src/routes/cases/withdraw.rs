//! Taking a case back.

use actix_web::{post, web};
use shared::contract::{case::WithdrawCaseRequest, staff_case::CaseStepView};

use crate::{
    access::{Actor, RequestContext, extractor::Resident},
    routes::{
        answer::{Answer, Given},
        receipts::case_of,
        staff::stepped,
    },
    usecases::cases::withdraw as usecase,
};

/// Takes an open case back
///
/// When others share it, the oldest of their cases goes on in its place.
#[utoipa::path(tag = "cases", operation_id = "withdraw_case", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "Withdrawn", body = CaseStepView)))]
#[post("/api/v1/cases/{receipt_no}/withdrawal")]
pub(crate) async fn withdraw_case(
    services: Given,
    resident: Resident,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<WithdrawCaseRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let actor = Actor::Person(resident.0);
    let reason = request.reason.as_deref();
    let outcome = usecase::withdraw_case(&services, &actor, &context, case, reason).await?;
    Ok(stepped(&services, &outcome))
}
