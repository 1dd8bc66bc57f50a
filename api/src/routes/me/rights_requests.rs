//! Requests to see, correct or delete own data.

use actix_web::{get, post, web};
use shared::{
    contract::rights::{AskRightsRequest, RightsRequestView},
    domain::id::RightsRequestId,
};

use crate::{
    access::{
        RequestContext,
        extractor::{Resident, ResidentUnsettled},
    },
    errors::Failure,
    routes::answer::{Answer, Given, created, ok},
    usecases::me::rights_requests as usecase,
    views,
};

/// Asks to see, correct or delete own data; the privacy officer answers within the working days that the law gives
#[utoipa::path(tag = "me", operation_id = "ask_rights_request", security(("bearer" = [])),
    responses((status = 201, description = "On the list", body = RightsRequestView)))]
#[post("/api/v1/me/rights-requests")]
pub(crate) async fn ask_rights_request(
    services: Given,
    resident: ResidentUnsettled,
    context: RequestContext,
    request: web::Json<AskRightsRequest>,
) -> Answer {
    let asked = usecase::ask(&services, &context, resident.0.clone(), request.kind, &request.text).await?;
    let own = views::me::rights_requests(&services, &resident.0).await?;
    let made = own.into_iter().find(|one| one.id == RightsRequestId(asked));
    created(made.ok_or_else(|| Failure::internal("a request that was just made is not there"))?)
}

/// The own requests, newest first, at most fifty
#[utoipa::path(tag = "me", operation_id = "list_own_rights_requests", security(("bearer" = [])),
    responses((status = 200, description = "The requests and their answers", body = Vec<RightsRequestView>)))]
#[get("/api/v1/me/rights-requests")]
pub(crate) async fn list_own_rights_requests(services: Given, resident: Resident) -> Answer {
    ok(views::me::rights_requests(&services, &resident.0).await?)
}
