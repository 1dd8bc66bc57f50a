//! Asking to return an order.

use actix_web::{post, web};
use shared::{
    contract::staff_case::{CaseStepView, LegalBasisRequest},
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

/// Asks to return an order that is not the unit's duty, on a legal ground; the clock keeps running
#[utoipa::path(tag = "work orders", operation_id = "request_order_return", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The work order")),
    responses((status = 200, description = "Waiting for a dispatcher", body = CaseStepView)))]
#[post("/api/v1/staff/orders/{id}/return")]
pub(crate) async fn request_order_return(
    services: Given,
    staff: Staff,
    context: RequestContext,
    order: web::Path<OrderId>,
    request: web::Json<LegalBasisRequest>,
) -> Answer {
    let outcome = usecase::request_return(
        &services,
        &Actor::Staff(staff.0),
        &context,
        order.0,
        &request.legal_basis,
        request.reason.as_deref(),
    )
    .await?;
    Ok(stepped(&services, &outcome))
}
