//! Signing the reply.

use actix_web::{post, web};
use shared::{contract::staff_case::CaseStepView, domain::id::OrderId};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        staff::stepped,
    },
    usecases::cases::sign_reply as usecase,
};

/// Signs the handler's reply; a reviewer reads it next
#[utoipa::path(tag = "work orders", operation_id = "sign_reply", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The work order")),
    responses((status = 200, description = "In review", body = CaseStepView)))]
#[post("/api/v1/staff/orders/{id}/reply-signature")]
pub(crate) async fn sign_reply(
    services: Given,
    staff: Staff,
    context: RequestContext,
    order: web::Path<OrderId>,
) -> Answer {
    let outcome = usecase::sign_reply(&services, &Actor::Staff(staff.0), &context, order.0).await?;
    Ok(stepped(&services, &outcome))
}
