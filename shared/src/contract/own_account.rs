//! What a resident does with the own account and data: another number, proving to be the owner, an export, closing.

use serde::{Deserialize, Serialize};

use super::secret::Secret;
use crate::domain::{export::ExportState, id::ExportId, time::Timestamp};

/// Proves once more to be the owner of the account: one of the two.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProveOwnerRequest {
    /// A code sent to the own number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Secret>,
    /// The own password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
}

/// This session is known to be the owner's for a while.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnerProvenView {
    /// Until when.
    pub until: Timestamp,
}

/// Changes the number. The new one is proven by a code; the owner by a code to the old number or, where that is lost, by the
/// password: then the change waits some days.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeNumberRequest {
    /// The new mobile number as people write it.
    pub new_phone: Secret,
    /// The code that was sent to it.
    pub new_code: Secret,
    /// The code that was sent to the old number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_code: Option<Secret>,
    /// The password, when the old number is lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
}

/// A change of number that was done, or that waits.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NumberChangeView {
    /// The new number with its middle hidden.
    pub new_phone: String,
    /// Whether it is in force.
    pub changed: bool,
    /// When it comes into force, unless it is taken back; absent when it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waits_until: Option<Timestamp>,
}

/// What closing the account would mean now.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClosingPreviewView {
    /// Own cases that are still being handled.
    pub open_cases: i64,
    /// Days in which signing in again takes it back.
    pub grace_days: i64,
    /// What happens, for the person to read.
    pub words: String,
}

/// Closes the account.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CloseAccountRequest {
    /// A code sent to the own number.
    pub code: Secret,
    /// Withdraws the open cases first, where they still can be. Otherwise they go on without answers to the person.
    #[serde(default)]
    pub withdraw_cases: bool,
}

/// The account closes; signing in before takes it back.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClosingView {
    /// When.
    pub closes_at: Timestamp,
}

/// An export of everything about oneself.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportView {
    /// Names the export.
    pub id: ExportId,
    /// Where it stands.
    pub state: ExportState,
    /// How much of it is made, 0 to 100.
    pub percent: i64,
    /// Size of the file; once it is ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<i64>,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// Until when it is kept.
    pub kept_until: Timestamp,
}
