//! Signing in, going on and signing out.

use serde::{Deserialize, Serialize};

use super::secret::Secret;
use crate::domain::{id::AccountId, time::Timestamp};

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
}
