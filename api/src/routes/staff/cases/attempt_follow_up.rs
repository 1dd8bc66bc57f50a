//! A call that reached nobody.

use actix_web::{post, web};
use shared::contract::staff_case::{CaseStepView, FollowUpAttemptRequest};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        receipts::case_of,
        staff::stepped,
    },
    usecases::cases::attempt_follow_up as usecase,
};

/// Records that the requester was called about a reply and not reached
#[utoipa::path(tag = "staff cases", operation_id = "attempt_follow_up", security(("bearer" = [])),
    params(("receipt_no" = String, Path, description = "The case's receipt number")),
    responses((status = 200, description = "Recorded; the rating window goes on", body = CaseStepView)))]
#[post("/api/v1/staff/cases/{receipt_no}/follow-up-attempt")]
pub(crate) async fn attempt_follow_up(
    services: Given,
    staff: Staff,
    context: RequestContext,
    receipt_no: web::Path<String>,
    request: web::Json<FollowUpAttemptRequest>,
) -> Answer {
    let case = case_of(&services, &receipt_no)?;
    let actor = Actor::Staff(staff.0);
    let outcome = usecase::attempt_follow_up(&services, &actor, &context, case, &request.note).await?;
    Ok(stepped(&services, &outcome))
}
