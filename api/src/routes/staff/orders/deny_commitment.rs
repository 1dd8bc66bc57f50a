//! Not letting a unit promise.

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
    usecases::cases::commitment as usecase,
};

/// Does not let the unit promise; its limit stays
#[utoipa::path(tag = "work orders", operation_id = "deny_commitment", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The work order")),
    responses((status = 200, description = "The limit stays", body = CaseStepView)))]
#[post("/api/v1/staff/orders/{id}/commitment-refusal")]
pub(crate) async fn deny_commitment(
    services: Given,
    staff: Staff,
    context: RequestContext,
    order: web::Path<OrderId>,
    request: web::Json<ReasonRequest>,
) -> Answer {
    let outcome =
        usecase::deny_commitment(&services, &Actor::Staff(staff.0), &context, order.0, &request.reason).await?;
    Ok(stepped(&services, &outcome))
}
