//! The append-only timeline: every act on a case, with the sentence that the requester reads and the one for everybody else.

use diesel::prelude::*;

use crate::database::{DbConnection, append::append_row, schema::case_events};

/// An act on a case.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = case_events, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct CaseEventRow {
    /// Time-ordered id: when it happened.
    pub id: i64,
    /// The case.
    pub case_id: i64,
    /// The work order concerned.
    pub order_id: Option<i64>,
    /// The cycle in which it happened.
    pub cycle: i64,
    /// `Action`.
    pub action: String,
    /// The account that acted; none for the platform itself.
    pub actor_id: Option<i64>,
    /// `Role` in which it acted.
    pub actor_role: String,
    /// The unit for which it acted.
    pub actor_unit: Option<String>,
    /// `CaseState` before; none at submission.
    pub state_before: Option<String>,
    /// `CaseState` after.
    pub state_after: String,
    /// Who may read it: `public`, `requester`, `staff`.
    pub audience: String,
    /// What the requester reads; none for internal acts.
    pub sentence: Option<String>,
    /// What everybody else reads who may know of it: followers, those merged under it, the public; none for what is the
    /// requester's alone.
    pub public_sentence: Option<String>,
    /// The act's particulars as JSON, for staff.
    pub detail: String,
}
append_row!(CaseEventRow, case_events::table, order = 20);

/// The timeline, oldest first, at most `limit` entries.
///
/// # Errors
/// The database's failure.
pub fn list_events(connection: &mut DbConnection, case_id: i64, limit: i64) -> QueryResult<Vec<CaseEventRow>> {
    case_events::table
        .filter(case_events::case_id.eq(case_id))
        .order(case_events::id.asc())
        .limit(limit)
        .select(CaseEventRow::as_select())
        .load(connection)
}

/// What came last of these acts on a case, oldest first, at most `limit` entries.
///
/// # Errors
/// The database's failure.
pub fn list_latest(
    connection: &mut DbConnection,
    case_id: i64,
    actions: &[&str],
    limit: i64,
) -> QueryResult<Vec<CaseEventRow>> {
    let mut events: Vec<CaseEventRow> = case_events::table
        .filter(
            case_events::case_id
                .eq(case_id)
                .and(case_events::action.eq_any(actions)),
        )
        .order(case_events::id.desc())
        .limit(limit)
        .select(CaseEventRow::as_select())
        .load(connection)?;
    events.reverse();
    Ok(events)
}

/// The entries with these ids, oldest first.
///
/// # Errors
/// The database's failure.
pub fn list_by_ids(connection: &mut DbConnection, ids: &[i64]) -> QueryResult<Vec<CaseEventRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    case_events::table
        .filter(case_events::id.eq_any(ids))
        .order(case_events::id.asc())
        .select(CaseEventRow::as_select())
        .load(connection)
}
