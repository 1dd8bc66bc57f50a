//! Supervisions and what was done in them, as rows. Who may see them and what follows is decided elsewhere.

use diesel::prelude::*;
use shared::domain::{
    supervision::{SupervisionResult, Tier},
    time::Timestamp,
};

use super::case_store::CaseRow;
use crate::database::{
    DbConnection, StoreError, Transaction,
    append::{add_rows, append_row},
    batch::BatchedChange,
    prepared::ExecutePrepared,
    schema::{cases, supervision_actions, supervisions},
};

/// A supervision.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = supervisions, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct SupervisionRow {
    /// Time-ordered id: when it was opened.
    pub id: i64,
    /// One more at every change.
    pub version: i64,
    /// The case.
    pub case_id: i64,
    /// The case's cycle at the opening.
    pub cycle: i64,
    /// `Tier`.
    pub tier: String,
    /// `Cause`.
    pub cause: String,
    /// What the cause happened at: one cause opens once for each.
    pub occasion: String,
    /// `Role` of those who hold it.
    pub owner: String,
    /// The ladder that gave tier and limits.
    pub policy_version: String,
    /// The calendar that counted the days.
    pub calendar_version: String,
    /// The supervisor who opened it by hand; none for the platform.
    pub opened_by: Option<i64>,
    /// Why, in the supervisor's words.
    pub reason: Option<String>,
    /// The leader in charge by name.
    pub leader: Option<String>,
    /// When the unit's answer or plan is due.
    pub answer_due_at: Option<i64>,
    /// When it was recorded.
    pub answered_at: Option<i64>,
    /// When the result is due.
    pub due_at: i64,
    /// Times it was postponed.
    pub postponements: i64,
    /// Working days asked for, while a request to postpone waits.
    pub postpone_days: Option<i64>,
    /// Why.
    pub postpone_reason: Option<String>,
    /// Who asked.
    pub postpone_by: Option<i64>,
    /// `SupervisionResult`.
    pub result: Option<String>,
    /// The result in words.
    pub result_words: Option<String>,
    /// Who recorded it; none for the platform.
    pub closed_by: Option<i64>,
    /// When.
    pub closed_at: Option<i64>,
}

/// What may be told of a supervision to those who may see its case.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = supervisions)]
pub struct SupervisionFactsRow {
    /// Time-ordered id: when it was opened.
    pub id: i64,
    /// `Tier`.
    pub tier: String,
    /// `Cause`.
    pub cause: String,
    /// `Role` of those who hold it.
    pub owner: String,
    /// When the result is due.
    pub due_at: i64,
    /// `SupervisionResult`.
    pub result: Option<String>,
    /// When it was recorded.
    pub closed_at: Option<i64>,
}

/// What was done in a supervision: a tool, with a note and its evidence.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = supervision_actions, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct SupervisionActionRow {
    /// Time-ordered id: when.
    pub id: i64,
    /// The supervision.
    pub supervision_id: i64,
    /// `Tool`.
    pub tool: String,
    /// What was done.
    pub note: String,
    /// JSON list of links.
    pub evidence: String,
    /// Who.
    pub actor_id: i64,
}
append_row!(SupervisionActionRow, supervision_actions::table, order = 45);

/// Adds a supervision, which what runs later in the same group finds. One cause opens once for each occasion.
pub fn insert_supervision(transaction: &mut Transaction<'_>, row: SupervisionRow) {
    transaction.batch(row);
}

impl BatchedChange for SupervisionRow {
    const ORDER: u8 = 40;

    fn write_all(waiting: Vec<Self>, connection: &mut DbConnection) -> Result<(), StoreError> {
        add_rows!(&waiting, supervisions::table, connection);
        Ok(())
    }
}

/// The supervision.
///
/// # Errors
/// `NotFound`, or the database's failure.
pub fn get_supervision(connection: &mut DbConnection, id: i64) -> QueryResult<SupervisionRow> {
    supervisions::table
        .find(id)
        .select(SupervisionRow::as_select())
        .first(connection)
}

/// The supervision with its case.
///
/// # Errors
/// `NotFound`, or the database's failure.
pub fn get_with_case(connection: &mut DbConnection, id: i64) -> QueryResult<(SupervisionRow, CaseRow)> {
    supervisions::table
        .inner_join(cases::table.on(cases::id.eq(supervisions::case_id)))
        .filter(supervisions::id.eq(id))
        .select((SupervisionRow::as_select(), CaseRow::as_select()))
        .first(connection)
}

/// The case's supervisions, oldest first.
///
/// # Errors
/// The database's failure.
pub fn list_of_case(connection: &mut DbConnection, case_id: i64) -> QueryResult<Vec<SupervisionFactsRow>> {
    supervisions::table
        .filter(supervisions::case_id.eq(case_id))
        .order(supervisions::id.asc())
        .limit(100)
        .select(SupervisionFactsRow::as_select())
        .load(connection)
}

/// What opened a supervision: one cause opens once for each occasion.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Opening {
    /// The case.
    pub case_id: i64,
    /// `Cause`.
    pub cause: String,
    /// What it happened at.
    pub occasion: String,
}

