//! Requests about own data as rows. When one is due is decided elsewhere.

use diesel::prelude::*;

use crate::database::{
    DbConnection, StoreError, Transaction, append::append_row, prepared::ExecutePrepared, schema::rights_requests,
};

/// A request about own data.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = rights_requests, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct RightsRequestRow {
    /// The request; tells when it was asked.
    pub id: i64,
    /// Rises with each change.
    pub version: i64,
    /// Who asks.
    pub person_id: i64,
    /// `RightsRequestKind`.
    pub kind: String,
    /// What the person wrote.
    pub words: String,
    /// The first instant that is too late.
    pub due_at: i64,
    /// The calendar that gave it.
    pub calendar_version: String,
    /// `RightsOutcome`; empty while open.
    pub outcome: Option<String>,
    /// What the person was answered.
    pub answer: Option<String>,
    /// Who answered.
    pub answered_by: Option<i64>,
    /// When.
    pub answered_at: Option<i64>,
}
append_row!(RightsRequestRow, rights_requests::table, order = 30);

/// The requests of one person, newest first.
///
/// # Errors
/// The database's failure.
pub fn list_of_person(connection: &mut DbConnection, person: i64, limit: i64) -> QueryResult<Vec<RightsRequestRow>> {
    rights_requests::table
        .filter(rights_requests::person_id.eq(person))
        .order(rights_requests::id.desc())
        .limit(limit)
        .select(RightsRequestRow::as_select())
        .load(connection)
}

/// Open requests of everybody, the soonest due first.
///
/// # Errors
/// The database's failure.
pub fn list_open(connection: &mut DbConnection, limit: i64) -> QueryResult<Vec<RightsRequestRow>> {
    rights_requests::table
        .filter(rights_requests::outcome.is_null())
        .order((rights_requests::due_at.asc(), rights_requests::id.asc()))
        .limit(limit)
        .select(RightsRequestRow::as_select())
        .load(connection)
}

/// The request with this id.
///
/// # Errors
/// `NotFound`, or the database's failure.
pub fn get_request(connection: &mut DbConnection, id: i64) -> QueryResult<RightsRequestRow> {
    rights_requests::table
        .find(id)
        .select(RightsRequestRow::as_select())
        .first(connection)
}

/// Answers a request that still has its version.
///
/// # Errors
/// `Stale`, or the database's failure.
pub fn move_to_answered(
    transaction: &mut Transaction<'_>,
    row: &RightsRequestRow,
    outcome: &str,
    answer: &str,
    by: i64,
    now: i64,
) -> Result<(), StoreError> {
    transaction.guarded(|connection| {
        diesel::update(
            rights_requests::table
                .filter(
                    rights_requests::id
                        .eq(row.id)
                        .and(rights_requests::version.eq(row.version)),
                )
                .filter(rights_requests::outcome.is_null()),
        )
        .set((
            rights_requests::version.eq(row.version + 1),
            rights_requests::outcome.eq(outcome),
            rights_requests::answer.eq(answer),
            rights_requests::answered_by.eq(by),
            rights_requests::answered_at.eq(now),
        ))
        .execute_prepared(connection)
    })
}
