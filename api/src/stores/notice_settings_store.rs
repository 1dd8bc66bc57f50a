//! What residents chose about notices, as rows. Who chose nothing has no row.

use diesel::{prelude::*, upsert::excluded};
use shared::domain::notice_settings::{NoticeSettings, QuietHours};

use super::{parse_json, to_json};
use crate::database::{DbConnection, StoreError, Transaction, connection::on_each_backend, schema::notice_settings};

/// What the person chose, or what holds for who chose nothing.
///
/// # Errors
/// The database's failure, or settings that cannot be read.
pub fn get_settings(connection: &mut DbConnection, person: i64) -> Result<NoticeSettings, StoreError> {
    let row: Option<(String, i64, i64)> = notice_settings::table
        .find(person)
        .select((
            notice_settings::channels,
            notice_settings::quiet_from,
            notice_settings::quiet_until,
        ))
        .first(connection)
        .optional()?;
    let Some((channels, from, until)) = row else {
        return Ok(NoticeSettings::default());
    };
    let minutes = |stored: i64| u32::try_from(stored).unwrap_or_default();
    Ok(NoticeSettings {
        channels: parse_json("notice_settings.channels", &channels)?,
        quiet: QuietHours::of_minutes(minutes(from), minutes(until)),
    })
}

/// Keeps what the person chose.
///
/// # Errors
/// The database's failure.
pub fn set_settings(
    transaction: &mut Transaction<'_>,
    person: i64,
    settings: &NoticeSettings,
) -> Result<(), StoreError> {
    let (from, until) = settings.quiet.minutes();
    let row = (
        notice_settings::person_id.eq(person),
        notice_settings::channels.eq(to_json(&settings.channels)),
        notice_settings::quiet_from.eq(i64::from(from)),
        notice_settings::quiet_until.eq(i64::from(until)),
    );
    transaction.change(|connection| {
        on_each_backend!(connection, |inner| {
            diesel::insert_into(notice_settings::table)
                .values(row)
                .on_conflict(notice_settings::person_id)
                .do_update()
                .set((
                    notice_settings::channels.eq(excluded(notice_settings::channels)),
                    notice_settings::quiet_from.eq(excluded(notice_settings::quiet_from)),
                    notice_settings::quiet_until.eq(excluded(notice_settings::quiet_until)),
                ))
                .execute(inner)
        })
    })?;
    Ok(())
}
