//! The tree of places.

use actix_web::{HttpRequest, get, web};
use shared::contract::reference::{RegionDetailView, RegionsQuery, RegionsView};

use super::{Keeper, kept};
use crate::{
    routes::answer::{Answer, Given},
    views::reference as views,
};

/// The places directly below a region
#[utoipa::path(tag = "reference", operation_id = "list_regions", security(()), params(RegionsQuery), responses(
    (status = 200, description = "In the table's order", body = RegionsView),
    (status = 304, description = "The client has it")))]
#[get("/api/v1/regions")]
pub(crate) async fn list_regions(services: Given, request: HttpRequest, query: web::Query<RegionsQuery>) -> Answer {
    let today = services.now().city_date();
    kept(
        &request,
        Keeper::Anybody,
        &views::regions(&services.city(), today, query.parent.as_deref())?,
    )
}

/// One place with those around it
#[utoipa::path(tag = "reference", operation_id = "show_region", security(()),
    params(("code" = String, Path, description = "The region's code")), responses(
    (status = 200, description = "The place", body = RegionDetailView),
    (status = 304, description = "The client has it")))]
#[get("/api/v1/regions/{code}")]
pub(crate) async fn show_region(services: Given, request: HttpRequest, code: web::Path<String>) -> Answer {
    kept(&request, Keeper::Anybody, &views::region(&services.city(), &code)?)
}
