//! Not signing the reply.

use actix_web::{post, web};
use shared::{
    contract::staff_case::{CaseStepView, ReasonRequest},
    domain::id::OrderId,
};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        staff::stepped,
    },
    usecases::cases::sign_reply as usecase,
};

/// Gives the reply back to the handler
#[utoipa::path(tag = "work orders", operation_id = "decline_reply", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The work order")),
    responses((status = 200, description = "To be written again", body = CaseStepView)))]
#[post("/api/v1/staff/orders/{id}/reply-refusal")]
pub(crate) async fn decline_reply(
    services: Given,
    staff: Staff,
    context: RequestContext,
    order: web::Path<OrderId>,
    request: web::Json<ReasonRequest>,
) -> Answer {
    let outcome = usecase::decline_reply(&services, &Actor::Staff(staff.0), &context, order.0, &request.reason).await?;
    Ok(stepped(&services, &outcome))
}
