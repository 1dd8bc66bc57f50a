//! Consenting to more time, or not.

use actix_web::{post, web};
use shared::{contract::supervision::DecidePostponementRequest, domain::id::SupervisionId};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::answer::{Answer, Given, done},
    usecases::supervisions::postpone as usecase,
};

/// Decides as a second person whether there is more time
#[utoipa::path(tag = "supervision", operation_id = "decide_postponement", security(("bearer" = [])),
    params(("id" = SupervisionId, Path, description = "The supervision")),
    responses((status = 204, description = "Decided")))]
#[post("/api/v1/staff/supervisions/{id}/postponement-decision")]
pub(crate) async fn decide_postponement(
    services: Given,
    staff: Staff,
    context: RequestContext,
    id: web::Path<SupervisionId>,
    request: web::Json<DecidePostponementRequest>,
) -> Answer {
    let (granted, reason) = (request.granted, &request.reason);
    usecase::decide_postponement(&services, &Actor::Staff(staff.0), &context, id.0, granted, reason).await?;
    done()
}
