//! The second factor of staff: enrolling it, and the codes for the day when the phone is lost.

use serde::{Deserialize, Serialize};

use super::secret::Secret;
use crate::domain::time::Timestamp;

/// Asks for a new secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BeginEnrolmentRequest {
    /// The password.
    pub current_password: Secret,
    /// A code of the second factor in force, when there is one already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Secret>,
    /// Or one of its recovery codes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery_code: Option<Secret>,
}

/// A secret for an authenticator app. It is in force once a code of it is sent back.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnrolmentView {
    /// Sent back with the first code.
    pub enrolment: Secret,
    /// The secret in base 32, for typing.
    pub secret: Secret,
    /// `otpauth://totp/…`, to be shown as a QR code.
    pub uri: Secret,
    /// Until when.
    pub until: Timestamp,
}

/// Puts a secret in force.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConfirmEnrolmentRequest {
    /// From the answer that showed the secret.
    pub enrolment: Secret,
    /// Six digits from the authenticator app.
    pub code: Secret,
}

/// Proves to have the second factor: one of the two.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecondFactorRequest {
    /// Six digits from the authenticator app; each is good once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Secret>,
    /// A recovery code; each is good once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery_code: Option<Secret>,
}

/// Codes to be kept on paper; they are not shown again.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveryCodesView {
    /// Ten codes, each good for one sign-in.
    pub codes: Vec<Secret>,
}
