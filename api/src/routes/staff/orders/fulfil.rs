//! Reporting a promise as kept.

use actix_web::{post, web};
use shared::{
    contract::staff_case::{CaseStepView, SubmitReplyRequest},
    domain::id::OrderId,
};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        staff::{orders::submit_reply::reply, stepped},
    },
    usecases::cases::fulfil as usecase,
};

/// Reports that the promise was kept, as a reply with its evidence
#[utoipa::path(tag = "work orders", operation_id = "fulfil_commitment", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The work order")),
    responses((status = 200, description = "Waiting for a reviewer", body = CaseStepView)))]
#[post("/api/v1/staff/orders/{id}/fulfilment")]
pub(crate) async fn fulfil_commitment(
    services: Given,
    staff: Staff,
    context: RequestContext,
    order: web::Path<OrderId>,
    request: web::Json<SubmitReplyRequest>,
) -> Answer {
    let outcome = usecase::fulfil_commitment(
        &services,
        &Actor::Staff(staff.0),
        &context,
        order.0,
        reply(request.into_inner()),
    )
    .await?;
    Ok(stepped(&services, &outcome))
}
