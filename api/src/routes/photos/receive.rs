//! Reads an upload's body into a temporary file, whether the picture is the body or the one file of a form.

use std::time::Duration;

use actix_multipart::{Multipart, MultipartError};
use actix_web::{HttpRequest, error::PayloadError, http::header, web};
use futures_util::{Stream, StreamExt};
use shared::contract::problem::ProblemCode;

use crate::{
    errors::Failure,
    photos::{IncomingPhoto, PhotoWorkshop, ReceivedPhoto},
};

/// What a form may have around its file.
const FORM_BYTES: u64 = 64 * 1024;
/// How long the next piece of a body may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Reads the picture that the request brings.
///
/// # Errors
/// `PhotoTooLarge` as early as it is known; `UnsupportedMediaType`; `Malformed` for a form without exactly one file, and for
/// a body that breaks off.
pub(super) async fn receive(
    photos: &PhotoWorkshop,
    request: &HttpRequest,
    body: web::Payload,
) -> Result<ReceivedPhoto, Failure> {
    let kind = content_type(request);
    let in_form = kind == "multipart/form-data";
    if !in_form && kind != "application/octet-stream" && !kind.starts_with("image/") {
        return Err(ProblemCode::UnsupportedMediaType.into());
    }
    let around = if in_form { FORM_BYTES } else { 0 };
    if announced_length(request).is_some_and(|length| length > photos.limits().file_bytes + around) {
        return Err(ProblemCode::PhotoTooLarge.into());
    }
    if in_form {
        read_form(photos.receive(), Multipart::new(request.headers(), body)).await
    } else {
        read_all(photos.receive(), body.map(|piece| piece.map_err(broken))).await
    }
}

fn content_type(request: &HttpRequest) -> String {
    let value = request.headers().get(header::CONTENT_TYPE);
    let text = value.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = text.split(';').next().unwrap_or_default();
    kind.trim().to_ascii_lowercase()
}

fn announced_length(request: &HttpRequest) -> Option<u64> {
    request
        .headers()
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

async fn read_form(incoming: IncomingPhoto, mut form: Multipart) -> Result<ReceivedPhoto, Failure> {
    let first = next(&mut form).await?.ok_or_else(|| not_one_file("no file"))?;
    let field = first.map_err(|error| broken_form(&error))?;
    let received = read_all(incoming, field.map(|piece| piece.map_err(|error| broken_form(&error)))).await?;
    match next(&mut form).await? {
        None => Ok(received),
        Some(_) => Err(not_one_file("more than one field")),
    }
}

async fn read_all<B: AsRef<[u8]>>(
    mut incoming: IncomingPhoto,
    body: impl Stream<Item = Result<B, Failure>>,
) -> Result<ReceivedPhoto, Failure> {
    let mut body = std::pin::pin!(body);
    while let Some(piece) = next(&mut body).await? {
        incoming = incoming.take(piece?.as_ref()).await?;
    }
    Ok(incoming.finish().await?)
}

async fn next<S: Stream + Unpin>(stream: &mut S) -> Result<Option<S::Item>, Failure> {
    tokio::time::timeout(PATIENCE, stream.next())
        .await
        .map_err(|_| Failure::new(ProblemCode::Malformed).with_detail("上传中断，请重新上传"))
}

fn broken(error: PayloadError) -> Failure {
    if matches!(error, PayloadError::Io(error) if error.kind() == std::io::ErrorKind::TimedOut) {
        return ProblemCode::RequestTimeout.into();
    }
    Failure::new(ProblemCode::Malformed).with_detail("上传中断，请重新上传")
}

fn broken_form(error: &MultipartError) -> Failure {
    tracing::debug!(%error, "a form could not be read");
    Failure::new(ProblemCode::Malformed).with_detail("上传的表单不完整")
}

fn not_one_file(found: &str) -> Failure {
    tracing::debug!(found, "a form did not have one file");
    Failure::new(ProblemCode::Malformed).with_detail("每次上传一张照片，表单里只放这一个文件")
}
