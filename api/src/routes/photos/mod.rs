//! Photographs: sent, looked at, removed.

pub(crate) mod original;
mod receive;
pub(crate) mod remove;
pub(crate) mod rendition;
pub(crate) mod upload;

use actix_web::HttpResponse;
use shared::{
    contract::photo::{PhotoHintsView, PhotoView},
    domain::id::PhotoId,
};

use crate::usecases::photos::UploadedPhoto;

fn view(photo: &UploadedPhoto) -> PhotoView {
    let side = |pixels: i64| u32::try_from(pixels).unwrap_or(u32::MAX);
    PhotoView {
        id: PhotoId(photo.row.id),
        sha256: photo.row.sha256.clone(),
        width: side(photo.row.width),
        height: side(photo.row.height),
        attached: photo.row.attached,
        hints: PhotoHintsView {
            latitude: photo.hints.latitude,
            longitude: photo.hints.longitude,
            taken_at: photo.hints.taken_at,
            in_city: photo.in_city,
        },
        display_url: format!("/api/v1/photos/{}/display", photo.row.id),
        thumbnail_url: format!("/api/v1/photos/{}/thumbnail", photo.row.id),
    }
}

/// A picture, of the type that we say and no other.
fn picture(bytes: Vec<u8>, content_type: &str, disposition: &str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(content_type)
        .insert_header(("Content-Disposition", disposition))
        .insert_header(("X-Content-Type-Options", "nosniff"))
        .insert_header(("Cache-Control", "private, max-age=600"))
        .body(bytes)
}
