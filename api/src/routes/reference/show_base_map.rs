//! What lies under the maps of the pages.

use actix_web::{HttpRequest, HttpResponse, get, http::header, web};
use shared::contract::reference::BaseMapView;

use super::{Keeper, kept};
use crate::{
    routes::answer::{Answer, Given},
    views,
};

/// A tile changes with the source, not with us.
const FOR_A_WEEK: &str = "public, max-age=604800";

/// The base map of the pages: none, or tiles with the datum to draw in and the words that must be shown beside it
#[utoipa::path(tag = "reference", operation_id = "show_base_map", security(()), responses(
    (status = 200, description = "The base map", body = BaseMapView),
    (status = 304, description = "The client has it")))]
#[get("/api/v1/base-map")]
pub(crate) async fn show_base_map(services: Given, request: HttpRequest) -> Answer {
    kept(&request, Keeper::Anybody, &views::reference::base_map(&services))
}

/// A tile of the base map, kept here for a while: only of the city and what is around it
#[utoipa::path(tag = "reference", operation_id = "show_tile", security(()),
    params(("z" = u8, Path, description = "Zoom"), ("x" = u32, Path, description = "Column from the west"),
        ("y" = u32, Path, description = "Row from the north")),
    responses((status = 200, description = "A picture", content(
        (Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/webp"))))
)]
#[get("/api/v1/tiles/{z}/{x}/{y}")]
pub(crate) async fn show_tile(services: Given, place: web::Path<(u8, u32, u32)>) -> Answer {
    let (zoom, x, y) = place.into_inner();
    let picture = views::reference::tile(&services, zoom, x, y).await?;
    Ok(HttpResponse::Ok()
        .content_type(picture.content_type)
        .insert_header((header::CACHE_CONTROL, FOR_A_WEEK))
        .body(picture.bytes))
}
