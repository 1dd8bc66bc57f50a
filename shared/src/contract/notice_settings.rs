//! What reaches a resident outside of the inbox, and when.

use serde::{Deserialize, Serialize};

use crate::domain::notice_settings::NoticeGroup;

/// Push and text message for one group.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NoticeGroupSetting {
    /// What the notices are about.
    pub group: NoticeGroup,
    /// Pushed to the devices, if the person agreed to push messages.
    pub push: bool,
    /// A text message that says that there is news.
    pub sms: bool,
}

/// Hours of the city's day in which pushes and texts wait; emergencies do not.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuietHoursSetting {
    /// `HH:MM`.
    pub from: String,
    /// `HH:MM`; may lie before `from`: then it is the next morning.
    pub until: String,
}

/// The own settings, read and written as a whole. The inbox always gets everything.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NoticeSettings {
    /// One entry a group.
    pub groups: Vec<NoticeGroupSetting>,
    /// None: nothing waits.
    pub quiet_hours: Option<QuietHoursSetting>,
}
