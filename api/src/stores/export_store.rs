//! Exports of people's data as rows: at most one a person. The files are the exports room's.

use diesel::prelude::*;
use shared::domain::{export::ExportState, time::Timestamp};

use super::{consent_store::ConsentRow, device_store::DeviceRow, photo_store::PhotoRow};
use crate::database::{
    DbConnection, StoreError, Transaction,
    append::append_row,
    prepared::ExecutePrepared,
    schema::{cases, consents, exports, photos, push_devices},
};

/// An export.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = exports, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct ExportRow {
    /// The export; tells when it was asked for.
    pub id: i64,
    /// Whose data.
    pub person_id: i64,
    /// [`ExportState`].
    pub state: String,
    /// How much is made.
    pub percent: i64,
    /// Size of the file.
    pub byte_count: Option<i64>,
    /// Until when it is kept.
    pub kept_until: i64,
}
append_row!(ExportRow, exports::table, order = 30);

/// The export of this person.
///
/// # Errors
/// The database's failure.
pub fn find_export(connection: &mut DbConnection, person: i64) -> QueryResult<Option<ExportRow>> {
    exports::table
        .filter(exports::person_id.eq(person))
        .select(ExportRow::as_select())
        .first(connection)
        .optional()
}

/// The oldest export that is still to be made, or whose maker did not finish.
///
/// # Errors
/// The database's failure.
pub fn find_to_make(connection: &mut DbConnection) -> QueryResult<Option<ExportRow>> {
    exports::table
        .filter(exports::state.eq_any([ExportState::Waiting, ExportState::Working].map(ExportState::as_str)))
        .order(exports::id.asc())
        .select(ExportRow::as_select())
        .first(connection)
        .optional()
}

/// Says how far an export is.
///
/// # Errors
/// `Stale` when it was removed meanwhile; the database's failure.
pub fn move_export(
    transaction: &mut Transaction<'_>,
    id: i64,
    state: ExportState,
    percent: i64,
    byte_count: Option<i64>,
) -> Result<(), StoreError> {
    transaction.guarded(|connection| {
        diesel::update(exports::table.find(id))
            .set((
                exports::state.eq(state.as_str()),
                exports::percent.eq(percent),
                exports::byte_count.eq(byte_count),
            ))
            .execute_prepared(connection)
    })
}

/// Removes an export's row; the file is the caller's to remove, after the commit.
///
/// # Errors
/// The database's failure.
pub fn delete_export(transaction: &mut Transaction<'_>, id: i64) -> Result<usize, StoreError> {
    transaction.change(|connection| diesel::delete(exports::table.find(id)).execute(connection))
}

/// Removes the rows of exports that are kept no longer, at most `limit`.
///
/// # Errors
/// The database's failure.
pub fn delete_ended(transaction: &mut Transaction<'_>, now: Timestamp, limit: i64) -> Result<usize, StoreError> {
    let ended: Vec<i64> = transaction.read(|connection| {
        exports::table
            .filter(exports::kept_until.le(now.0))
            .order(exports::kept_until.asc())
            .limit(limit)
            .select(exports::id)
            .load(connection)
    })?;
    if ended.is_empty() {
        return Ok(0);
    }
    transaction
        .change(|connection| diesel::delete(exports::table.filter(exports::id.eq_any(ended))).execute(connection))
}

/// Which of these exports have a row.
///
/// # Errors
/// The database's failure.
pub fn list_known(connection: &mut DbConnection, ids: &[i64]) -> QueryResult<Vec<i64>> {
    exports::table
        .filter(exports::id.eq_any(ids))
        .select(exports::id)
        .load(connection)
}

/// Every consent that a person ever gave, oldest first, at most `limit`, with the case it is bound to.
///
/// # Errors
/// The database's failure.
pub fn list_consents(
    connection: &mut DbConnection,
    person: i64,
    limit: i64,
) -> QueryResult<Vec<(ConsentRow, Option<i64>)>> {
    let own_cases = cases::table
        .filter(cases::requester_id.eq(person))
        .select(cases::id.nullable());
    let own = || {
        consents::table
            .filter(consents::person_id.eq(person))
            .order(consents::id.asc())
            .limit(limit)
    };
    let columns = || (ConsentRow::as_select(), consents::case_id);
    let mut given = own()
        .filter(consents::case_id.is_null())
        .select(columns())
        .load(connection)?;
    given.extend(
        own()
            .filter(consents::case_id.eq_any(own_cases))
            .select(columns())
            .load(connection)?,
    );
    given.sort_unstable_by_key(|(consent, _): &(ConsentRow, Option<i64>)| consent.id);
    given.truncate(usize::try_from(limit).unwrap_or_default());
    Ok(given)
}

/// The devices that a person registered.
///
/// # Errors
/// The database's failure.
pub fn list_devices(connection: &mut DbConnection, person: i64) -> QueryResult<Vec<DeviceRow>> {
    push_devices::table
        .filter(push_devices::account_id.eq(person))
        .order(push_devices::id.asc())
        .select(DeviceRow::as_select())
        .load(connection)
}

/// Photographs that a person sent, after the photograph `after`.
///
/// # Errors
/// The database's failure.
pub fn list_photos(connection: &mut DbConnection, person: i64, after: i64, limit: i64) -> QueryResult<Vec<PhotoRow>> {
    photos::table
        .filter(photos::uploader_id.eq(person).and(photos::id.gt(after)))
        .order(photos::id.asc())
        .limit(limit)
        .select(PhotoRow::as_select())
        .load(connection)
}

/// How many photographs a person sent.
///
/// # Errors
/// The database's failure.
pub fn count_photos(connection: &mut DbConnection, person: i64) -> QueryResult<i64> {
    photos::table
        .filter(photos::uploader_id.eq(person))
        .count()
        .get_result(connection)
}
