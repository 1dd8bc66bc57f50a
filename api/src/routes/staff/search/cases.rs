//! Searching all words of the cases within one's reach.

use actix_web::{get, web};
use shared::contract::{
    moderation::{FoundCaseView, StaffSearchQuery},
    paging::PageView,
};

use crate::{
    access::{Actor, extractor::Staff},
    routes::answer::{Answer, Given, ok},
    views::staff::search::search_cases as view,
};

/// Cases that hold certain words, newest first
///
/// Title, text and replies of the cases that a role of the caller's reaches. A page may be short and still have a `next`.
#[utoipa::path(tag = "staff cases", operation_id = "search_cases", security(("bearer" = [])),
    params(StaffSearchQuery), responses((status = 200, description = "A page", body = PageView<FoundCaseView>)))]
#[get("/api/v1/staff/search")]
pub(crate) async fn search_cases(services: Given, staff: Staff, query: web::Query<StaffSearchQuery>) -> Answer {
    ok(view(&services, &Actor::Staff(staff.0), query.into_inner()).await?)
}
