//! Work orders: what a unit is given in one cycle, and where it stands with it.

use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Bool, Nullable, Text},
};

use crate::database::{
    DbConnection, StoreError, Transaction,
    append::append_row,
    batch::{BatchedChange, all_of},
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

/// Writes what a step may change of an order, when it still has the version that was read. It waits for the other changes of the write,
/// and is `Stale` there when somebody else was faster.
pub fn move_order(transaction: &mut Transaction<'_>, order: WorkOrderRow) {
    transaction.batch(MovedOrder(order));
}

/// An order as a step leaves it, with the version that was read.
struct MovedOrder(WorkOrderRow);

impl BatchedChange for MovedOrder {
    const ORDER: u8 = 20;

    fn write_all(waiting: Vec<Self>, connection: &mut DbConnection) -> Result<(), StoreError> {
        match connection {
            DbConnection::Postgres(inner) if waiting.len() > 1 => {
                all_of(waiting.len(), move_together(inner, &waiting)?)
            }
            _ => waiting.iter().try_for_each(|moved| all_of(1, moved.write(connection)?)),
        }
    }
}

impl MovedOrder {
    fn write(&self, connection: &mut DbConnection) -> QueryResult<usize> {
        let Self(order) = self;
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
    }
}

const MOVE_TOGETHER: &str = "UPDATE work_orders SET \
    version = v.version + 1, unit = v.unit, handler_id = v.handler_id, stage = v.stage, signed_at = v.signed_at, \
    deemed_signed = v.deemed_signed, contacted_at = v.contacted_at, finished_at = v.finished_at, due_at = v.due_at \
    FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
    AS v (id, version, unit, handler_id, stage, signed_at, deemed_signed, contacted_at, finished_at, due_at) \
    WHERE work_orders.id = v.id AND work_orders.version = v.version";

/// As [`MovedOrder::write`] for many at once.
fn move_together(connection: &mut PgConnection, moved: &[MovedOrder]) -> QueryResult<usize> {
    diesel::sql_query(MOVE_TOGETHER)
        .bind::<Array<BigInt>, _>(list(moved, |row| row.id))
        .bind::<Array<BigInt>, _>(list(moved, |row| row.version))
        .bind::<Array<Text>, _>(list(moved, |row| &row.unit))
        .bind::<Array<Nullable<BigInt>>, _>(list(moved, |row| row.handler_id))
        .bind::<Array<Text>, _>(list(moved, |row| &row.stage))
        .bind::<Array<Nullable<BigInt>>, _>(list(moved, |row| row.signed_at))
        .bind::<Array<Bool>, _>(list(moved, |row| row.deemed_signed))
        .bind::<Array<Nullable<BigInt>>, _>(list(moved, |row| row.contacted_at))
        .bind::<Array<Nullable<BigInt>>, _>(list(moved, |row| row.finished_at))
        .bind::<Array<Nullable<BigInt>>, _>(list(moved, |row| row.due_at))
        .execute(connection)
}

/// One column of the rows.
fn list<'a, T>(moved: &'a [MovedOrder], column: impl Fn(&'a WorkOrderRow) -> T) -> Vec<T> {
    moved.iter().map(|MovedOrder(row)| column(row)).collect()
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
