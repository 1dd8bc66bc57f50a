//! The privacy officer's queue: residents' requests about their data.

use actix_web::{get, post, web};
use shared::{
    contract::rights::{AnswerRightsRequest, OpenRightsRequestView},
    domain::id::RightsRequestId,
};

use crate::{
    access::{RequestContext, extractor::Staff},
    routes::answer::{Answer, Given, done, ok},
    usecases::me::rights_requests as usecase,
    views,
};

/// Open requests about personal data, the soonest due first, at most two hundred
#[utoipa::path(tag = "privacy", operation_id = "list_rights_requests", security(("bearer" = [])),
    responses((status = 200, description = "The requests", body = Vec<OpenRightsRequestView>)))]
#[get("/api/v1/staff/rights-requests")]
pub(crate) async fn list_rights_requests(services: Given, staff: Staff) -> Answer {
    ok(views::me::open_rights_requests(&services, &staff.0).await?)
}

/// Answers a request about personal data; the person reads the words in the inbox
#[utoipa::path(tag = "privacy", operation_id = "answer_rights_request", security(("bearer" = [])),
    params(("id" = RightsRequestId, Path, description = "The request")),
    responses((status = 204, description = "Answered")))]
#[post("/api/v1/staff/rights-requests/{id}/answer")]
pub(crate) async fn answer_rights_request(
    services: Given,
    staff: Staff,
    context: RequestContext,
    id: web::Path<RightsRequestId>,
    request: web::Json<AnswerRightsRequest>,
) -> Answer {
    usecase::answer(&services, &context, staff.0, id.0, request.outcome, &request.answer).await?;
    done()
}
