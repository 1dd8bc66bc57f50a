//! Giving no more time.

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
    usecases::cases::extension as usecase,
};

/// Leaves the limit of an order as it is
#[utoipa::path(tag = "work orders", operation_id = "deny_extension", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The work order")),
    responses((status = 200, description = "The limit stays", body = CaseStepView)))]
#[post("/api/v1/staff/orders/{id}/extension-refusal")]
pub(crate) async fn deny_extension(
    services: Given,
    staff: Staff,
    context: RequestContext,
    order: web::Path<OrderId>,
    request: web::Json<ReasonRequest>,
) -> Answer {
    let outcome =
        usecase::deny_extension(&services, &Actor::Staff(staff.0), &context, order.0, &request.reason).await?;
    Ok(stepped(&services, &outcome))
}
