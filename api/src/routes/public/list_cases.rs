//! Listing and searching public cases.

use actix_web::{HttpRequest, get, web};
use shared::contract::{
    paging::PageView,
    public_case::{PublicCaseSummary, PublicCasesQuery},
};

use super::kept;
use crate::{
    routes::answer::{Answer, Given},
    views::public::list_public_cases as view,
};

/// Public cases, newest first
///
/// By county, category and status, or by words among those that were released. With several conditions a page may be short, even
/// empty, and still have a `next`.
#[utoipa::path(tag = "public", operation_id = "list_public_cases", security(()), params(PublicCasesQuery),
    responses((status = 200, description = "A page", body = PageView<PublicCaseSummary>)))]
#[get("/api/v1/public/cases")]
pub(crate) async fn list_public_cases(
    services: Given,
    request: HttpRequest,
    query: web::Query<PublicCasesQuery>,
) -> Answer {
    kept(&request, &view(&services, query.into_inner()).await?)
}
