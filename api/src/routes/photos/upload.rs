//! Sending a photograph.

use actix_web::{HttpRequest, post, web};
use serde::Deserialize;
use shared::{contract::photo::PhotoView, domain::photo::PhotoHash};
use utoipa::IntoParams;

use super::{receive::receive, view};
use crate::{
    access::{RequestContext, extractor::SignedIn},
    errors::Failure,
    routes::answer::{Answer, Given, created, ok},
    usecases::photos::upload_photo,
};

/// What the sender says about the bytes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct UploadQuery {
    /// SHA-256 of the bytes, 64 hexadecimal digits; other bytes are refused. Also as header `X-Content-SHA256`.
    sha256: Option<String>,
}

/// Sends one photograph, as the body itself or as the only file of a form
///
/// JPEG, PNG or WebP by content, at most 25 MB. The same bytes from the same account are one photograph: sent again, the
/// answer is 200 with the first. Reports and replies name photographs by their SHA-256, before or after they are sent.
/// What no report names within a day is removed.
#[utoipa::path(tag = "photos", operation_id = "upload_photo", security(("bearer" = [])), params(UploadQuery),
    request_body(description = "The picture", content(
        (Vec<u8> = "application/octet-stream"), (Vec<u8> = "image/jpeg"), (Vec<u8> = "multipart/form-data"))),
    responses(
        (status = 201, description = "Received", body = PhotoView),
        (status = 200, description = "It was here already", body = PhotoView)))]
#[post("/api/v1/photos")]
pub(crate) async fn upload(
    services: Given,
    caller: SignedIn,
    context: RequestContext,
    query: web::Query<UploadQuery>,
    request: HttpRequest,
    body: web::Payload,
) -> Answer {
    let announced = announced_hash(&request, query.sha256.as_deref())?;
    let received = receive(&services.photos, &request, body).await?;
    let photo = upload_photo(&services, &caller.0, &context, received, announced).await?;
    if photo.new {
        created(view(&photo))
    } else {
        ok(view(&photo))
    }
}

fn announced_hash(request: &HttpRequest, in_query: Option<&str>) -> Result<Option<PhotoHash>, Failure> {
    let header = request.headers().get("X-Content-SHA256");
    let in_header = header.map(|value| value.to_str().unwrap_or_default());
    in_header
        .or(in_query)
        .map(|text| {
            text.parse()
                .map_err(|_| Failure::invalid("sha256", "64 位十六进制的 SHA-256"))
        })
        .transpose()
}
