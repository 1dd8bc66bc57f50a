//! Who hears of something outside of the inbox: the devices and consent of a notice's recipient, and those who follow a case
//! or are merged under it.

use diesel::{dsl::exists, prelude::*};
use shared::domain::{
    case::{CaseState, Urgency},
    consent::ConsentPurpose,
    notice_settings::{Channels, NoticeGroup, QuietHours},
};

use super::{
    case_store::CaseRow,
    device_store::{self, DeviceRow},
    notice_settings_store,
    notice_store::NoticeRow,
    timeline_store::CaseEventRow,
};
use crate::database::{
    DbConnection, StoreError, Transaction,
    schema::{case_events, cases, consents, follows, notices, persons, push_devices, staff_accounts},
};

/// The topic of what the city announces.
const ANNOUNCEMENT: &str = "announcement";

/// A notice with the devices that may show it.
#[derive(Debug)]
pub struct PushTarget {
    /// What to tell.
    pub notice: NoticeRow,
    /// Where; empty when the recipient has none, did not agree, or switched it off.
    pub devices: Vec<DeviceRow>,
    /// The sealed number of a recipient who wants a text message as well.
    pub text_to: Option<Vec<u8>>,
    /// Hours in which the recipient is not disturbed; none for staff and emergencies.
    pub quiet: Option<QuietHours>,
    /// The recipient works for the city.
    pub to_staff: bool,
}

/// The notice and its recipient's devices; `None` when the notice is gone. Residents are pushed to with their consent, for
/// everything or for this case, as far as they left it switched on; staff are told about their work.
///
/// # Errors
/// The database's failure.
pub fn find_push_target(connection: &mut DbConnection, notice_id: i64) -> Result<Option<PushTarget>, StoreError> {
    let notice = notices::table
        .find(notice_id)
        .select(NoticeRow::as_select())
        .first(connection)
        .optional()?;
    let Some(notice) = notice else { return Ok(None) };
    let mut devices = device_store::list_devices(connection, notice.recipient_id)?;
    let to_staff = !devices.is_empty() && is_active_staff(connection, notice.recipient_id)?;
    if to_staff {
        return Ok(Some(PushTarget {
            notice,
            devices,
            text_to: None,
            quiet: None,
            to_staff,
        }));
    }
    let settings = notice_settings_store::get_settings(connection, notice.recipient_id)?;
    let (group, emergency) = about(connection, &notice)?;
    // What concerns the account itself is in no group and always pushed.
    let channels = group.map_or_else(Channels::default, |group| settings.of(group));
    // Where there is no device nobody asks for the consent.
    let wanted = !devices.is_empty() && channels.push && agrees(connection, notice.recipient_id, notice.case_id)?;
    if !wanted {
        devices.clear();
    }
    let text_to = if channels.sms {
        find_number(connection, notice.recipient_id)?
    } else {
        None
    };
    Ok(Some(PushTarget {
        notice,
        devices,
        text_to,
        quiet: (!emergency).then_some(settings.quiet),
        to_staff,
    }))
}

/// The group of a resident's notice, and whether its case is an emergency.
fn about(connection: &mut DbConnection, notice: &NoticeRow) -> QueryResult<(Option<NoticeGroup>, bool)> {
    let Some(case_id) = notice.case_id else {
        let announced = notice.topic == ANNOUNCEMENT;
        return Ok((announced.then_some(NoticeGroup::Announcements), false));
    };
    let (requester, urgency): (Option<i64>, String) = cases::table
        .find(case_id)
        .select((cases::requester_id, cases::urgency))
        .first(connection)?;
    let group = if requester == Some(notice.recipient_id) {
        NoticeGroup::OwnCases
    } else {
        NoticeGroup::FollowedCases
    };
    Ok((Some(group), urgency == Urgency::Emergency.as_str()))
}

fn find_number(connection: &mut DbConnection, person_id: i64) -> QueryResult<Option<Vec<u8>>> {
    persons::table
        .filter(persons::id.eq(person_id).and(persons::status.ne("closed")))
        .select(persons::phone_cipher)
        .first(connection)
        .optional()
}

