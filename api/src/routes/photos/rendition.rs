//! Looking at a photograph.

use actix_web::{get, web};
use shared::domain::id::PhotoId;

use super::picture;
use crate::{
    access::extractor::SignedIn,
    routes::answer::{Answer, Given},
    views::photos::rendition::{Rendition, read_rendition},
};

/// The photograph for the screen
///
/// For its sender, the requester of the case that shows it, and staff who work on that case. Nothing that the camera wrote
/// is left in it.
#[utoipa::path(tag = "photos", operation_id = "show_photo", security(("bearer" = [])),
    params(("id" = PhotoId, Path, description = "The photograph")),
    responses((status = 200, description = "At most 1600 pixels a side", body = Vec<u8>, content_type = "image/jpeg")))]
#[get("/api/v1/photos/{id}/display")]
pub(crate) async fn show_display(services: Given, caller: SignedIn, id: web::Path<PhotoId>) -> Answer {
    let bytes = read_rendition(&services, &caller.0, id.0, Rendition::Display).await?;
    Ok(picture(bytes, "image/jpeg", "inline"))
}

/// The photograph for lists
#[utoipa::path(tag = "photos", operation_id = "show_photo_thumbnail", security(("bearer" = [])),
    params(("id" = PhotoId, Path, description = "The photograph")),
    responses((status = 200, description = "At most 320 pixels a side", body = Vec<u8>, content_type = "image/jpeg")))]
#[get("/api/v1/photos/{id}/thumbnail")]
pub(crate) async fn show_thumbnail(services: Given, caller: SignedIn, id: web::Path<PhotoId>) -> Answer {
    let bytes = read_rendition(&services, &caller.0, id.0, Rendition::Thumbnail).await?;
    Ok(picture(bytes, "image/jpeg", "inline"))
}
