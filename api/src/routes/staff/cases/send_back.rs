//! Sending a reply back.

use actix_web::{post, web};
use shared::contract::staff_case::{CaseStepView, ReasonRequest};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        receipts::case_of,
        staff::stepped,
    },
    usecases::cases::review_reply as usecase,
};

/// Sends the reply back to the unit; the handling limit goes on
#[utoipa::path(tag = "staff cases", operation_id = "send_back_reply", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "In handling again", body = CaseStepView)))]
#[post("/api/v1/staff/cases/{receipt_no}/send-back")]
pub(crate) async fn send_back_reply(
    services: Given,
    staff: Staff,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<ReasonRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let outcome = usecase::send_back_reply(&services, &Actor::Staff(staff.0), &context, case, &request.reason).await?;
    Ok(stepped(&services, &outcome))
}
