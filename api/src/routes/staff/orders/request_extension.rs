//! Asking for more time.

use actix_web::{post, web};
use shared::{
    contract::staff_case::{CaseStepView, ExtensionRequest},
    domain::id::OrderId,
};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        staff::stepped,
    },
    usecases::cases::extension as usecase,
};

/// Asks for more time to handle an order, before its limit
#[utoipa::path(tag = "work orders", operation_id = "request_extension", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The work order")),
    responses((status = 200, description = "Waiting for the decision; the limit stays", body = CaseStepView)))]
#[post("/api/v1/staff/orders/{id}/extension")]
pub(crate) async fn request_extension(
    services: Given,
    staff: Staff,
    context: RequestContext,
    order: web::Path<OrderId>,
    request: web::Json<ExtensionRequest>,
) -> Answer {
    let request = request.into_inner();
    let outcome = usecase::request_extension(
        &services,
        &Actor::Staff(staff.0),
        &context,
        order.0,
        request.working_days,
        &request.reason,
    )
    .await?;
    Ok(stepped(&services, &outcome))
}
