//! The inbox: what residents and staff are told. It is the truth; push and SMS only point to it.

use diesel::prelude::*;
use shared::domain::{role::Role, time::Timestamp};

use crate::database::{
    DbConnection, StoreError, Transaction,
    append::append_row,
    prepared::ExecutePrepared,
    schema::{notices, staff_accounts, staff_grants},
};

/// An entry of somebody's inbox.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = notices, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct NoticeRow {
    /// Time-ordered id.
    pub id: i64,
    /// The account that reads it.
    pub recipient_id: i64,
    /// The case concerned.
    pub case_id: Option<i64>,
    /// What it is about: an `Action`, or `due_soon`, `overdue`, `knowledge_expiring`.
    pub topic: String,
    /// One short line.
    pub title: String,
    /// What happened and what comes next.
    pub body: String,
    /// When it was read.
    pub read_at: Option<i64>,
}
append_row!(NoticeRow, notices::table, order = 80);

/// The inbox, newest first, before the entry `before`.
///
/// # Errors
/// The database's failure.
pub fn list_notices(
    connection: &mut DbConnection,
    recipient_id: i64,
    before: i64,
    limit: i64,
) -> QueryResult<Vec<NoticeRow>> {
    notices::table
        .filter(notices::recipient_id.eq(recipient_id).and(notices::id.lt(before)))
        .order(notices::id.desc())
        .limit(limit)
        .select(NoticeRow::as_select())
        .load(connection)
}

/// Unread entries among the newest `most`: reading marks everything up to an entry, so what is unread is newer than the rest.
///
/// # Errors
/// The database's failure.
pub fn count_unread(connection: &mut DbConnection, recipient_id: i64, most: i64) -> QueryResult<i64> {
    let newest: Vec<Option<i64>> = notices::table
        .filter(notices::recipient_id.eq(recipient_id))
        .order(notices::id.desc())
        .limit(most)
        .select(notices::read_at)
        .load(connection)?;
    let unread = newest.iter().filter(|read_at| read_at.is_none()).count();
    Ok(i64::try_from(unread).unwrap_or(most))
}

/// Marks everything up to and including `up_to` as read.
///
/// # Errors
/// The database's failure.
pub fn set_read(
    transaction: &mut Transaction<'_>,
    recipient_id: i64,
    up_to: i64,
    now: Timestamp,
) -> Result<usize, StoreError> {
    transaction.change(|connection| {
        diesel::update(
            notices::table
                .filter(notices::recipient_id.eq(recipient_id))
                .filter(notices::id.le(up_to))
                .filter(notices::read_at.is_null()),
        )
        .set(notices::read_at.eq(Some(now.0)))
        .execute_prepared(connection)
    })
}

/// What became of one page of old notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OldNotices {
    /// Read ones, which went.
    pub removed: usize,
    /// The last one of the page, read or not; none when nothing old is left.
    pub last: Option<i64>,
}

/// Looks at a page of notices after the id `after` and before the id `before`, and removes those that were read.
///
/// # Errors
/// The database's failure.
pub fn delete_read(
    transaction: &mut Transaction<'_>,
    after: i64,
    before: i64,
    limit: i64,
) -> Result<OldNotices, StoreError> {
    let page: Vec<(i64, Option<i64>)> = transaction.read(|connection| {
        notices::table
            .filter(notices::id.gt(after).and(notices::id.lt(before)))
            .order(notices::id.asc())
            .limit(limit)
            .select((notices::id, notices::read_at))
            .load(connection)
    })?;
    let read: Vec<i64> = page
        .iter()
        .filter(|(_, read_at)| read_at.is_some())
        .map(|(id, _)| *id)
        .collect();
    let removed = transaction
        .change(|connection| diesel::delete(notices::table.filter(notices::id.eq_any(read))).execute(connection))?;
    Ok(OldNotices {
        removed,
        last: page.last().map(|(id, _)| *id),
    })
}

/// The desk of a unit: its active liaisons and leaders, at most fifty.
///
/// # Errors
/// The database's failure.
pub fn list_unit_desk(connection: &mut DbConnection, unit: &str) -> QueryResult<Vec<i64>> {
    let desk = [Role::UnitLiaison.as_str(), Role::UnitLeader.as_str()];
    staff_accounts::table
        .inner_join(staff_grants::table.on(staff_grants::account_id.eq(staff_accounts::id)))
        .filter(staff_accounts::unit.eq(unit).and(staff_accounts::status.eq("active")))
        .filter(staff_grants::revoked_at.is_null().and(staff_grants::role.eq_any(desk)))
        .select(staff_accounts::id)
        .distinct()
        .order(staff_accounts::id.asc())
        .limit(50)
        .load(connection)
}
