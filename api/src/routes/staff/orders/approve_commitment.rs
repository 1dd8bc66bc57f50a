//! Letting a unit promise.

use actix_web::{post, web};
use shared::{contract::staff_case::CaseStepView, domain::id::OrderId};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        staff::stepped,
    },
    usecases::cases::commitment as usecase,
};

/// Lets the unit promise: the promised day is its limit, everybody reads it, and nothing counts as resolved
#[utoipa::path(tag = "work orders", operation_id = "approve_commitment", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The work order")),
    responses((status = 200, description = "Promised", body = CaseStepView)))]
#[post("/api/v1/staff/orders/{id}/commitment-approval")]
pub(crate) async fn approve_commitment(
    services: Given,
    staff: Staff,
    context: RequestContext,
    order: web::Path<OrderId>,
) -> Answer {
    let outcome = usecase::approve_commitment(&services, &Actor::Staff(staff.0), &context, order.0).await?;
    Ok(stepped(&services, &outcome))
}
