//! The lists that staff work from, as rows in the order in which they came. Each list has its index; who may see an entry is
//! decided elsewhere.

use diesel::{dsl::exists, prelude::*, sql_types::Bool};

use super::{
    case_store::CaseRow,
    clock_store::ClockRow,
    flag_store::{self, FlagRow},
    order_store::WorkOrderRow,
};
use crate::database::{
    DbConnection,
    schema::{cases, clocks, counters, look_backs, replies, work_orders},
};

/// Units, cases or counters named in one statement at most.
pub const MOST_NAMED: usize = 500;

/// An entry: where the next page goes on, the order when the list is one of orders, and the case.
#[derive(Debug, Clone)]
pub struct QueueRow {
    /// The list goes on after this.
    pub key: i64,
    /// The work order.
    pub order: Option<WorkOrderRow>,
    /// The sign that was raised, when the list is one of flags.
    pub flag: Option<FlagRow>,
    /// The case.
    pub case: CaseRow,
}

/// The cases in a state, in these counties when any are named.
///
/// # Errors
/// The database's failure.
pub fn list_by_state(
    connection: &mut DbConnection,
    state: &str,
    counties: &[String],
    after: i64,
    limit: i64,
) -> QueryResult<Vec<QueueRow>> {
    let all = cases::table
        .filter(cases::state.eq(state).and(cases::id.gt(after)))
        .order(cases::id.asc())
        .limit(limit)
        .select(CaseRow::as_select());
    let rows: Vec<CaseRow> = match counties {
        [] => all.load(connection)?,
        [county] => all.filter(cases::county.eq(county)).load(connection)?,
        several => all.filter(cases::county.eq_any(several)).load(connection)?,
    };
    let entry = |case: CaseRow| QueueRow {
        key: case.id,
        order: None,
        flag: None,
        case,
    };
    Ok(rows.into_iter().map(entry).collect())
}

/// The orders of these units at a stage.
///
/// # Errors
/// The database's failure.
pub fn list_by_units(
    connection: &mut DbConnection,
    units: &[String],
    stage: &str,
    after: i64,
    limit: i64,
) -> QueryResult<Vec<QueueRow>> {
    let rows = work_orders::table
        .inner_join(cases::table.on(cases::id.eq(work_orders::case_id)))
        .filter(work_orders::unit.eq_any(units).and(work_orders::stage.eq(stage)))
        .filter(work_orders::id.gt(after))
        .order(work_orders::id.asc())
        .limit(limit)
        .select((WorkOrderRow::as_select(), CaseRow::as_select()))
        .load(connection)?;
    Ok(of_orders(rows))
}

/// The orders of these units at a stage whose reply waits for the leader.
///
/// # Errors
/// The database's failure.
pub fn list_unsigned(
    connection: &mut DbConnection,
    units: &[String],
    stage: &str,
    after: i64,
    limit: i64,
) -> QueryResult<Vec<QueueRow>> {
    let waiting = replies::table.filter(
        replies::case_id
            .eq(work_orders::case_id)
            .and(replies::state.eq("to_review")),
    );
    let rows = work_orders::table
        .inner_join(cases::table.on(cases::id.eq(work_orders::case_id)))
        .filter(work_orders::unit.eq_any(units).and(work_orders::stage.eq(stage)))
        .filter(work_orders::id.gt(after).and(exists(waiting)))
        .order(work_orders::id.asc())
        .limit(limit)
        .select((WorkOrderRow::as_select(), CaseRow::as_select()))
        .load(connection)?;
    Ok(of_orders(rows))
}

/// The orders of a handler at a stage.
///
/// # Errors
/// The database's failure.
pub fn list_by_handler(
    connection: &mut DbConnection,
    handler: i64,
    stage: &str,
    after: i64,
    limit: i64,
) -> QueryResult<Vec<QueueRow>> {
    let rows = work_orders::table
        .inner_join(cases::table.on(cases::id.eq(work_orders::case_id)))
        .filter(work_orders::handler_id.eq(handler).and(work_orders::stage.eq(stage)))
        .filter(work_orders::id.gt(after))
        .order(work_orders::id.asc())
        .limit(limit)
        .select((WorkOrderRow::as_select(), CaseRow::as_select()))
        .load(connection)?;
    Ok(of_orders(rows))
}

