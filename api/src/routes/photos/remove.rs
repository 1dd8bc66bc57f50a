//! Removing a photograph.

use actix_web::{delete, web};
use shared::domain::id::PhotoId;

use crate::{
    access::{RequestContext, extractor::SignedIn},
    routes::answer::{Answer, Given, done},
    usecases::photos::remove_photo,
};

/// Removes a photograph that no report and no reply names, by its sender
#[utoipa::path(tag = "photos", operation_id = "remove_photo", security(("bearer" = [])),
    params(("id" = PhotoId, Path, description = "The photograph")),
    responses((status = 204, description = "Removed")))]
#[delete("/api/v1/photos/{id}")]
pub(crate) async fn remove(
    services: Given,
    caller: SignedIn,
    context: RequestContext,
    id: web::Path<PhotoId>,
) -> Answer {
    remove_photo(&services, &caller.0, &context, id.0).await?;
    done()
}
