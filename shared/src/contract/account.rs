//! Accounts: a resident registers; an administrator makes, grants and blocks staff accounts.

use serde::{Deserialize, Serialize};

use super::secret::Secret;
use crate::domain::{
    consent::ConsentPurpose,
    id::{AccountId, GrantId},
    role::{Grant, Role},
    time::Timestamp,
};

/// What a code is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum CodePurpose {
    /// To register or to sign in.
    #[default]
    SignIn,
    /// To set a new password.
    SetPassword,
    /// To change the number: asked for twice, for the old one and for the new one.
    ChangeNumber,
    /// To prove to be the owner, before data are handed out.
    ProveOwner,
    /// To close the account.
    CloseAccount,
}

/// Asks for a code by text message.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequestCodeRequest {
    /// Mobile number as people write it.
    pub phone: Secret,
    /// What for; it changes the words of the message only.
    #[serde(default)]
    pub purpose: CodePurpose,
}

/// The answer to every well-formed request for a code, whether the number is known or not.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeSentView {
    /// Seconds that the code can be used.
    pub expires_in: i64,
    /// Seconds until another can be asked for.
    pub ask_again_in: i64,
}

/// Registers a resident; a number that is known already is signed in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegisterRequest {
    /// Mobile number as people write it.
    pub phone: Secret,
    /// The code from the text message; six digits.
    pub code: Secret,
    /// How the person wants to be addressed; at most 40 characters. Ignored when the number is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// A password, if wanted; 8 to 128 characters, two classes. Ignored when the number is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
    /// What the person agreed to, at most one entry a purpose.
    #[serde(default)]
    pub consents: Vec<ConsentPurpose>,
    /// What the person calls the device; at most 60 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_name: Option<String>,
}

/// Makes a staff account.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateStaffAccountRequest {
    /// 3 to 40 of `a-z`, `0-9`, `.`, `_` and `-`, starting with a letter.
    pub username: String,
    /// The person's name; at most 40 characters.
    pub display_name: String,
    /// The person's post; at most 60 characters.
    #[serde(default)]
    pub post: String,
    /// Code of the unit that the person works in.
    pub unit: String,
    /// The first password; the person must choose another at the first sign-in.
    pub password: Secret,
    /// Roles and how far each reaches; at most 20.
    #[serde(default)]
    pub grants: Vec<Grant>,
}

/// Gives a member of staff a new first password.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResetStaffPasswordRequest {
    /// The person must choose another at the next sign-in.
    pub password: Secret,
}

/// A role in force.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GrantView {
    /// Names the grant when it is taken back.
    pub id: GrantId,
    /// The role and how far it reaches.
    #[serde(flatten)]
    pub grant: Grant,
    /// When it was given.
    pub granted_at: Timestamp,
    /// Who gave it; absent for the command line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub granted_by: Option<AccountId>,
}

/// A staff account as an administrator sees it, or as the person sees the own one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffAccountView {
    /// The account.
    pub id: AccountId,
    /// Name to sign in with.
    pub username: String,
    /// The person's name.
    pub display_name: String,
    /// The person's post.
    pub post: String,
    /// Code of the unit that the person works in.
    pub unit: String,
    /// `active`, `blocked` or `closed`.
    pub status: String,
    /// Whether a new password has to be chosen at the next sign-in.
    pub must_change_password: bool,
    /// When the password has to be changed at the latest; absent when passwords do not age.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_ends_at: Option<Timestamp>,
    /// When the second factor was enrolled that is asked for at sign-in; absent when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_factor_since: Option<Timestamp>,
    /// Recovery codes not used yet; absent in lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery_codes_left: Option<i64>,
    /// When the account ends by itself; absent for all but those made for an emergency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_until: Option<Timestamp>,
    /// When the account was made.
    pub created_at: Timestamp,
    /// The roles in force.
    pub grants: Vec<GrantView>,
}

/// Those to whom a unit's orders can be assigned.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnitPeopleView {
    /// By name.
    pub items: Vec<UnitPersonView>,
}

/// Somebody to whom an order can be assigned.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnitPersonView {
    /// The account.
    pub id: AccountId,
    /// The person's name.
    pub name: String,
    /// The role in which the order would be handled.
    pub role: Role,
    /// Its Chinese name.
    pub role_name: String,
}