/// The cases in a state for which a clock of a decision runs.
///
/// # Errors
/// The database's failure.
pub fn list_decisions(
    connection: &mut DbConnection,
    clock: &str,
    state: &str,
    after: i64,
    limit: i64,
) -> QueryResult<Vec<QueueRow>> {
    // Written out, so that the planner sees that the partial index fits.
    let waits = diesel::dsl::sql::<Bool>(
        "clocks.stopped_at IS NULL AND clocks.kind IN ('judge_demand', 'second_person', 'extension_decision', \
         'commitment_decision', 'exclusion_decision')",
    );
    let rows: Vec<(i64, CaseRow)> = clocks::table
        .inner_join(cases::table.on(cases::id.eq(clocks::case_id)))
        .filter(waits)
        .filter(clocks::kind.eq(clock).and(clocks::id.gt(after)))
        .filter(cases::state.eq(state))
        .order(clocks::id.asc())
        .limit(limit)
        .select((clocks::id, CaseRow::as_select()))
        .load(connection)?;
    let entry = |(key, case)| QueueRow {
        key,
        order: None,
        flag: None,
        case,
    };
    Ok(rows.into_iter().map(entry).collect())
}

/// The look-backs that are open.
///
/// # Errors
/// The database's failure.
pub fn list_look_backs(connection: &mut DbConnection, after: i64, limit: i64) -> QueryResult<Vec<QueueRow>> {
    let rows: Vec<(i64, CaseRow)> = look_backs::table
        .inner_join(cases::table.on(cases::id.eq(look_backs::case_id)))
        .filter(look_backs::closed_at.is_null().and(look_backs::id.gt(after)))
        .order(look_backs::id.asc())
        .limit(limit)
        .select((look_backs::id, CaseRow::as_select()))
        .load(connection)?;
    let entry = |(key, case)| QueueRow {
        key,
        order: None,
        flag: None,
        case,
    };
    Ok(rows.into_iter().map(entry).collect())
}

/// The flags that nobody has decided about.
///
/// # Errors
/// The database's failure.
pub fn list_flags(connection: &mut DbConnection, after: i64, limit: i64) -> QueryResult<Vec<QueueRow>> {
    let rows = flag_store::list_open(connection, after, limit)?;
    let entry = |(flag, case): (FlagRow, CaseRow)| QueueRow {
        key: flag.id,
        order: None,
        flag: Some(flag),
        case,
    };
    Ok(rows.into_iter().map(entry).collect())
}

fn of_orders(rows: Vec<(WorkOrderRow, CaseRow)>) -> Vec<QueueRow> {
    let entry = |(order, case): (WorkOrderRow, CaseRow)| QueueRow {
        key: order.id,
        order: Some(order),
        flag: None,
        case,
    };
    rows.into_iter().map(entry).collect()
}

/// The running clocks of these cases.
///
/// # Errors
/// The database's failure.
pub fn list_clocks(connection: &mut DbConnection, case_ids: &[i64]) -> QueryResult<Vec<ClockRow>> {
    clocks::table
        .filter(clocks::case_id.eq_any(case_ids).and(clocks::stopped_at.is_null()))
        .order(clocks::id.asc())
        .select(ClockRow::as_select())
        .load(connection)
}

/// The counters of one name with these dimensions.
///
/// # Errors
/// The database's failure.
pub fn list_counters(
    connection: &mut DbConnection,
    name: &str,
    dimensions: &[String],
) -> QueryResult<Vec<(String, i64)>> {
    counters::table
        .filter(counters::name.eq(name).and(counters::dimension.eq_any(dimensions)))
        .select((counters::dimension, counters::amount))
        .load(connection)
}
