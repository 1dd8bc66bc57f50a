//! Clocks as stored facts: started once with policy and calendar version, stopped by acts, woken by the sweep.

use std::collections::HashSet;

use diesel::{
    dsl::sql,
    expression::SqlLiteral,
    prelude::*,
    sql_types::{Array, BigInt, Bool, Nullable, Text},
};
use shared::domain::{
    deadline::{ClockKind, Limit},
    time::Timestamp,
};

use super::{parse_word, to_json};
use crate::database::{
    DbConnection, StoreError, Transaction, append::append_row, batch::BatchedChange, prepared::ExecutePrepared,
    schema::clocks,
};

/// A clock of a case.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = clocks, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct ClockRow {
    /// Time-ordered id.
    pub id: i64,
    /// The case.
    pub case_id: i64,
    /// The work order, when the clock is one's.
    pub order_id: Option<i64>,
    /// `ClockKind`.
    pub kind: String,
    /// When it started.
    pub started_at: i64,
    /// The first instant that is too late.
    pub due_at: i64,
    /// `Limit` that it was counted by; none when it goes on from where another one rested, or was set to a day.
    pub time_limit: Option<String>,
    /// The clock from which it goes on: extended by its own limit, else later by the rest in between.
    pub follows: Option<i64>,
    /// Computed over days that no notice has settled yet.
    pub provisional: bool,
    /// The deadline policy that gave the limit.
    pub policy_version: String,
    /// The calendar that counted the days.
    pub calendar_version: String,
    /// When an act stopped it.
    pub stopped_at: Option<i64>,
    /// When the sweep looks at it next; none when there is nothing left to do.
    pub wake_at: Option<i64>,
    /// Everything that there was to do about it up to this instant was done.
    pub told_until: i64,
}
append_row!(ClockRow, clocks::table, order = 40);

impl ClockRow {
    /// The limit that it was counted by, when it has one of its own.
    ///
    /// # Errors
    /// When the column holds something that this program does not know.
    pub fn limit(&self) -> Result<Option<Limit>, StoreError> {
        let limit = self.time_limit.as_deref();
        limit.map(|word| parse_word("clocks.time_limit", word)).transpose()
    }

    /// The version of the deadline policy that it was started under; none for a tier's clock, which has the ladder's.
    #[must_use]
    pub fn policy(&self) -> Option<&str> {
        let of_ladder = ClockKind::parse(&self.kind).is_some_and(ClockKind::is_of_ladder);
        (!of_ladder).then_some(&self.policy_version)
    }
}

/// Stops the running clocks of these kinds; the sweep forgets them. It waits for the other changes of the write.
pub fn stop_clocks(transaction: &mut Transaction<'_>, case_id: i64, kinds: &[ClockKind], now: Timestamp) {
    for kind in kinds {
        transaction.batch(StoppedClock {
            case_id,
            kind: *kind,
            at: now.0,
        });
    }
}

/// Whichever clocks of the kind run.
struct StoppedClock {
    case_id: i64,
    kind: ClockKind,
    at: i64,
}

const STOP_TOGETHER: &str = "UPDATE clocks SET stopped_at = v.at, wake_at = NULL FROM unnest($1, $2, $3) AS v (case_id, kind, at) \
    WHERE clocks.case_id = v.case_id AND clocks.kind = v.kind AND clocks.stopped_at IS NULL";

impl BatchedChange for StoppedClock {
    const ORDER: u8 = 10;

    fn write_all(waiting: Vec<Self>, connection: &mut DbConnection) -> Result<(), StoreError> {
        match connection {
            DbConnection::Postgres(inner) => {
                let cases: Vec<i64> = waiting.iter().map(|stopped| stopped.case_id).collect();
                let kinds: Vec<&str> = waiting.iter().map(|stopped| stopped.kind.as_str()).collect();
                let at: Vec<i64> = waiting.iter().map(|stopped| stopped.at).collect();
                diesel::sql_query(STOP_TOGETHER)
                    .bind::<Array<BigInt>, _>(cases)
                    .bind::<Array<Text>, _>(kinds)
                    .bind::<Array<BigInt>, _>(at)
                    .execute(inner)?;
            }
            DbConnection::Sqlite(_) => {
                for together in waiting.chunk_by(|one, next| (one.case_id, one.at) == (next.case_id, next.at)) {
                    stop_those_of_a_case(connection, together)?;
                }
            }
        }
        Ok(())
    }
}

