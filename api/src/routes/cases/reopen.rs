//! Taking a closed case up again.

use actix_web::{post, web};
use shared::contract::{case::CaseReasonRequest, staff_case::CaseStepView};

use crate::{
    access::{Actor, RequestContext, extractor::Resident},
    routes::{
        answer::{Answer, Given},
        receipts::case_of,
        staff::stepped,
    },
    usecases::cases::reopen as usecase,
};

/// Takes a closed case up again, once, within the window after its end
#[utoipa::path(tag = "cases", operation_id = "reopen_case", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "In hand again", body = CaseStepView)))]
#[post("/api/v1/cases/{receipt_no}/reopening")]
pub(crate) async fn reopen_case(
    services: Given,
    resident: Resident,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<CaseReasonRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let actor = Actor::Person(resident.0);
    let outcome = usecase::reopen_case(&services, &actor, &context, case, &request.reason).await?;
    Ok(stepped(&services, &outcome))
}
