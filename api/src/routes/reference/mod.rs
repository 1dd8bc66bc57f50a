//! What everybody may know of the city, without signing in. Such answers are the same for all and may be kept for a while:
//! each has an `ETag` made from its bytes, and a client that has them already is told so with 304.

pub mod find_place;
pub mod list_categories;
pub mod list_knowledge;
pub mod list_regions;
pub mod list_units;
pub mod show_base_map;
pub mod show_outlines;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, EntityTag, Header, IfNoneMatch},
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use shared::domain::hexadecimal::lower_hex;

use super::answer::Answer;
use crate::errors::Failure;

/// Who may keep an answer for five minutes without asking.
#[derive(Clone, Copy)]
enum Keeper {
    /// The client and anything between.
    Anybody,
    /// The client alone: the address holds where somebody is, or somebody's own words.
    Client,
}

impl Keeper {
    const fn directive(self) -> &'static str {
        match self {
            Self::Anybody => "public, max-age=300",
            Self::Client => "private, max-age=300",
        }
    }
}

/// 200 with a JSON body that may be kept, or 304 when the client has it.
fn kept(request: &HttpRequest, keeper: Keeper, view: &impl Serialize) -> Answer {
    let body = serde_json::to_vec(view).map_err(Failure::internal)?;
    Ok(kept_bytes(request, keeper, "application/json", body))
}

/// The same for a body of any type.
fn kept_bytes(request: &HttpRequest, keeper: Keeper, content_type: &'static str, body: Vec<u8>) -> HttpResponse {
    let tag = tag_of(&body);
    let has_it = match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => request.headers().contains_key(header::IF_NONE_MATCH),
        // Compression on the way may have made the tag a weak one.
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(&tag)),
        Err(_) => false,
    };
    let mut answer = if has_it {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    answer.insert_header((header::CACHE_CONTROL, keeper.directive()));
    answer.insert_header((header::ETAG, tag.to_string()));
    if has_it {
        answer.finish()
    } else {
        answer.content_type(content_type).body(body)
    }
}

/// The first half of the SHA-256 of the body.
fn tag_of(body: &[u8]) -> EntityTag {
    let digest = Sha256::digest(body);
    EntityTag::new_strong(lower_hex(digest.get(..16).unwrap_or_default()))
}
