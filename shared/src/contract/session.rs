//! Signing in, going on and signing out.

use serde::{Deserialize, Serialize};

use super::secret::Secret;
use crate::domain::{
    id::{AccountId, SessionId},
    time::Timestamp,
};

/// A resident signs in with a number and either a code or a password.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignInRequest {
    /// Mobile number as people write it.
    pub phone: Secret,
    /// The code from the text message; six digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Secret>,
    /// The password; either this or the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
    /// What the person calls the device; at most 60 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_name: Option<String>,
    /// The `device_token` of an earlier sign-in on this device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_token: Option<Secret>,
}

/// A member of staff signs in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffSignInRequest {
    /// Name of the account.
    pub username: String,
    /// Its password.
    pub password: Secret,
    /// What the person calls the device; at most 60 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_name: Option<String>,
    /// The `device_token` of an earlier sign-in on this device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_token: Option<Secret>,
}

/// Trades a refresh token for a new pair of tokens.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RefreshRequest {
    /// The refresh token; it can be used once.
    pub refresh_token: Secret,
}

/// A signed-in session.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokensView {
    /// Sent as `Authorization: Bearer …`; lives 15 minutes.
    pub access_token: Secret,
    /// Always `Bearer`.
    pub token_type: String,
    /// Seconds until the access token ends.
    pub expires_in: i64,
    /// Traded for the next pair; using one twice ends the session.
    pub refresh_token: Secret,
    /// When the refresh token ends.
    pub refresh_expires_at: Timestamp,
    /// Whose session it is.
    pub account_id: AccountId,
    /// A member of staff who has to choose a new password first; nothing else is open until then.
    pub must_change_password: bool,
    /// A member of staff who has to enrol a second factor first; nothing else is open until then.
    #[serde(default)]
    pub must_enrol_second_factor: bool,
    /// Given at sign-in, to be kept on the device and sent at the next sign-in: wrong passwords typed elsewhere do not lock
    /// this device out. It opens nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_token: Option<Secret>,
}

/// The password was right and the second factor is still to come.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChallengeView {
    /// Sent back with the code.
    pub challenge: Secret,
    /// Until when.
    pub until: Timestamp,
}

/// The second step of a sign-in: one of the two codes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecondStepRequest {
    /// From the first step.
    pub challenge: Secret,
    /// Six digits from the authenticator app; each is good once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Secret>,
    /// A recovery code; each is good once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery_code: Option<Secret>,
}

/// One of the caller's sessions.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionView {
    /// Names the session when it is ended.
    pub id: SessionId,
    /// What the person called the device when signing in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_name: Option<String>,
    /// When the person signed in.
    pub signed_in_at: Timestamp,
    /// When the session last took a new access token, which lives 15 minutes.
    pub last_used_at: Timestamp,
    /// When it ends unless it is used.
    pub expires_at: Timestamp,
    /// Whether it is the one that asks.
    pub current: bool,
}
