//! Work orders: what a unit is given in one cycle, and where it stands with it.

use diesel::prelude::*;

use crate::database::{
    DbConnection, StoreError, Transaction,
    append::append_row,
    prepared::ExecutePrepared,
    schema::{staff_accounts, staff_grants, work_orders},
};

/// A work order.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = work_orders, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct WorkOrderRow {
    /// Time-ordered id: when it was dispatched.
    pub id: i64,
    /// One more at every change.
    pub version: i64,
    /// The case.
    pub case_id: i64,
    /// The cycle in which it was given.
    pub cycle: i64,
    /// `lead` or `co`.
    pub role: String,
    /// Code of the unit that holds it.
    pub unit: String,
    /// The handler named by the unit.
    pub handler_id: Option<i64>,
    /// `to_sign`, `return_requested`, `handling`, `reply_to_sign`, `to_review`, `finished`, `returned`, `cancelled`.
    pub stage: String,
    /// The case's `Urgency` when it was given out: lists are read in its order.
    pub urgency: String,
    /// The dispatcher; none when a catalogue rule did it.
    pub dispatched_by: Option<i64>,
    /// Why this unit.
    pub reason: String,
    /// When it was signed for.
    pub signed_at: Option<i64>,
    /// The unit let the limit pass and counts as having signed.
    pub deemed_signed: bool,
    /// When the requester was first contacted.
    pub contacted_at: Option<i64>,
    /// When its part was done.
    pub finished_at: Option<i64>,
    /// When the reply is due.
    pub due_at: Option<i64>,
}
append_row!(WorkOrderRow, work_orders::table, order = 30);

/// The order with this id.
///
/// # Errors
/// `NotFound`, or the database's failure.
pub fn get_order(connection: &mut DbConnection, id: i64) -> QueryResult<WorkOrderRow> {
    work_orders::table
        .find(id)
        .select(WorkOrderRow::as_select())
        .first(connection)
}

/// All orders of a case, oldest first.
///
/// # Errors
/// The database's failure.
pub fn list_orders(connection: &mut DbConnection, case_id: i64) -> QueryResult<Vec<WorkOrderRow>> {
    work_orders::table
        .filter(work_orders::case_id.eq(case_id))
        .order(work_orders::id.asc())
        .limit(200)
        .select(WorkOrderRow::as_select())
        .load(connection)
}

/// All work orders of these cases, each case's in their order.
///
/// # Errors
/// The database's failure.
pub fn list_orders_of(connection: &mut DbConnection, case_ids: &[i64]) -> QueryResult<Vec<WorkOrderRow>> {
    if case_ids.is_empty() {
        return Ok(Vec::new());
    }
    work_orders::table
        .filter(work_orders::case_id.eq_any(case_ids))
        .order((work_orders::case_id.asc(), work_orders::id.asc()))
        .select(WorkOrderRow::as_select())
        .load(connection)
}

/// The order with this id among all orders of its case, oldest first; none when there is no such order.
///
/// # Errors
/// The database's failure.
pub fn list_siblings(connection: &mut DbConnection, id: i64) -> QueryResult<Vec<WorkOrderRow>> {
    let asked = diesel::alias!(work_orders as asked);
    let case_id = asked
        .filter(asked.field(work_orders::id).eq(id))
        .select(asked.field(work_orders::case_id));
    work_orders::table
        .filter(work_orders::case_id.eq_any(case_id))
        .order(work_orders::id.asc())
        .limit(200)
        .select(WorkOrderRow::as_select())
        .load(connection)
}

/// Writes what a step may change of an order, when it still has the version that was read.
///
/// # Errors
/// `Stale` when somebody else was faster; the database's failure.
pub fn move_order(transaction: &mut Transaction<'_>, order: &WorkOrderRow) -> Result<(), StoreError> {
    transaction.guarded(|connection| {
        diesel::update(
            work_orders::table.filter(work_orders::id.eq(order.id).and(work_orders::version.eq(order.version))),
        )
        .set((
            work_orders::version.eq(order.version + 1),
            work_orders::unit.eq(&order.unit),
            work_orders::handler_id.eq(order.handler_id),
            work_orders::stage.eq(&order.stage),
            work_orders::signed_at.eq(order.signed_at),
            work_orders::deemed_signed.eq(order.deemed_signed),
            work_orders::contacted_at.eq(order.contacted_at),
            work_orders::finished_at.eq(order.finished_at),
            work_orders::due_at.eq(order.due_at),
        ))
        .execute_prepared(connection)
    })
}

