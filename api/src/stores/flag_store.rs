//! Integrity signs that were raised, as rows: each with its evidence, open until somebody of the first tier decides.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use shared::domain::{integrity::FlagDecision, time::Timestamp};

use super::case_store::CaseRow;
use crate::database::{
    DbConnection, StoreError, Transaction,
    connection::on_each_backend,
    prepared::ExecutePrepared,
    schema::{cases, flags},
};

/// Something that shows a sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// An entry of a timeline.
    Event(i64),
    /// A work order that counted as signed.
    Order(i64),
}

/// A sign that was raised.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = flags, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct FlagRow {
    /// Time-ordered id: when it was raised.
    pub id: i64,
    /// The case whose step showed it.
    pub case_id: i64,
    /// The cycle.
    pub cycle: i64,
    /// `Sign`.
    pub sign: String,
    /// Code of the unit concerned.
    pub unit: Option<String>,
    /// JSON list of [`Evidence`], oldest first.
    pub evidence: String,
    /// `FlagDecision`; none while it is open.
    pub decision: Option<String>,
    /// Why it was decided so.
    pub reason: Option<String>,
    /// Who decided.
    pub decided_by: Option<i64>,
    /// When.
    pub decided_at: Option<i64>,
}

/// Raises a flag; not again for the same sign, case and cycle, nor while one waits that speaks of the same unit's unsigned orders.
///
/// # Errors
/// The database's failure.
pub fn insert_flag(transaction: &mut Transaction<'_>, row: &FlagRow) -> Result<(), StoreError> {
    transaction.change(|connection| {
        on_each_backend!(connection, |inner| {
            diesel::insert_into(flags::table)
                .values(row)
                .on_conflict_do_nothing()
                .execute(inner)
        })
    })?;
    Ok(())
}

/// A flag with its case.
///
/// # Errors
/// `NotFound`, or the database's failure.
pub fn get_with_case(connection: &mut DbConnection, id: i64) -> QueryResult<(FlagRow, CaseRow)> {
    flags::table
        .inner_join(cases::table.on(cases::id.eq(flags::case_id)))
        .filter(flags::id.eq(id))
        .select((FlagRow::as_select(), CaseRow::as_select()))
        .first(connection)
}

/// Decides a flag that is open.
///
/// # Errors
/// `Stale` when somebody else was faster; the database's failure.
pub fn decide_flag(
    transaction: &mut Transaction<'_>,
    id: i64,
    decision: FlagDecision,
    reason: &str,
    by: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    transaction.guarded(|connection| {
        diesel::update(flags::table.filter(flags::id.eq(id).and(flags::decision.is_null())))
            .set((
                flags::decision.eq(Some(decision.as_str())),
                flags::reason.eq(Some(reason)),
                flags::decided_by.eq(Some(by)),
                flags::decided_at.eq(Some(now.0)),
            ))
            .execute_prepared(connection)
    })
}
