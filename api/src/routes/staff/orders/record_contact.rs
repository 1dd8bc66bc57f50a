//! Recording the first contact.

use actix_web::{post, web};
use shared::{
    contract::staff_case::{CaseStepView, RecordContactRequest},
    domain::id::OrderId,
};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        staff::stepped,
    },
    usecases::cases::record_contact as usecase,
};

/// Records the first contact with the requester
#[utoipa::path(tag = "work orders", operation_id = "record_contact", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The work order")),
    responses((status = 200, description = "Recorded", body = CaseStepView)))]
#[post("/api/v1/staff/orders/{id}/contact")]
pub(crate) async fn record_contact(
    services: Given,
    staff: Staff,
    context: RequestContext,
    order: web::Path<OrderId>,
    request: web::Json<RecordContactRequest>,
) -> Answer {
    let outcome = usecase::record_contact(
        &services,
        &Actor::Staff(staff.0),
        &context,
        order.0,
        request.how.as_str(),
        &request.note,
    )
    .await?;
    Ok(stepped(&services, &outcome))
}
