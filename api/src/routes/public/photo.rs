//! A released photo's file.

use actix_web::{HttpRequest, get, web};

use super::kept_bytes;
use crate::{
    routes::answer::{Answer, Given},
    views::public::{PublicRendition, public_photo},
};

/// A released photo
///
/// Without anything that the camera wrote, and unrecognisable where the moderator said so.
#[utoipa::path(tag = "public", operation_id = "show_public_photo", security(()),
    params(("id" = String, Path, description = "The photo, as the case names it"),
        ("rendition" = String, Path, description = "`display`, at most 1600 pixels a side, or `thumbnail`, at most 320")),
    responses((status = 200, description = "The picture", body = Vec<u8>, content_type = "image/jpeg")))]
#[get("/api/v1/public/photos/{id}/{rendition}")]
pub(crate) async fn show_public_photo(
    services: Given,
    request: HttpRequest,
    path: web::Path<(i64, PublicRendition)>,
) -> Answer {
    let (id, rendition) = path.into_inner();
    let bytes = public_photo(&services, id, rendition).await?;
    Ok(kept_bytes(&request, bytes, "image/jpeg"))
}
