//! What FCM's answers mean for the next attempt: the one table of that. It sends nothing and knows no message.
//!
//! Source: Google's reference of the HTTP v1 error codes. A device's registration is deleted only on words that name the
//! device; a wrong address or project answers 404 as well, and must not empty the table of devices.

use reqwest::StatusCode;
use serde::Deserialize;

use crate::delivery::{
    DeliveryFailure, Sent,
    backoff::QUOTA_FLOOR,
    http::{Answer, stable_code},
};

#[derive(Deserialize)]
struct Accepted {
    name: String,
}

#[derive(Deserialize)]
struct ErrorBody {
    error: GoogleError,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct GoogleError {
    status: String,
    details: Vec<Detail>,
}

/// One of several kinds; told apart by the fields it has.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Detail {
    error_code: Option<String>,
    field_violations: Vec<FieldViolation>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct FieldViolation {
    field: String,
}

impl GoogleError {
    /// Proxies answer with HTML, or with nothing: that is an error without words.
    fn read(body: &[u8]) -> Self {
        serde_json::from_slice::<ErrorBody>(body)
            .map(|body| body.error)
            .unwrap_or_default()
    }

    /// FCM's own code where there is one, else the general status.
    fn word(&self) -> &str {
        self.details
            .iter()
            .find_map(|detail| detail.error_code.as_deref())
            .unwrap_or(&self.status)
    }

    fn blames_token(&self) -> bool {
        self.details
            .iter()
            .flat_map(|detail| &detail.field_violations)
            .any(|violation| violation.field == "message.token")
    }
}

/// Whether the bearer was refused and a fresh one may help. The credentials of a third party (APNs key, web push key)
/// answer 401 too; no bearer helps there.
pub(super) fn bearer_refused(answer: &Answer) -> bool {
    answer.status == StatusCode::UNAUTHORIZED && GoogleError::read(&answer.body).word() != "THIRD_PARTY_AUTH_ERROR"
}

/// The meaning of one answer.
pub(super) fn verdict(answer: &Answer) -> Result<Sent, DeliveryFailure> {
    let (status, after) = (answer.status, answer.retry_after);
    if status == StatusCode::OK {
        return serde_json::from_slice::<Accepted>(&answer.body)
            .map(|accepted| Sent {
                provider_message_id: accepted.name,
            })
            .map_err(|_| DeliveryFailure::Retry {
                after,
                code: "ANSWER_UNREADABLE".into(),
            });
    }
    let error = GoogleError::read(&answer.body);
    let code = stable_code(Some(error.word()), status);
    Err(match (status.as_u16(), error.word()) {
        (404, "UNREGISTERED") | (403, "SENDER_ID_MISMATCH") => DeliveryFailure::RecipientGone { code },
        (400, "INVALID_ARGUMENT") if error.blames_token() => DeliveryFailure::RecipientGone { code },
        (429, _) | (_, "QUOTA_EXCEEDED") => DeliveryFailure::Retry {
            after: after.or(Some(QUOTA_FLOOR)),
            code,
        },
        (408 | 500..=599, _) => DeliveryFailure::Retry { after, code },
        (300..=399 | 401 | 403 | 404, _) => DeliveryFailure::Misconfigured { code },
        _ => DeliveryFailure::Permanent { code },
    })
}
