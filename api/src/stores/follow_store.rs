//! Who follows which public case.

use diesel::prelude::*;

use super::case_store::CaseRow;
use crate::database::{
    DbConnection, StoreError, Transaction,
    append::append_row,
    schema::{cases, follows},
};

/// Somebody follows a case.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = follows, treat_none_as_default_value = false)]
pub struct FollowRow {
    /// The case.
    pub case_id: i64,
    /// The resident.
    pub person_id: i64,
    /// Since when.
    pub since: i64,
}
append_row!(FollowRow, follows::table, order = 70);

/// Whether the person follows the case.
///
/// # Errors
/// The database's failure.
pub fn follows_case(connection: &mut DbConnection, case_id: i64, person_id: i64) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(follows::table.find((case_id, person_id)))).get_result(connection)
}

/// Ends the following; answers how many there were.
///
/// # Errors
/// The database's failure.
pub fn delete_follow(transaction: &mut Transaction<'_>, case_id: i64, person_id: i64) -> Result<usize, StoreError> {
    transaction.change(|connection| diesel::delete(follows::table.find((case_id, person_id))).execute(connection))
}

/// The public cases that the person follows, newest case first, below the case `before`.
///
/// # Errors
/// The database's failure.
pub fn list_followed(
    connection: &mut DbConnection,
    person_id: i64,
    before: i64,
    limit: i64,
) -> QueryResult<Vec<CaseRow>> {
    follows::table
        .inner_join(cases::table.on(cases::id.eq(follows::case_id)))
        .filter(follows::person_id.eq(person_id).and(follows::case_id.lt(before)))
        .filter(cases::visibility.eq("public"))
        .order(follows::case_id.desc())
        .limit(limit)
        .select(CaseRow::as_select())
        .load(connection)
}
