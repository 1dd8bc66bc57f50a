//! Deciding about a sign.

use actix_web::{post, web};
use shared::{contract::integrity::DecideFlagRequest, domain::id::FlagId};

use crate::{
    access::{Actor, RequestContext, extractor::Staff},
    routes::answer::{Answer, Given, done},
    usecases::flags::decide as usecase,
};

/// Says whether a sign was what it looked like; confirmed false closing or pressure goes to the fifth tier
#[utoipa::path(tag = "supervision", operation_id = "decide_flag", security(("bearer" = [])),
    params(("id" = FlagId, Path, description = "The flag")),
    responses((status = 204, description = "Decided")))]
#[post("/api/v1/staff/flags/{id}/decision")]
pub(crate) async fn decide_flag(
    services: Given,
    staff: Staff,
    context: RequestContext,
    id: web::Path<FlagId>,
    request: web::Json<DecideFlagRequest>,
) -> Answer {
    let (decision, reason) = (request.decision, &request.reason);
    usecase::decide_flag(&services, &Actor::Staff(staff.0), &context, id.0, decision, reason).await?;
    done()
}