fn stop_those_of_a_case(connection: &mut DbConnection, stopped: &[StoppedClock]) -> QueryResult<usize> {
    let Some(StoppedClock { case_id, at, .. }) = stopped.first() else {
        return Ok(0);
    };
    let names: Vec<&str> = stopped.iter().map(|stopped| stopped.kind.as_str()).collect();
    diesel::update(
        clocks::table
            .filter(clocks::case_id.eq(case_id))
            .filter(clocks::stopped_at.is_null())
            .filter(clocks::kind.eq_any(names)),
    )
    .set((clocks::stopped_at.eq(Some(at)), clocks::wake_at.eq(None::<i64>)))
    .execute_prepared(connection)
}

/// Of the clocks that the sweep must look at by `now` those of cases that no unit has yet, in keyset pages as [`list_due`].
///
/// # Errors
/// The database's failure.
pub fn list_due_without_unit(
    connection: &mut DbConnection,
    now: Timestamp,
    after: (i64, i64),
    limit: i64,
) -> QueryResult<Vec<ClockRow>> {
    // Written out, so that the planner sees that the partial index fits.
    let without = sql::<Bool>("clocks.kind IN ('accept', 'appeal_decision', 'dispatch')");
    clocks::table
        .filter(without)
        .filter(clocks::wake_at.is_not_null())
        .filter(clocks::wake_at.le(now.0))
        .filter(
            clocks::wake_at
                .gt(after.0)
                .or(clocks::wake_at.eq(after.0).and(clocks::id.gt(after.1))),
        )
        .order((clocks::wake_at.asc(), clocks::id.asc()))
        .limit(limit)
        .select(ClockRow::as_select())
        .load(connection)
}

/// The clocks that the sweep must look at by `now`, in keyset pages after (`wake_at`, `id`).
///
/// # Errors
/// The database's failure.
pub fn list_due(
    connection: &mut DbConnection,
    now: Timestamp,
    after: (i64, i64),
    limit: i64,
) -> QueryResult<Vec<ClockRow>> {
    clocks::table
        .filter(clocks::wake_at.is_not_null())
        .filter(clocks::wake_at.le(now.0))
        .filter(
            clocks::wake_at
                .gt(after.0)
                .or(clocks::wake_at.eq(after.0).and(clocks::id.gt(after.1))),
        )
        .order((clocks::wake_at.asc(), clocks::id.asc()))
        .limit(limit)
        .select(ClockRow::as_select())
        .load(connection)
}

/// The id of a clock.
#[derive(QueryableByName)]
struct WokenRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// As [`set_woken`] for many clocks, each with the instant at which it is looked at next; answers those that were not stopped or
/// woken by somebody else meanwhile.
///
/// # Errors
/// The database's failure.
pub fn set_all_woken(
    transaction: &mut Transaction<'_>,
    clocks: &[(&ClockRow, Option<Timestamp>)],
    now: Timestamp,
) -> Result<HashSet<i64>, StoreError> {
    let mut woken = HashSet::new();
    if clocks.is_empty() {
        return Ok(woken);
    }
    let ids: Vec<i64> = clocks.iter().map(|(clock, _)| clock.id).collect();
    let read: Vec<Option<i64>> = clocks.iter().map(|(clock, _)| clock.wake_at).collect();
    let next: Vec<Option<i64>> = clocks.iter().map(|(_, next)| next.map(|at| at.0)).collect();
    transaction.change(|connection| {
        let rows: Vec<WokenRow> = match connection {
            DbConnection::Sqlite(inner) => {
                let rows: Vec<_> = ids.iter().zip(&read).zip(&next).collect();
                diesel::sql_query(
                    "UPDATE clocks SET told_until = ?, wake_at = v.next FROM (SELECT value ->> '$[0][0]' AS id, \
                     value ->> '$[0][1]' AS read, value ->> '$[1]' AS next FROM json_each(?)) AS v \
                     WHERE clocks.id = v.id AND clocks.wake_at = v.read AND clocks.stopped_at IS NULL RETURNING id",
                )
                .bind::<BigInt, _>(now.0)
                .bind::<Text, _>(to_json(&rows))
                .load(inner)?
            }
            DbConnection::Postgres(inner) => diesel::sql_query(
                "UPDATE clocks SET told_until = $1, wake_at = v.next FROM unnest($2, $3, $4) AS v (id, read, next) \
                 WHERE clocks.id = v.id AND clocks.wake_at = v.read AND clocks.stopped_at IS NULL RETURNING clocks.id",
            )
            .bind::<BigInt, _>(now.0)
            .bind::<Array<BigInt>, _>(&ids)
            .bind::<Array<Nullable<BigInt>>, _>(&read)
            .bind::<Array<Nullable<BigInt>>, _>(&next)
            .load(inner)?,
        };
        woken.extend(rows.into_iter().map(|row| row.id));
        Ok(woken.len())
    })?;
    Ok(woken)
}

