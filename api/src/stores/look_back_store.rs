//! Look-backs as rows: opened when one is due, closed when its finding is recorded or the case is taken up again.

use diesel::prelude::*;
use shared::domain::{supervision::LookBackFinding, time::Timestamp};

use crate::database::{
    DbConnection, StoreError, Transaction, connection::on_each_backend, prepared::ExecutePrepared, schema::look_backs,
};

/// A look-back at a closed case.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = look_backs, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct LookBackRow {
    /// Time-ordered id: when it was opened.
    pub id: i64,
    /// The case.
    pub case_id: i64,
    /// The cycle that ended.
    pub cycle: i64,
    /// `ClockKind` of the clock that brought it about.
    pub clock: String,
    /// `LookBackFinding`; none while it is open, or when the case was taken up before.
    pub finding: Option<String>,
    /// What was seen, for staff.
    pub notes: Option<String>,
    /// Who went.
    pub recorded_by: Option<i64>,
    /// When it was recorded, or over because the case was taken up again.
    pub closed_at: Option<i64>,
}

/// Adds a look-back now; not again for the same clock of the same cycle. Answers whether it was added.
///
/// # Errors
/// The database's failure.
pub fn insert_look_back(transaction: &mut Transaction<'_>, row: &LookBackRow) -> Result<bool, StoreError> {
    let added = transaction.change(|connection| {
        on_each_backend!(connection, |inner| {
            diesel::insert_into(look_backs::table)
                .values(row)
                .on_conflict_do_nothing()
                .execute(inner)
        })
    })?;
    Ok(added == 1)
}

/// The look-backs of a case that are open: one, since a visit answers for all that are due.
///
/// # Errors
/// The database's failure.
pub fn find_open(connection: &mut DbConnection, case_id: i64) -> QueryResult<Option<LookBackRow>> {
    look_backs::table
        .filter(look_backs::case_id.eq(case_id).and(look_backs::closed_at.is_null()))
        .order(look_backs::id.asc())
        .select(LookBackRow::as_select())
        .first(connection)
        .optional()
}

/// Closes the open look-back with what was found.
///
/// # Errors
/// `Stale` when it is closed already; the database's failure.
pub fn record_finding(
    transaction: &mut Transaction<'_>,
    id: i64,
    finding: LookBackFinding,
    notes: &str,
    by: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    transaction.guarded(|connection| {
        diesel::update(look_backs::table.filter(look_backs::id.eq(id).and(look_backs::closed_at.is_null())))
            .set((
                look_backs::finding.eq(Some(finding.as_str())),
                look_backs::notes.eq(Some(notes)),
                look_backs::recorded_by.eq(Some(by)),
                look_backs::closed_at.eq(Some(now.0)),
            ))
            .execute_prepared(connection)
    })
}

/// Closes what is open without a finding: the case was taken up again.
///
/// # Errors
/// The database's failure.
pub fn stop_look_backs(transaction: &mut Transaction<'_>, case_id: i64, now: Timestamp) -> Result<(), StoreError> {
    let open = look_backs::case_id.eq(case_id).and(look_backs::closed_at.is_null());
    transaction.change(|connection| {
        diesel::update(look_backs::table.filter(open))
            .set(look_backs::closed_at.eq(Some(now.0)))
            .execute_prepared(connection)
    })?;
    Ok(())
}
