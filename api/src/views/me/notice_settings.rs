//! What the resident chose about notices.

use shared::{
    contract::notice_settings::{NoticeGroupSetting, NoticeSettings, QuietHoursSetting},
    domain::notice_settings::NoticeGroup,
};

use crate::{access::PersonActor, errors::Failure, services::Services, stores::notice_settings_store};

/// The settings in force, also where nothing was chosen.
///
/// # Errors
/// `Busy`, or the database's failure.
pub async fn notice_settings(services: &Services, person: &PersonActor) -> Result<NoticeSettings, Failure> {
    let id = person.id;
    let settings = services
        .database
        .readers
        .read(move |connection| notice_settings_store::get_settings(connection, id))
        .await?;
    let groups = NoticeGroup::ALL.iter().map(|group| {
        let channels = settings.of(*group);
        NoticeGroupSetting {
            group: *group,
            push: channels.push,
            sms: channels.sms,
        }
    });
    let quiet = settings.quiet;
    Ok(NoticeSettings {
        groups: groups.collect(),
        quiet_hours: (quiet.from != quiet.until).then(|| QuietHoursSetting {
            from: quiet.from.format("%H:%M").to_string(),
            until: quiet.until.format("%H:%M").to_string(),
        }),
    })
}
