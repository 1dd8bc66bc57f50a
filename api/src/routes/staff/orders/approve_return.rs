//! Taking an order back.

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

/// Takes an order back, to be dispatched to another unit
#[utoipa::path(tag = "work orders", operation_id = "approve_order_return", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The work order")),
    responses((status = 200, description = "Waiting for its unit", body = CaseStepView)))]
#[post("/api/v1/staff/orders/{id}/return-approval")]
pub(crate) async fn approve_order_return(
    services: Given,
    staff: Staff,
    context: RequestContext,
    order: web::Path<OrderId>,
    request: web::Json<ReasonRequest>,
) -> Answer {
    let outcome =
        usecase::approve_return(&services, &Actor::Staff(staff.0), &context, order.0, &request.reason).await?;
    Ok(stepped(&services, &outcome))
}
