//! Finding a place by words or by a point. Both stand before `/regions/{code}` in the route table: the first match answers.

use actix_web::{HttpRequest, get, web};
use shared::contract::reference::{NearQuery, NearView, RegionSearchQuery, RegionsView};

use super::{Keeper, kept};
use crate::{
    routes::answer::{Answer, Given},
    views::reference as views,
};

/// Places by name, with or without county and township before it
#[utoipa::path(tag = "reference", operation_id = "search_regions", security(()), params(RegionSearchQuery), responses(
    (status = 200, description = "Best first", body = RegionsView),
    (status = 304, description = "The client has it")))]
#[get("/api/v1/regions/search")]
pub(crate) async fn search_regions(
    services: Given,
    request: HttpRequest,
    query: web::Query<RegionSearchQuery>,
) -> Answer {
    let today = services.now().city_date();
    kept(
        &request,
        Keeper::Client,
        &views::search_regions(&services.city(), today, &query)?,
    )
}

/// The county of a point and the known places around it
#[utoipa::path(tag = "reference", operation_id = "locate_point", security(()), params(NearQuery), responses(
    (status = 200, description = "What lies there; whether it is in the city at all", body = NearView),
    (status = 304, description = "The client has it")))]
#[get("/api/v1/regions/near")]
pub(crate) async fn locate_point(services: Given, request: HttpRequest, query: web::Query<NearQuery>) -> Answer {
    let today = services.now().city_date();
    kept(&request, Keeper::Client, &views::near(&services.city(), today, &query)?)
}
