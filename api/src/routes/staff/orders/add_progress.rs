//! Adding progress.

use actix_web::{post, web};
use shared::{
    contract::staff_case::{AddProgressRequest, CaseStepView},
    domain::id::OrderId,
};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::{
        answer::{Answer, Given},
        staff::stepped,
    },
    usecases::cases::add_progress::{self as usecase, AddProgress},
};

/// Adds to what is known of the work, for the requester or for colleagues
#[utoipa::path(tag = "work orders", operation_id = "add_progress", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The work order")),
    responses((status = 200, description = "Added", body = CaseStepView)))]
#[post("/api/v1/staff/orders/{id}/progress")]
pub(crate) async fn add_progress(
    services: Given,
    staff: Staff,
    context: RequestContext,
    order: web::Path<OrderId>,
    request: web::Json<AddProgressRequest>,
) -> Answer {
    let request = request.into_inner();
    let progress = AddProgress {
        text: request.text,
        public: request.public,
        photos: request.photos,
    };
    let outcome = usecase::add_progress(&services, &Actor::Staff(staff.0), &context, order.0, progress).await?;
    Ok(stepped(&services, &outcome))
}
