//! What anybody may read without signing in. Answers may be kept by everybody for half a minute.

pub mod audit_head;
pub mod counts;
pub mod list_cases;
pub mod map;
pub mod photo;
pub mod show_case;

use actix_web::{HttpRequest, HttpResponse, http::header};
use serde::Serialize;
use sha2::{Digest, Sha256};
use shared::domain::hexadecimal::lower_hex;

use crate::{errors::Failure, routes::answer::Answer};

/// How long anybody may keep an answer.
const KEPT: &str = "public, max-age=30";

/// 200 with a body and its fingerprint, or 304 when the caller has it already.
fn kept(request: &HttpRequest, body: &impl Serialize) -> Answer {
    let bytes = serde_json::to_vec(body).map_err(Failure::internal)?;
    Ok(kept_bytes(request, bytes, "application/json"))
}

fn kept_bytes(request: &HttpRequest, bytes: Vec<u8>, content_type: &'static str) -> HttpResponse {
    let mark = fingerprint(&bytes);
    let known = request
        .headers()
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(',').any(|part| part.trim() == mark));
    let mut answer = if known {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    answer
        .insert_header((header::CACHE_CONTROL, KEPT))
        .insert_header((header::ETAG, mark));
    if known {
        answer.finish()
    } else {
        answer.content_type(content_type).body(bytes)
    }
}

fn fingerprint(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    format!("\"{}\"", lower_hex(digest.get(..16).unwrap_or_default()))
}
