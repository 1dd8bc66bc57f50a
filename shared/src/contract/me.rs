//! What residents and staff see and change of themselves.

use serde::{Deserialize, Serialize};

use super::secret::Secret;
use crate::domain::{
    consent::ConsentPurpose,
    id::{AccountId, DeviceId},
    time::Timestamp,
};

/// A resident's own profile.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProfileView {
    /// The account.
    pub id: AccountId,
    /// The number with its middle hidden, `138****1234`.
    pub phone: String,
    /// How the person wants to be addressed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Whether a password was set.
    pub has_password: bool,
    /// Language of the messages, such as `zh-CN`.
    pub locale: String,
    /// When the person registered.
    pub registered_at: Timestamp,
    /// Also the `ETag`; pass it in `If-Match` when changing.
    pub version: i64,
}

/// Changes the own profile. What is absent stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeProfileRequest {
    /// At most 40 characters; empty removes the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
}

/// Sets a password. The owner is proven by one of the two: a fresh code or, where there is one, the password so far.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetPasswordRequest {
    /// The new password: 8 to 128 characters; residents mix two classes of characters, staff three.
    pub password: Secret,
    /// The password so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_password: Option<Secret>,
    /// A code sent to the own number. Residents only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Secret>,
}

/// A consent and the wording in force.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConsentView {
    /// What it is for.
    pub purpose: ConsentPurpose,
    /// Whether it is given now.
    pub given: bool,
    /// When it was given, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_at: Option<Timestamp>,
    /// Version of the wording that was agreed to, if any was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_version: Option<String>,
    /// Version of the wording in force.
    pub wording_version: String,
    /// The wording in force.
    pub wording: String,
}

/// Gives or withdraws a consent.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetConsentRequest {
    /// Given or withdrawn.
    pub given: bool,
    /// The version of the wording that the person read; must be the one in force when named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wording_version: Option<String>,
}

/// The services that push messages travel through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum PushProvider {
    /// Firebase Cloud Messaging.
    Fcm,
}

impl PushProvider {
    /// The name in rows.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fcm => "fcm",
        }
    }
}

/// Registers a device for push messages, or says that it is still there.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegisterDeviceRequest {
    /// The push service.
    pub provider: PushProvider,
    /// The device's registration token; at most 4,096 bytes.
    pub token: Secret,
}

/// A registered device.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceView {
    /// Names the device when it is removed.
    pub id: DeviceId,
    /// The push service.
    pub provider: PushProvider,
    /// When the device last said that it is there.
    pub seen_at: Timestamp,
}
