//! Passing an order on.

use actix_web::{post, web};
use shared::{
    contract::staff_case::{AssignOrderRequest, CaseStepView},
    domain::id::OrderId,
};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        staff::stepped,
    },
    usecases::cases::assign::{self as usecase, AssignOrder},
};

/// Names the handler of an order, or passes it down inside the own subtree
#[utoipa::path(tag = "work orders", operation_id = "assign_order", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The work order")),
    responses((status = 200, description = "Assigned", body = CaseStepView)))]
#[post("/api/v1/staff/orders/{id}/assign")]
pub(crate) async fn assign_order(
    services: Given,
    staff: Staff,
    context: RequestContext,
    order: web::Path<OrderId>,
    request: web::Json<AssignOrderRequest>,
) -> Answer {
    let request = request.into_inner();
    let assigned = AssignOrder {
        handler: request.handler.map(|handler| handler.0),
        unit: request.unit,
    };
    let outcome = usecase::assign_order(&services, &Actor::Staff(staff.0), &context, order.0, assigned).await?;
    Ok(stepped(&services, &outcome))
}
