//! The answers a test may script, in the words of Google's reference.

use std::time::{Duration, UNIX_EPOCH};

use actix_web::{HttpResponse, body::SizedStream, http::StatusCode, web::Bytes};
use serde_json::{Value, json};
use shared::domain::time::Timestamp;

/// One answer to one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Accepted.
    Accepted,
    /// 404, the app was removed from the device.
    Unregistered,
    /// 429 with `Retry-After` in seconds.
    QuotaSeconds(u64),
    /// 429 with `Retry-After` as the date this far from now.
    QuotaDate(Duration),
    /// 429 without `Retry-After`.
    Quota,
    /// 503 with `Retry-After` in seconds, when given.
    Unavailable(Option<u64>),
    /// 500.
    Internal,
    /// 502 from a proxy, a page of HTML.
    HtmlBadGateway,
    /// 400 that names the token.
    InvalidToken,
    /// 400 that names another field.
    InvalidOther,
    /// 403, the token belongs to another sender.
    SenderMismatch,
    /// 403, the account may not send.
    PermissionDenied,
    /// 404 without words, as a wrong address gives.
    PlainNotFound,
    /// 401, Google cannot sign in to APNs or to a browser's push service.
    ThirdPartyAuth,
    /// 401, and all bearers so far are void.
    BearerExpired,
    /// 401 although the bearer is good.
    BearerRefused,
    /// 302 to another host.
    Redirect(String),
    /// 200 whose body is not JSON, as a captive portal gives.
    HtmlOk,
    /// Accepted after this time.
    Slow(Duration),
    /// The connection ends in the middle of the answer.
    Dropped,
}

/// One answer to one request for a bearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenAnswer {
    /// A bearer for an hour, when the assertion is good.
    Granted,
    /// A bearer for this many seconds, when the assertion is good.
    GrantedFor(i64),
    /// As [`Self::Granted`], after this time.
    GrantedAfter(Duration),
    /// 400 `invalid_grant`.
    InvalidGrant,
    /// 503.
    Unavailable,
    /// 502, a page of HTML.
    HtmlBadGateway,
    /// 200, a page of HTML.
    HtmlOk,
}

const HTML: &str = "<!DOCTYPE html><html><title>Error 502 (Server Error)!!1</title></html>";

impl Answer {
    /// The response, or nothing when the message is to be accepted.
    pub(super) fn response(&self, now: Timestamp) -> Option<HttpResponse> {
        Some(match self {
            Self::Accepted | Self::Slow(_) => return None,
            Self::Unregistered => error(404, "NOT_FOUND", Some("UNREGISTERED"), None),
            Self::QuotaSeconds(seconds) => quota(Some(seconds.to_string())),
            Self::QuotaDate(ahead) => {
                let now = Duration::from_micros(u64::try_from(now.0).unwrap_or_default());
                quota(Some(httpdate::fmt_http_date(UNIX_EPOCH + now + *ahead)))
            }
            Self::Quota => quota(None),
            Self::Unavailable(after) => {
                let body = error_body(503, "UNAVAILABLE", Some("UNAVAILABLE"), None);
                with_retry_after(503, after.map(|seconds| seconds.to_string()), &body)
            }
            Self::Internal => error(500, "INTERNAL", Some("INTERNAL"), None),
            Self::HtmlBadGateway => HttpResponse::BadGateway().content_type("text/html").body(HTML),
            Self::InvalidToken => error(400, "INVALID_ARGUMENT", Some("INVALID_ARGUMENT"), Some("message.token")),
            Self::InvalidOther => error(
                400,
                "INVALID_ARGUMENT",
                Some("INVALID_ARGUMENT"),
                Some("message.android.ttl"),
            ),
            Self::SenderMismatch => error(403, "PERMISSION_DENIED", Some("SENDER_ID_MISMATCH"), None),
            Self::PermissionDenied => error(403, "PERMISSION_DENIED", None, None),
            Self::PlainNotFound => HttpResponse::NotFound().content_type("text/html").body(HTML),
            Self::ThirdPartyAuth => error(401, "UNAUTHENTICATED", Some("THIRD_PARTY_AUTH_ERROR"), None),
            Self::BearerExpired | Self::BearerRefused => unauthenticated(),
            Self::Redirect(target) => HttpResponse::Found()
                .insert_header(("location", target.as_str()))
                .body(String::new()),
            Self::HtmlOk => HttpResponse::Ok().content_type("text/html").body(HTML),
            Self::Dropped => dropped(),
        })
    }
}

impl TokenAnswer {
    pub(super) fn response(self) -> Option<HttpResponse> {
        Some(match self {
            Self::Granted | Self::GrantedFor(_) | Self::GrantedAfter(_) => return None,
            Self::InvalidGrant => HttpResponse::BadRequest()
                .json(json!({"error": "invalid_grant", "error_description": "Invalid JWT Signature."})),
            Self::Unavailable => HttpResponse::ServiceUnavailable().json(json!({"error": "internal_failure"})),
            Self::HtmlBadGateway => HttpResponse::BadGateway().content_type("text/html").body(HTML),
            Self::HtmlOk => HttpResponse::Ok().content_type("text/html").body(HTML),
        })
    }

    pub(super) const fn pause(self) -> Option<Duration> {
        match self {
            Self::GrantedAfter(pause) => Some(pause),
            _ => None,
        }
    }

    pub(super) const fn life(self) -> i64 {
        match self {
            Self::GrantedFor(seconds) => seconds,
            _ => 3600,
        }
    }
}

/// The answer to a missing, unknown or ended bearer.
pub(super) fn unauthenticated() -> HttpResponse {
    error(401, "UNAUTHENTICATED", None, None)
}

/// An error body with FCM's code and the blamed field where there are any.
pub(super) fn error(status: u16, word: &str, fcm: Option<&str>, field: Option<&str>) -> HttpResponse {
    with_retry_after(status, None, &error_body(status, word, fcm, field))
}

fn error_body(status: u16, word: &str, fcm: Option<&str>, field: Option<&str>) -> Value {
    let mut details = Vec::new();
    if let Some(code) = fcm {
        details.push(json!({"@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": code}));
    }
    if let Some(field) = field {
        details.push(json!({
            "@type": "type.googleapis.com/google.rpc.BadRequest",
            "fieldViolations": [{"field": field, "description": "Invalid value"}],
        }));
    }
    json!({"error": {"code": status, "message": "as scripted", "status": word, "details": details}})
}

fn quota(retry_after: Option<String>) -> HttpResponse {
    with_retry_after(
        429,
        retry_after,
        &error_body(429, "RESOURCE_EXHAUSTED", Some("QUOTA_EXCEEDED"), None),
    )
}

fn with_retry_after(status: u16, retry_after: Option<String>, body: &Value) -> HttpResponse {
    let mut response = HttpResponse::build(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    if let Some(value) = retry_after {
        response.insert_header(("retry-after", value));
    }
    response.json(body)
}

/// Promises more than it sends, then breaks.
fn dropped() -> HttpResponse {
    let parts: [Result<Bytes, std::io::Error>; 2] = [
        Ok(Bytes::from_static(b"{\"name\":")),
        Err(std::io::Error::other("dropped")),
    ];
    HttpResponse::Ok().body(SizedStream::new(4000, futures_util::stream::iter(parts)))
}
