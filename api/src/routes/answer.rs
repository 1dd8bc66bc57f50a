//! The few shapes that answers have.

use actix_web::{HttpResponse, http::header, web};
use serde::Serialize;

use crate::{errors::Failure, services::Services};

/// What every handler answers.
pub type Answer = Result<HttpResponse, Failure>;
/// What every handler is given to work with.
pub type Given = web::Data<Services>;

/// 200 with a body.
///
/// # Errors
/// Never; the type fits a handler's last line.
pub fn ok(body: impl Serialize) -> Answer {
    Ok(HttpResponse::Ok().json(body))
}

/// 201 with a body.
///
/// # Errors
/// Never; the type fits a handler's last line.
pub fn created(body: impl Serialize) -> Answer {
    Ok(HttpResponse::Created().json(body))
}

/// 204.
///
/// # Errors
/// Never; the type fits a handler's last line.
pub fn done() -> Answer {
    Ok(HttpResponse::NoContent().finish())
}

/// 200 with a body and its version as `ETag`.
///
/// # Errors
/// Never; the type fits a handler's last line.
pub fn versioned(version: i64, body: impl Serialize) -> Answer {
    Ok(HttpResponse::Ok()
        .insert_header((header::ETAG, format!("\"{version}\"")))
        .json(body))
}
