//! Giving more time.

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

/// Gives the time that was asked for; the requester reads the reason
#[utoipa::path(tag = "work orders", operation_id = "approve_extension", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The work order")),
    responses((status = 200, description = "The limit is extended", body = CaseStepView)))]
#[post("/api/v1/staff/orders/{id}/extension-approval")]
pub(crate) async fn approve_extension(
    services: Given,
    staff: Staff,
    context: RequestContext,
    order: web::Path<OrderId>,
    request: web::Json<ReasonRequest>,
) -> Answer {
    let outcome =
        usecase::approve_extension(&services, &Actor::Staff(staff.0), &context, order.0, &request.reason).await?;
    Ok(stepped(&services, &outcome))
}
