//! The county outlines for maps.

use actix_web::{HttpRequest, get};

use super::{Keeper, kept_bytes};
use crate::routes::answer::{Answer, Given};

/// The outlines of the counties as `GeoJSON`; `about` holds the source and the map's review number, to be shown with them
#[utoipa::path(tag = "reference", operation_id = "show_outlines", security(()), responses(
    (status = 200, description = "A FeatureCollection in WGS-84", content_type = "application/geo+json"),
    (status = 304, description = "The client has it")))]
#[get("/api/v1/outlines")]
pub(crate) async fn show_outlines(services: Given, request: HttpRequest) -> Answer {
    let text = services.city().outlines.text.clone().into_bytes();
    Ok(kept_bytes(&request, Keeper::Anybody, "application/geo+json", text))
}
