//! Asking to promise.

use actix_web::{post, web};
use shared::{
    contract::staff_case::{CaseStepView, CommitmentRequest},
    domain::id::OrderId,
};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        staff::stepped,
    },
    usecases::cases::commitment::{self as usecase, Promise},
};

/// Asks to promise a day, with steps on the way, for what cannot be done within the limit
#[utoipa::path(tag = "work orders", operation_id = "request_commitment", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The work order")),
    responses((status = 200, description = "Waiting for the government inspector; the limit stays", body = CaseStepView)))]
#[post("/api/v1/staff/orders/{id}/commitment")]
pub(crate) async fn request_commitment(
    services: Given,
    staff: Staff,
    context: RequestContext,
    order: web::Path<OrderId>,
    request: web::Json<CommitmentRequest>,
) -> Answer {
    let request = request.into_inner();
    let promise = Promise {
        day: request.promised_day,
        milestones: request.milestones,
        reason: request.reason,
    };
    let outcome = usecase::request_commitment(&services, &Actor::Staff(staff.0), &context, order.0, promise).await?;
    Ok(stepped(&services, &outcome))
}