fn is_active_staff(connection: &mut DbConnection, account_id: i64) -> QueryResult<bool> {
    let staff = staff_accounts::table
        .filter(staff_accounts::id.eq(account_id))
        .filter(staff_accounts::status.eq("active"));
    diesel::select(exists(staff)).get_result(connection)
}

fn agrees(connection: &mut DbConnection, person_id: i64, case_id: Option<i64>) -> QueryResult<bool> {
    let given = || {
        consents::person_id
            .eq(person_id)
            .and(consents::purpose.eq(ConsentPurpose::Push.as_str()))
            .and(consents::withdrawn_at.is_null())
    };
    let for_all = consents::table.filter(consents::case_id.is_null().and(given()));
    let for_this = consents::table.filter(consents::case_id.eq(case_id).and(given()));
    diesel::select(exists(for_all).or(exists(for_this))).get_result(connection)
}

/// Forgets a device that its push service does not know any more, unless it was registered anew since.
///
/// # Errors
/// The database's failure.
pub fn delete_gone_device(transaction: &mut Transaction<'_>, device: &DeviceRow) -> Result<usize, StoreError> {
    transaction.change(|connection| {
        diesel::delete(
            push_devices::table.filter(push_devices::id.eq(device.id)).filter(
                push_devices::token
                    .eq(&device.token)
                    .and(push_devices::seen_at.eq(device.seen_at)),
            ),
        )
        .execute(connection)
    })
}

/// A timeline entry with its case.
///
/// # Errors
/// The database's failure.
pub fn find_event(connection: &mut DbConnection, event_id: i64) -> QueryResult<Option<(CaseEventRow, CaseRow)>> {
    case_events::table
        .inner_join(cases::table.on(case_events::case_id.eq(cases::id)))
        .filter(case_events::id.eq(event_id))
        .select((CaseEventRow::as_select(), CaseRow::as_select()))
        .first(connection)
        .optional()
}

/// Cases merged under this one, or that ended with it: id, requester and title, after the id `after`. Of several by one
/// requester the oldest stands for all.
///
/// # Errors
/// The database's failure.
pub fn list_member_recipients(
    connection: &mut DbConnection,
    primary_id: i64,
    after: i64,
    limit: i64,
) -> QueryResult<Vec<(i64, Option<i64>, String)>> {
    cases::table
        .filter(cases::primary_case_id.eq(primary_id))
        .filter(
            cases::state.eq_any(
                [
                    CaseState::Merged,
                    CaseState::NotAccepted,
                    CaseState::HandedOff,
                    CaseState::Archived,
                ]
                .map(CaseState::as_str),
            ),
        )
        .filter(cases::id.gt(after))
        .order(cases::id.asc())
        .limit(limit)
        .select((cases::id, cases::requester_id, cases::title))
        .load(connection)
}

/// Of these people, who has a case under the primary, and the oldest such case.
///
/// # Errors
/// The database's failure.
pub fn list_oldest_memberships(
    connection: &mut DbConnection,
    primary_id: i64,
    people: &[i64],
) -> QueryResult<Vec<(i64, i64)>> {
    let found: Vec<(Option<i64>, Option<i64>)> = cases::table
        .filter(cases::primary_case_id.eq(primary_id))
        .filter(cases::requester_id.eq_any(people))
        .group_by(cases::requester_id)
        .select((cases::requester_id, diesel::dsl::min(cases::id)))
        .load(connection)?;
    Ok(found
        .into_iter()
        .filter_map(|(person, case)| person.zip(case))
        .collect())
}

/// People who follow the case, after the person `after`.
///
/// # Errors
/// The database's failure.
pub fn list_followers(connection: &mut DbConnection, case_id: i64, after: i64, limit: i64) -> QueryResult<Vec<i64>> {
    follows::table
        .filter(follows::case_id.eq(case_id).and(follows::person_id.gt(after)))
        .order(follows::person_id.asc())
        .limit(limit)
        .select(follows::person_id)
        .load(connection)
}
