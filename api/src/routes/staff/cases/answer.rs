//! Answering at once.

use actix_web::{post, web};
use shared::contract::staff_case::{AnswerDirectlyRequest, CaseStepView};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        receipts::case_of,
        staff::stepped,
    },
    usecases::cases::answer_directly as usecase,
};

/// Answers an inquiry at once from a knowledge article
#[utoipa::path(tag = "staff cases", operation_id = "answer_case_directly", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "Answered", body = CaseStepView)))]
#[post("/api/v1/staff/cases/{receipt_no}/answer")]
pub(crate) async fn answer_case_directly(
    services: Given,
    staff: Staff,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<AnswerDirectlyRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let outcome = usecase::answer_directly(
        &services,
        &Actor::Staff(staff.0),
        &context,
        case,
        &request.article,
        request.text.as_deref(),
    )
    .await?;
    Ok(stepped(&services, &outcome))
}
