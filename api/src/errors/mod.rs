//! One failure type for use cases and views, and the one table from problem code to HTTP status.
//!
//! The cause goes to the log; the caller reads the code, a title and, where it helps, a detail without personal data.

mod http;

use shared::{contract::problem::ProblemCode, domain::case::Refusal};

use crate::{
    database::StoreError,
    photos::{PhotoError, PhotoRefusal, StorageError},
};

/// Why something was not done.
#[derive(Debug)]
pub struct Failure {
    /// What the caller is told.
    pub code: ProblemCode,
    /// The field that is wrong.
    pub field: Option<&'static str>,
    /// More for the caller; never personal data.
    pub detail: Option<String>,
    /// The code of the rule that stands against it.
    pub reason: Option<&'static str>,
    /// When to come back, in seconds.
    pub retry_after: Option<u32>,
    /// For the log only.
    pub cause: Option<String>,
}

impl Failure {
    /// A failure with nothing but its code.
    #[must_use]
    pub const fn new(code: ProblemCode) -> Self {
        Self {
            code,
            field: None,
            detail: None,
            reason: None,
            retry_after: None,
            cause: None,
        }
    }

    /// A field is missing, too long or not allowed; `detail` says what would be right.
    #[must_use]
    pub fn invalid(field: &'static str, detail: impl Into<String>) -> Self {
        Self {
            field: Some(field),
            ..Self::new(ProblemCode::Invalid)
        }
        .with_detail(detail)
    }

    /// The server's own fault; `cause` goes to the log.
    #[must_use]
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self {
            cause: Some(cause.to_string()),
            ..Self::new(ProblemCode::Internal)
        }
    }

    /// Adds words for the caller.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Says when to come back.
    #[must_use]
    pub const fn with_retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }
}

impl From<ProblemCode> for Failure {
    fn from(code: ProblemCode) -> Self {
        Self::new(code)
    }
}

impl From<Refusal> for Failure {
    /// What the actor must add is a wrong field; what the rules forbid him is forbidden; the rest depends on the moment.
    fn from(refusal: Refusal) -> Self {
        use Refusal as R;
        let code = match refusal {
            R::RoleNotAllowed | R::OutOfScope => ProblemCode::Forbidden,
            R::NeedsReason
            | R::NeedsLawfulPath
            | R::NeedsLegalBasis
            | R::NeedsAcknowledgement
            | R::NeedsArticle
            | R::NeedsUnit
            | R::ComplainedUnit
            | R::NeedsConsent
            | R::NeedsPromiseDate
            | R::NeedsMilestones
            | R::MilestoneNamesSomebody
            | R::NoSuchMilestone
            | R::NotTighter
            | R::NeedsClaimedOutcome
            | R::ExtensionLength
            | R::TextTooLong
            | R::GradeOutOfRange => ProblemCode::Invalid,
            _ => ProblemCode::ActionNotAllowed,
        };
        Self {
            reason: Some(refusal.code()),
            ..Self::new(code)
        }
        .with_detail(refusal.message_zh())
    }
}

impl From<PhotoError> for Failure {
    fn from(error: PhotoError) -> Self {
        use ProblemCode as P;
        match error {
            PhotoError::Refused(refusal) => Self::new(match refusal {
                PhotoRefusal::TooLarge => P::PhotoTooLarge,
                PhotoRefusal::TypeNotAllowed => P::PhotoTypeNotAllowed,
                PhotoRefusal::HeicNotSupported => P::PhotoHeicNotSupported,
                PhotoRefusal::Truncated => P::PhotoTruncated,
                PhotoRefusal::Dimensions => P::PhotoDimensions,
                PhotoRefusal::Bomb => P::PhotoBomb,
                PhotoRefusal::Corrupt => P::PhotoCorrupt,
            }),
            PhotoError::Busy => Self::new(P::Busy).with_retry_after(2),
            PhotoError::Storage(StorageError::Full) => Self::new(P::StorageFull).with_retry_after(30),
            PhotoError::Storage(StorageError::NotFound) => Self::new(P::NotFound),
            PhotoError::Storage(error) => Self::internal(error),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::new(ProblemCode::NotFound),
            StoreError::Duplicate(_) => Self::new(ProblemCode::AlreadyExists),
            StoreError::Stale => Self::new(ProblemCode::Stale),
            StoreError::Busy => Self::new(ProblemCode::Busy).with_retry_after(2),
            StoreError::Full => Self::new(ProblemCode::StorageFull).with_retry_after(30),
            StoreError::Away(_) => Self::new(ProblemCode::Busy).with_retry_after(5),
            StoreError::Newer(_) | StoreError::Database(_) => Self::internal(error),
        }
    }
}
