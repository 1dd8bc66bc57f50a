//! A tier's list.

use actix_web::{get, web};
use shared::contract::{
    paging::PageView,
    supervision::{SupervisionEntryView, SupervisionsQuery},
};

use crate::{
    access::extractor::Staff,
    routes::answer::{Answer, Given, ok},
    views::staff::supervisions as view,
};

/// The open supervisions of a tier that the caller holds, oldest first
#[utoipa::path(tag = "supervision", operation_id = "list_supervisions", security(("bearer" = [])),
    params(SupervisionsQuery),
    responses((status = 200, description = "A page", body = PageView<SupervisionEntryView>)))]
#[get("/api/v1/staff/supervisions")]
pub(crate) async fn list_supervisions(services: Given, staff: Staff, query: web::Query<SupervisionsQuery>) -> Answer {
    ok(view::list(&services, &staff.0, &query).await?)
}
