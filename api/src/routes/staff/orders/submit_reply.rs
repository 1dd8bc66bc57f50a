//! Writing the reply.

use actix_web::{post, web};
use shared::{
    contract::staff_case::{CaseStepView, SubmitReplyRequest},
    domain::id::OrderId,
};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        staff::stepped,
    },
    usecases::cases::submit_reply::{self as usecase, SubmitReply},
};

/// Writes the reply with its evidence; the unit's leader signs it
#[utoipa::path(tag = "work orders", operation_id = "submit_reply", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The work order")),
    responses((status = 200, description = "Waiting for the signature", body = CaseStepView)))]
#[post("/api/v1/staff/orders/{id}/reply")]
pub(crate) async fn submit_reply(
    services: Given,
    staff: Staff,
    context: RequestContext,
    order: web::Path<OrderId>,
    request: web::Json<SubmitReplyRequest>,
) -> Answer {
    let reply = reply(request.into_inner());
    let outcome = usecase::submit_reply(&services, &Actor::Staff(staff.0), &context, order.0, reply).await?;
    Ok(stepped(&services, &outcome))
}

/// The reply in the use case's words.
pub(super) fn reply(request: SubmitReplyRequest) -> SubmitReply {
    SubmitReply {
        text: request.text,
        outcome: request.outcome,
        root_cause: request.root_cause,
        photos_before: request.photos_before,
        photos_after: request.photos_after,
    }
}
