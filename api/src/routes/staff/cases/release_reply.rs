//! Releasing a reply.

use actix_web::{post, web};
use shared::contract::staff_case::CaseStepView;

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        receipts::case_of,
        staff::stepped,
    },
    usecases::cases::review_reply as usecase,
};

/// Releases the reviewed reply: the requester reads and rates it
#[utoipa::path(tag = "staff cases", operation_id = "release_reply", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "Replied", body = CaseStepView)))]
#[post("/api/v1/staff/cases/{receipt_no}/reply-release")]
pub(crate) async fn release_reply(
    services: Given,
    staff: Staff,
    context: RequestContext,
    receipt_no: web::Path<String>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let outcome = usecase::release_reply(&services, &Actor::Staff(staff.0), &context, case).await?;
    Ok(stepped(&services, &outcome))
}
