//! Asking for what is missing.

use actix_web::{post, web};
use shared::contract::staff_case::{AskInformationRequest, CaseStepView};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        receipts::case_of,
        staff::stepped,
    },
    usecases::cases::ask_information as usecase,
};

/// Asks the requester, once, for what is missing; the acceptance clock rests
#[utoipa::path(tag = "staff cases", operation_id = "ask_information", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "Asked", body = CaseStepView)))]
#[post("/api/v1/staff/cases/{receipt_no}/ask-information")]
pub(crate) async fn ask_information(
    services: Given,
    staff: Staff,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<AskInformationRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let outcome =
        usecase::ask_information(&services, &Actor::Staff(staff.0), &context, case, &request.question).await?;
    Ok(stepped(&services, &outcome))
}
