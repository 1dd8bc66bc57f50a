//! Reading a photograph as it was taken.

use actix_web::{get, web};
use shared::domain::id::PhotoId;

use super::picture;
use crate::{
    access::Actor,
    access::{RequestContext, extractor::Staff},
    routes::answer::{Answer, Given},
    usecases::photos::read_original,
};

/// The photograph as it was taken, to be saved
///
/// For moderators, reviewers, hotline supervisors and discipline officers whose grants reach its case; each reading is
/// written down.
#[utoipa::path(tag = "photos", operation_id = "download_original_photo", security(("bearer" = [])),
    params(("id" = PhotoId, Path, description = "The photograph")),
    responses((status = 200, description = "The file", body = Vec<u8>, content_type = "application/octet-stream")))]
#[get("/api/v1/photos/{id}/original")]
pub(crate) async fn download_original(
    services: Given,
    caller: Staff,
    context: RequestContext,
    id: web::Path<PhotoId>,
) -> Answer {
    let original = read_original(&services, &Actor::Staff(caller.0), &context, id.0).await?;
    let ending = original.content_type.rsplit('/').next().unwrap_or("bin");
    let name = format!("attachment; filename=\"photo-{}.{ending}\"", id.0);
    Ok(picture(original.bytes, &original.content_type, &name))
}
