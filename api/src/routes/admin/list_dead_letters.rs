//! Listing messages that were given up.

use actix_web::{get, web};
use shared::contract::{
    dead_letter::DeadLetterView,
    paging::{PageQuery, PageView},
};

use crate::{
    access::extractor::Staff,
    routes::answer::{Answer, Given, ok},
    views::dead_letters as view,
};

/// Messages that were given up, oldest first; no text, and of a number its ends alone
#[utoipa::path(tag = "operating", operation_id = "list_dead_letters", security(("bearer" = [])),
    params(PageQuery), responses((status = 200, description = "A page", body = PageView<DeadLetterView>)))]
#[get("/api/v1/admin/outbox/dead-letters")]
pub(crate) async fn list_dead_letters(services: Given, staff: Staff, page: web::Query<PageQuery>) -> Answer {
    ok(view::list(&services, &staff.0, &page).await?)
}
