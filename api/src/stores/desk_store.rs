//! What a member of staff needs beside a case: who asked, who acted, and what else was reported of the kind.

use diesel::{prelude::*, sql_types::Bool};

use super::case_store::CaseRow;
use crate::database::{
    DbConnection,
    schema::{cases, persons, staff_accounts},
};

/// The requester as stored: the number is sealed.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = persons)]
pub struct RequesterRow {
    /// Sealed for `person.phone`.
    pub phone_cipher: Vec<u8>,
    /// How the person wants to be addressed.
    pub display_name: Option<String>,
}

/// A case and its requester.
///
/// # Errors
/// `NotFound`, or the database's failure.
pub fn get_case_with_requester(connection: &mut DbConnection, id: i64) -> QueryResult<(CaseRow, Option<RequesterRow>)> {
    cases::table
        .left_join(persons::table.on(cases::requester_id.eq(persons::id.nullable())))
        .filter(cases::id.eq(id))
        .select((CaseRow::as_select(), Option::<RequesterRow>::as_select()))
        .first(connection)
}

/// Names of members of staff; residents among the ids have none.
///
/// # Errors
/// The database's failure.
pub fn list_names(connection: &mut DbConnection, ids: &[i64]) -> QueryResult<Vec<(i64, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    staff_accounts::table
        .filter(staff_accounts::id.eq_any(ids))
        .select((staff_accounts::id, staff_accounts::display_name))
        .load(connection)
}

/// Open public cases of a category from the id `from` on, newest first.
///
/// # Errors
/// The database's failure.
pub fn list_public_of_category(
    connection: &mut DbConnection,
    category: &str,
    from: i64,
    limit: i64,
) -> QueryResult<Vec<CaseRow>> {
    // Written out, so that the planner sees that the partial index fits.
    let public = diesel::dsl::sql::<Bool>("cases.visibility = 'public'");
    cases::table
        .filter(public)
        .filter(cases::category.eq(category).and(cases::id.ge(from)))
        .filter(cases::is_open.eq(true))
        .order(cases::id.desc())
        .limit(limit)
        .select(CaseRow::as_select())
        .load(connection)
}