/// Remembers that everything up to `now` was done about a clock, and when to look again.
///
/// # Errors
/// `Stale` when the clock was stopped or woken meanwhile; the database's failure.
pub fn set_woken(
    transaction: &mut Transaction<'_>,
    clock: &ClockRow,
    now: Timestamp,
    wake_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    settle(transaction, clock, now.0, wake_at)
}

/// Has a clock looked at again later; what was done about it stays done.
///
/// # Errors
/// As [`set_woken`].
pub fn wake_again(transaction: &mut Transaction<'_>, clock: &ClockRow, at: Timestamp) -> Result<(), StoreError> {
    settle(transaction, clock, clock.told_until, Some(at))
}

/// Guarded by the instant at which the clock was to wake.
fn settle(
    transaction: &mut Transaction<'_>,
    clock: &ClockRow,
    told_until: i64,
    wake_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    transaction.guarded(|connection| {
        diesel::update(
            clocks::table
                .filter(clocks::id.eq(clock.id))
                .filter(clocks::stopped_at.is_null())
                .filter(clocks::wake_at.eq(clock.wake_at)),
        )
        .set((
            clocks::told_until.eq(told_until),
            clocks::wake_at.eq(wake_at.map(|moment| moment.0)),
        ))
        .execute_prepared(connection)
    })
}

/// Takes back that a clock was woken in this write: what was to be done about it was not, and it is looked at again.
///
/// # Errors
/// The database's failure.
pub fn give_back(transaction: &mut Transaction<'_>, clock: &ClockRow, at: Timestamp) -> Result<(), StoreError> {
    transaction.change(|connection| {
        diesel::update(clocks::table.filter(clocks::id.eq(clock.id)))
            .set((clocks::told_until.eq(clock.told_until), clocks::wake_at.eq(Some(at.0))))
            .execute_prepared(connection)
    })?;
    Ok(())
}

/// Stops a clock that was woken in this write and means nothing any more.
///
/// # Errors
/// The database's failure.
pub fn stop_clock(transaction: &mut Transaction<'_>, clock: &ClockRow, now: Timestamp) -> Result<(), StoreError> {
    transaction.change(|connection| {
        diesel::update(clocks::table.filter(clocks::id.eq(clock.id)))
            .set((clocks::stopped_at.eq(Some(now.0)), clocks::wake_at.eq(None::<i64>)))
            .execute_prepared(connection)
    })?;
    Ok(())
}

/// What a clock is by another calendar.
#[derive(Debug, Clone, Copy)]
pub struct Recounting<'a> {
    /// When it is due.
    pub due_at: i64,
    /// Whether that is still not settled.
    pub provisional: bool,
    /// The calendar.
    pub calendar_version: &'a str,
    /// When the sweep looks at it next.
    pub wake_at: Option<i64>,
}

/// Stores a clock as it is by another calendar.
///
/// # Errors
/// `Stale` when it was stopped, moved or looked at meanwhile; the database's failure.
pub fn recount(
    transaction: &mut Transaction<'_>,
    clock: &ClockRow,
    recounting: &Recounting<'_>,
) -> Result<(), StoreError> {
    transaction.guarded(|connection| {
        diesel::update(
            clocks::table
                .filter(clocks::id.eq(clock.id).and(clocks::stopped_at.is_null()))
                .filter(clocks::due_at.eq(clock.due_at))
                .filter(clocks::told_until.eq(clock.told_until)),
        )
        .set((
            clocks::due_at.eq(recounting.due_at),
            clocks::provisional.eq(recounting.provisional),
            clocks::calendar_version.eq(recounting.calendar_version),
            clocks::wake_at.eq(recounting.wake_at),
        ))
        .execute_prepared(connection)
    })
}

