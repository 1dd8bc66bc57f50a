//! The own cases and those followed.

use actix_web::{get, web};
use shared::contract::{
    case::OwnCaseSummary,
    paging::{PageQuery, PageView},
    public_case::PublicCaseSummary,
};

use crate::{
    access::extractor::Resident,
    routes::answer::{Answer, Given, ok},
    views,
};

/// The own cases, newest first
#[utoipa::path(tag = "me", operation_id = "list_own_cases", security(("bearer" = [])),
    params(PageQuery), responses((status = 200, description = "A page", body = PageView<OwnCaseSummary>)))]
#[get("/api/v1/me/cases")]
pub(crate) async fn list_own_cases(services: Given, resident: Resident, page: web::Query<PageQuery>) -> Answer {
    ok(views::cases::list_own_cases(&services, &resident.0, &page).await?)
}

/// The public cases that are followed, newest case first
#[utoipa::path(tag = "me", operation_id = "list_followed_cases", security(("bearer" = [])),
    params(PageQuery), responses((status = 200, description = "A page", body = PageView<PublicCaseSummary>)))]
#[get("/api/v1/me/follows")]
pub(crate) async fn list_followed_cases(services: Given, resident: Resident, page: web::Query<PageQuery>) -> Answer {
    ok(views::cases::list_followed(&services, &resident.0, &page).await?)
}