/// Moves the due instant of the orders of a case that are due at `before` and not finished.
///
/// # Errors
/// The database's failure.
pub fn move_dues(transaction: &mut Transaction<'_>, case_id: i64, before: i64, after: i64) -> Result<(), StoreError> {
    let open = work_orders::case_id.eq(case_id).and(work_orders::finished_at.is_null());
    transaction.change(|connection| {
        diesel::update(work_orders::table.filter(open.and(work_orders::due_at.eq(before))))
            .set((
                work_orders::due_at.eq(Some(after)),
                work_orders::version.eq(work_orders::version + 1),
            ))
            .execute_prepared(connection)
    })?;
    Ok(())
}

/// Gives the open orders of one case to another that takes its place.
///
/// # Errors
/// The database's failure.
pub fn hand_over(transaction: &mut Transaction<'_>, from_case: i64, to_case: i64) -> Result<(), StoreError> {
    transaction.change(|connection| {
        diesel::update(work_orders::table.filter(work_orders::case_id.eq(from_case)))
            .set((
                work_orders::case_id.eq(to_case),
                work_orders::version.eq(work_orders::version + 1),
            ))
            .execute_prepared(connection)
    })?;
    Ok(())
}

/// The orders of a case lead it no more: another's take their place.
///
/// # Errors
/// The database's failure.
pub fn stand_back(transaction: &mut Transaction<'_>, case_id: i64) -> Result<(), StoreError> {
    transaction.change(|connection| {
        diesel::update(work_orders::table.filter(work_orders::case_id.eq(case_id).and(work_orders::role.eq("lead"))))
            .set((
                work_orders::role.eq("co"),
                work_orders::version.eq(work_orders::version + 1),
            ))
            .execute_prepared(connection)
    })?;
    Ok(())
}

/// The roles in force of an active member of staff, each with the root of the units that it reaches.
///
/// # Errors
/// The database's failure.
pub fn list_handler_grants(
    connection: &mut DbConnection,
    account_id: i64,
) -> QueryResult<Vec<(String, Option<String>)>> {
    staff_grants::table
        .inner_join(staff_accounts::table.on(staff_grants::account_id.eq(staff_accounts::id)))
        .filter(
            staff_grants::account_id
                .eq(account_id)
                .and(staff_grants::revoked_at.is_null()),
        )
        .filter(staff_accounts::status.eq("active"))
        .select((staff_grants::role, staff_grants::unit))
        .limit(200)
        .load(connection)
}

/// The latest orders of a unit that counted as signed, from the id `from` on, oldest first, at most `limit`.
///
/// # Errors
/// The database's failure.
pub fn list_unsigned(connection: &mut DbConnection, unit: &str, from: i64, limit: i64) -> QueryResult<Vec<i64>> {
    // Written out, so that the planner sees that the partial index fits.
    let unsigned = diesel::dsl::sql::<diesel::sql_types::Bool>("work_orders.deemed_signed");
    let mut orders: Vec<i64> = work_orders::table
        .filter(unsigned)
        .filter(work_orders::unit.eq(unit).and(work_orders::id.ge(from)))
        .order(work_orders::id.desc())
        .limit(limit)
        .select(work_orders::id)
        .load(connection)?;
    orders.reverse();
    Ok(orders)
}

/// The orders with these ids, oldest first.
///
/// # Errors
/// The database's failure.
pub fn list_by_ids(connection: &mut DbConnection, ids: &[i64]) -> QueryResult<Vec<WorkOrderRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    work_orders::table
        .filter(work_orders::id.eq_any(ids))
        .order(work_orders::id.asc())
        .select(WorkOrderRow::as_select())
        .load(connection)
}