/// The first calendar after `after`, in the order of names, by which running clocks were counted provisionally.
///
/// # Errors
/// The database's failure.
pub fn find_provisional_calendar(connection: &mut DbConnection, after: &str) -> QueryResult<Option<String>> {
    clocks::table
        .filter(runs_provisionally())
        .filter(clocks::calendar_version.gt(after))
        .order(clocks::calendar_version.asc())
        .select(clocks::calendar_version)
        .first(connection)
        .optional()
}

/// The running clocks that were counted provisionally by this calendar, with their cases, after the id `after`.
///
/// # Errors
/// The database's failure.
pub fn list_provisional(
    connection: &mut DbConnection,
    calendar: &str,
    after: i64,
    limit: i64,
) -> QueryResult<Vec<(i64, i64)>> {
    clocks::table
        .filter(runs_provisionally())
        .filter(clocks::calendar_version.eq(calendar).and(clocks::id.gt(after)))
        .order(clocks::id.asc())
        .limit(limit)
        .select((clocks::id, clocks::case_id))
        .load(connection)
}

/// Written out, so that the planner sees that the partial index fits.
fn runs_provisionally() -> SqlLiteral<Bool> {
    sql("clocks.provisional AND clocks.stopped_at IS NULL")
}

/// The clock.
///
/// # Errors
/// `NotFound`, or the database's failure.
pub fn get_clock(connection: &mut DbConnection, id: i64) -> QueryResult<ClockRow> {
    clocks::table.find(id).select(ClockRow::as_select()).first(connection)
}

/// The latest clock of this kind of a case, running or not.
///
/// # Errors
/// The database's failure.
pub fn find_latest(connection: &mut DbConnection, case_id: i64, kind: &str) -> QueryResult<Option<ClockRow>> {
    clocks::table
        .filter(clocks::case_id.eq(case_id).and(clocks::kind.eq(kind)))
        .order(clocks::id.desc())
        .select(ClockRow::as_select())
        .first(connection)
        .optional()
}

/// The running clocks of a case.
///
/// # Errors
/// The database's failure.
pub fn list_running(connection: &mut DbConnection, case_id: i64) -> QueryResult<Vec<ClockRow>> {
    clocks::table
        .filter(clocks::case_id.eq(case_id).and(clocks::stopped_at.is_null()))
        .order(clocks::id.asc())
        .select(ClockRow::as_select())
        .load(connection)
}

/// Stops the running clock of this kind that is due then.
///
/// # Errors
/// The database's failure.
pub fn stop_due(
    transaction: &mut Transaction<'_>,
    case_id: i64,
    kind: ClockKind,
    due: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    transaction.change(|connection| {
        diesel::update(
            clocks::table.filter(
                clocks::case_id
                    .eq(case_id)
                    .and(clocks::kind.eq(kind.as_str()))
                    .and(clocks::due_at.eq(due.0))
                    .and(clocks::stopped_at.is_null()),
            ),
        )
        .set((clocks::stopped_at.eq(Some(now.0)), clocks::wake_at.eq(None::<i64>)))
        .execute(connection)
    })?;
    Ok(())
}

/// Gives a clock of one case to another that takes its place, and sets it going again: the leaving stopped it.
///
/// # Errors
/// The database's failure.
pub fn hand_over(
    transaction: &mut Transaction<'_>,
    (from_case, to_case): (i64, i64),
    kind: ClockKind,
    due: Timestamp,
) -> Result<(), StoreError> {
    transaction.change(|connection| {
        diesel::update(
            clocks::table.filter(
                clocks::case_id
                    .eq(from_case)
                    .and(clocks::kind.eq(kind.as_str()))
                    .and(clocks::due_at.eq(due.0)),
            ),
        )
        .set((
            clocks::case_id.eq(to_case),
            clocks::stopped_at.eq(None::<i64>),
            clocks::wake_at.eq(Some(due.0)),
        ))
        .execute_prepared(connection)
    })?;
    Ok(())
}

/// Gives the running clocks of these kinds of one case to another that takes its place.
///
/// # Errors
/// The database's failure.
pub fn hand_over_running(
    transaction: &mut Transaction<'_>,
    (from_case, to_case): (i64, i64),
    kinds: &[ClockKind],
) -> Result<(), StoreError> {
    let names: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
    let running = clocks::case_id.eq(from_case).and(clocks::stopped_at.is_null());
    transaction.change(|connection| {
        diesel::update(clocks::table.filter(running.and(clocks::kind.eq_any(names))))
            .set(clocks::case_id.eq(to_case))
            .execute_prepared(connection)
    })?;
    Ok(())
}
