//! What waits for a moderator.

use actix_web::{get, web};
use shared::contract::{
    moderation::ModerationEntry,
    paging::{PageQuery, PageView},
};

use crate::{
    access::{Actor, extractor::Staff},
    routes::answer::{Answer, Given, ok},
    views::staff::moderation::list_to_moderate as view,
};

/// Public cases with words or photos that wait for a moderator, oldest first
#[utoipa::path(tag = "moderation", operation_id = "list_cases_to_moderate", security(("bearer" = [])),
    params(PageQuery), responses((status = 200, description = "A page", body = PageView<ModerationEntry>)))]
#[get("/api/v1/staff/moderation")]
pub(crate) async fn list_to_moderate(services: Given, staff: Staff, page: web::Query<PageQuery>) -> Answer {
    ok(view(&services, &Actor::Staff(staff.0), &page).await?)
}
