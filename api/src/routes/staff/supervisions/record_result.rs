//! How a supervision ended.

use actix_web::{post, web};
use shared::{contract::supervision::RecordResultRequest, domain::id::SupervisionId};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::answer::{Answer, Given, done},
    usecases::supervisions::record_result as usecase,
};

/// Says how a supervision ended; failed hands the matter to the next tier
#[utoipa::path(tag = "supervision", operation_id = "record_result", security(("bearer" = [])),
    params(("id" = SupervisionId, Path, description = "The supervision")),
    responses((status = 204, description = "Ended")))]
#[post("/api/v1/staff/supervisions/{id}/result")]
pub(crate) async fn record_result(
    services: Given,
    staff: Staff,
    context: RequestContext,
    id: web::Path<SupervisionId>,
    request: web::Json<RecordResultRequest>,
) -> Answer {
    let (result, text) = (request.result, &request.text);
    usecase::record_result(&services, &Actor::Staff(staff.0), &context, id.0, result, text).await?;
    done()
}