/// What opened the supervisions of these cases.
///
/// # Errors
/// The database's failure.
pub fn list_openings(connection: &mut DbConnection, case_ids: &[i64]) -> QueryResult<Vec<Opening>> {
    if case_ids.is_empty() {
        return Ok(Vec::new());
    }
    supervisions::table
        .filter(supervisions::case_id.eq_any(case_ids))
        .select((supervisions::case_id, supervisions::cause, supervisions::occasion))
        .load(connection)
}

/// Writes what may change of an open supervision, when it still has the version that was read.
///
/// # Errors
/// `Stale` when somebody else was faster; the database's failure.
pub fn move_supervision(transaction: &mut Transaction<'_>, row: &SupervisionRow) -> Result<(), StoreError> {
    transaction.guarded(|connection| {
        diesel::update(
            supervisions::table.filter(supervisions::id.eq(row.id).and(supervisions::version.eq(row.version))),
        )
        .set((
            supervisions::version.eq(row.version + 1),
            supervisions::leader.eq(&row.leader),
            supervisions::answered_at.eq(row.answered_at),
            supervisions::calendar_version.eq(&row.calendar_version),
            supervisions::due_at.eq(row.due_at),
            supervisions::postponements.eq(row.postponements),
            supervisions::postpone_days.eq(row.postpone_days),
            supervisions::postpone_reason.eq(&row.postpone_reason),
            supervisions::postpone_by.eq(row.postpone_by),
        ))
        .execute_prepared(connection)
    })
}

/// Moves the due instants of an open supervision, those of its result and of its answer that are given.
///
/// # Errors
/// `Stale` when it has ended; the database's failure.
pub fn move_dues(
    transaction: &mut Transaction<'_>,
    id: i64,
    (result, answer): (Option<i64>, Option<i64>),
    calendar_version: &str,
) -> Result<(), StoreError> {
    let open = supervisions::id.eq(id).and(supervisions::closed_at.is_null());
    transaction.guarded(|connection| {
        diesel::update(supervisions::table.filter(open))
            .set((
                supervisions::version.eq(supervisions::version + 1),
                supervisions::calendar_version.eq(calendar_version),
                result.map(|due| supervisions::due_at.eq(due)),
                answer.map(|due| supervisions::answer_due_at.eq(Some(due))),
            ))
            .execute_prepared(connection)
    })
}

/// How a supervision ends.
#[derive(Debug, Clone, Copy)]
pub struct Ending<'a> {
    /// The result.
    pub result: SupervisionResult,
    /// In words.
    pub words: Option<&'a str>,
    /// Who recorded it.
    pub by: Option<i64>,
}

/// Ends a supervision that is open; what waited for a second person is over with it.
///
/// # Errors
/// `Stale` when it has ended already; the database's failure.
pub fn end_supervision(
    transaction: &mut Transaction<'_>,
    id: i64,
    ending: &Ending<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    transaction.guarded(|connection| {
        diesel::update(supervisions::table.filter(supervisions::id.eq(id).and(supervisions::closed_at.is_null())))
            .set((
                supervisions::version.eq(supervisions::version + 1),
                supervisions::postpone_days.eq(None::<i64>),
                supervisions::postpone_by.eq(None::<i64>),
                supervisions::result.eq(Some(ending.result.as_str())),
                supervisions::result_words.eq(ending.words),
                supervisions::closed_by.eq(ending.by),
                supervisions::closed_at.eq(Some(now.0)),
            ))
            .execute_prepared(connection)
    })
}

/// Gives the open supervision of one case to another that takes its place; what it happened at stays apart from what happened
/// to that one before.
///
/// # Errors
/// The database's failure.
pub fn hand_over(transaction: &mut Transaction<'_>, from_case: i64, to_case: i64) -> Result<(), StoreError> {
    let open = supervisions::case_id
        .eq(from_case)
        .and(supervisions::closed_at.is_null());
    transaction.change(|connection| {
        diesel::update(supervisions::table.filter(open))
            .set((
                supervisions::version.eq(supervisions::version + 1),
                supervisions::case_id.eq(to_case),
                supervisions::occasion.eq(supervisions::occasion.concat(format!(" of {from_case}"))),
            ))
            .execute_prepared(connection)
    })?;
    Ok(())
}

/// The open supervisions of a tier with their cases, oldest first, after the id `after`.
///
/// # Errors
/// The database's failure.
pub fn list_open(
    connection: &mut DbConnection,
    tier: Tier,
    after: i64,
    limit: i64,
) -> QueryResult<Vec<(SupervisionRow, CaseRow)>> {
    supervisions::table
        .inner_join(cases::table.on(cases::id.eq(supervisions::case_id)))
        .filter(supervisions::closed_at.is_null())
        .filter(supervisions::tier.eq(tier.as_str()).and(supervisions::id.gt(after)))
        .order(supervisions::id.asc())
        .limit(limit)
        .select((SupervisionRow::as_select(), CaseRow::as_select()))
        .load(connection)
}

/// What was done in a supervision, oldest first.
///
/// # Errors
/// The database's failure.
pub fn list_actions(connection: &mut DbConnection, supervision_id: i64) -> QueryResult<Vec<SupervisionActionRow>> {
    supervision_actions::table
        .filter(supervision_actions::supervision_id.eq(supervision_id))
        .order(supervision_actions::id.asc())
        .limit(500)
        .select(SupervisionActionRow::as_select())
        .load(connection)
}
