//! Asking for more time.

use actix_web::{post, web};
use shared::{contract::supervision::PostponeRequest, domain::id::SupervisionId};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::answer::{Answer, Given, done},
    usecases::supervisions::postpone as usecase,
};

/// Asks for more time, once; another supervisor decides
#[utoipa::path(tag = "supervision", operation_id = "ask_postponement", security(("bearer" = [])),
    params(("id" = SupervisionId, Path, description = "The supervision")),
    responses((status = 204, description = "Asked for")))]
#[post("/api/v1/staff/supervisions/{id}/postponement")]
pub(crate) async fn ask_postponement(
    services: Given,
    staff: Staff,
    context: RequestContext,
    id: web::Path<SupervisionId>,
    request: web::Json<PostponeRequest>,
) -> Answer {
    let (days, reason) = (request.working_days, &request.reason);
    usecase::ask_postponement(&services, &Actor::Staff(staff.0), &context, id.0, days, reason).await?;
    done()
}
