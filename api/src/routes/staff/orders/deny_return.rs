//! Leaving an order with its unit.

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
    usecases::cases::return_order as usecase,
};

/// Leaves an order with its unit for good
#[utoipa::path(tag = "work orders", operation_id = "deny_order_return", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The work order")),
    responses((status = 200, description = "In handling", body = CaseStepView)))]
#[post("/api/v1/staff/orders/{id}/return-refusal")]
pub(crate) async fn deny_order_return(
    services: Given,
    staff: Staff,
    context: RequestContext,
    order: web::Path<OrderId>,
    request: web::Json<ReasonRequest>,
) -> Answer {
    let outcome = usecase::deny_return(&services, &Actor::Staff(staff.0), &context, order.0, &request.reason).await?;
    Ok(stepped(&services, &outcome))
}
