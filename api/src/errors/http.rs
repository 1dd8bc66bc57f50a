//! Failures as HTTP answers: the status of each code, and the RFC 9457 body.

use actix_web::{
    HttpResponse, ResponseError,
    http::{StatusCode, header},
};
use shared::contract::problem::{ProblemCode, ProblemView};

use super::Failure;

/// The one table from code to status.
pub(crate) const fn status_of(code: ProblemCode) -> StatusCode {
    use ProblemCode as P;
    match code {
        P::Malformed => StatusCode::BAD_REQUEST,
        P::Invalid
        | P::IdempotencyKeyReused
        | P::PhotoTruncated
        | P::PhotoDimensions
        | P::PhotoBomb
        | P::PhotoCorrupt
        | P::PhotoHashMismatch => StatusCode::UNPROCESSABLE_ENTITY,
        P::BodyTooLarge | P::PhotoTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        P::HeadersTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        P::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
        P::UnsupportedMediaType | P::PhotoTypeNotAllowed | P::PhotoHeicNotSupported => {
            StatusCode::UNSUPPORTED_MEDIA_TYPE
        }
        P::SignInRequired | P::SignInFailed | P::SessionEnded => StatusCode::UNAUTHORIZED,
        P::Forbidden | P::PasswordChangeRequired | P::SecondFactorRequired | P::ProofRequired | P::AccountBlocked => {
            StatusCode::FORBIDDEN
        }
        P::NotFound => StatusCode::NOT_FOUND,
        P::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        P::ActionNotAllowed | P::Stale | P::ArticleNotInForce | P::AlreadyExists => StatusCode::CONFLICT,
        P::VersionMismatch => StatusCode::PRECONDITION_FAILED,
        P::TemporarilyLocked | P::TooManyAttempts => StatusCode::TOO_MANY_REQUESTS,
        P::Busy => StatusCode::SERVICE_UNAVAILABLE,
        P::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        P::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code.as_str())
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        status_of(self.code)
    }

    /// The request id is filled in by the middleware that knows it.
    fn error_response(&self) -> HttpResponse {
        let status = self.status_code();
        let mut answer = HttpResponse::build(status);
        answer.content_type("application/problem+json; charset=utf-8");
        if let Some(seconds) = self.retry_after {
            answer.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        if status == StatusCode::UNAUTHORIZED {
            answer.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        let request_id = crate::access::context::current_request_id();
        if let Some(cause) = &self.cause {
            tracing::error!(request_id, code = self.code.as_str(), cause, "a request failed");
        }
        answer.json(ProblemView {
            r#type: format!("about:blank#{}", self.code.as_str()),
            title: self.code.title().to_owned(),
            status: status.as_u16(),
            code: self.code,
            detail: self.detail.clone(),
            reason: self.reason.map(str::to_owned),
            field: self.field.map(str::to_owned),
            request_id,
        })
    }
}
