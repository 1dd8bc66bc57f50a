//! Signing for an order.

use actix_web::{post, web};
use shared::{contract::staff_case::CaseStepView, domain::id::OrderId};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        staff::stepped,
    },
    usecases::cases::sign_for as usecase,
};

/// Signs for an order of the unit
#[utoipa::path(tag = "work orders", operation_id = "sign_for_order", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The work order")),
    responses((status = 200, description = "In handling", body = CaseStepView)))]
#[post("/api/v1/staff/orders/{id}/sign-for")]
pub(crate) async fn sign_for_order(
    services: Given,
    staff: Staff,
    context: RequestContext,
    order: web::Path<OrderId>,
) -> Answer {
    let outcome = usecase::sign_for_order(&services, &Actor::Staff(staff.0), &context, order.0).await?;
    Ok(stepped(&services, &outcome))
}
