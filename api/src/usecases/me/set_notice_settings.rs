//! A resident chooses what reaches the phone outside of the inbox, and when.

use std::{collections::BTreeMap, sync::Arc};

use chrono::NaiveTime;
use shared::{
    contract::notice_settings::{NoticeSettings as Asked, QuietHoursSetting},
    domain::notice_settings::{Channels, NoticeGroup, NoticeSettings, QuietHours},
};

use crate::{
    access::{Actor, PersonActor, RequestContext},
    errors::Failure,
    services::Services,
    stores::notice_settings_store,
    usecases::{
        audit::{self, Act},
        idempotency,
    },
};

/// Keeps the settings as a whole.
///
/// # Errors
/// `Invalid` when a group is missing or there twice, or a time is none.
pub async fn set_notice_settings(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: PersonActor,
    asked: &Asked,
) -> Result<(), Failure> {
    let settings = settings_of(asked)?;
    let (shared, context_) = (Arc::clone(services), context.clone());
    idempotency::once(
        services,
        actor.id,
        context,
        "notice_settings.set",
        asked,
        move |transaction| {
            notice_settings_store::set_settings(transaction, actor.id, &settings)?;
            let act = Act::done("notice_settings.set", "person", Some(actor.id));
            audit::record_act(&shared, transaction, &Actor::Person(actor.clone()), &context_, &act);
            Ok(())
        },
    )
    .await
}

fn settings_of(asked: &Asked) -> Result<NoticeSettings, Failure> {
    let channels: BTreeMap<NoticeGroup, Channels> = asked
        .groups
        .iter()
        .map(|setting| {
            let channels = Channels {
                push: setting.push,
                sms: setting.sms,
            };
            (setting.group, channels)
        })
        .collect();
    if channels.len() != NoticeGroup::ALL.len() || asked.groups.len() != channels.len() {
        return Err(Failure::invalid("groups", "每一类通知填写一次"));
    }
    let quiet = asked.quiet_hours.as_ref().map(quiet_hours).transpose()?;
    Ok(NoticeSettings {
        channels,
        quiet: quiet.unwrap_or_else(|| QuietHours::of_minutes(0, 0)),
    })
}

fn quiet_hours(asked: &QuietHoursSetting) -> Result<QuietHours, Failure> {
    let time = |text: &str| {
        NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| Failure::invalid("quiet_hours", "时间写成 22:00 这样"))
    };
    let (from, until) = (time(&asked.from)?, time(&asked.until)?);
    if from == until {
        return Err(Failure::invalid("quiet_hours", "开始和结束不能相同；不需要时请关闭"));
    }
    Ok(QuietHours { from, until })
}
