//! Reporting a step of a promise.

use actix_web::{post, web};
use shared::{
    contract::staff_case::{CaseStepView, ReachMilestoneRequest},
    domain::id::OrderId,
};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        staff::stepped,
    },
    usecases::cases::reach_milestone::{self as usecase, ReachMilestone},
};

/// Reports a step of the promise as reached; the requester reads it
#[utoipa::path(tag = "work orders", operation_id = "reach_milestone", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The work order")),
    responses((status = 200, description = "Reported; the promised day stays", body = CaseStepView)))]
#[post("/api/v1/staff/orders/{id}/milestone")]
pub(crate) async fn reach_milestone(
    services: Given,
    staff: Staff,
    context: RequestContext,
    order: web::Path<OrderId>,
    request: web::Json<ReachMilestoneRequest>,
) -> Answer {
    let request = request.into_inner();
    let report = ReachMilestone {
        milestone: request.milestone,
        text: request.text,
        photos: request.photos,
    };
    let outcome = usecase::reach_milestone(&services, &Actor::Staff(staff.0), &context, order.0, report).await?;
    Ok(stepped(&services, &outcome))
}
