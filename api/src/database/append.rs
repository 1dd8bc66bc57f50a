//! Rows that a job only adds are collected and sent for the whole group at once: one statement a table and not one a job.

use std::{any::Any, any::TypeId, collections::BTreeMap};

use super::{
    DbConnection, StoreError,
    audit_chain::AuditChain,
    fixed::{Fixed, FixedSql},
};

/// A row that is added and never read back inside the same job.
pub trait AppendRow: Send + Sized + 'static {
    /// Tables are filled in this order, so that a row's parent is there first.
    const ORDER: u8;

    /// Adds all rows. `chain` is the writer's place in the audit trail; other tables leave it alone.
    ///
    /// # Errors
    /// The database's refusal; nothing of the group is kept then.
    fn insert_all(rows: Vec<Self>, connection: &mut DbConnection, chain: &mut AuditChain) -> Result<(), StoreError>;
}

/// Adds all rows of a slice to their table. SQLite runs its one cached statement a row. PostgreSQL takes all rows in one `COPY`: an
/// `INSERT` of many rows is another text for each number of rows, and reading it costs more than adding them.
macro_rules! add_rows {
    ($rows:expr, $table:path, $connection:expr) => {
        match $connection {
            $crate::database::DbConnection::Sqlite(inner) => {
                use diesel::RunQueryDsl;
                for row in $rows {
                    diesel::insert_into($table).values(row).execute(inner)?;
                }
            }
            $crate::database::DbConnection::Postgres(inner) => {
                use diesel::ExecuteCopyFromDsl;
                diesel::copy_from($table).from_insertable($rows).execute(inner)?;
            }
        }
    };
}
pub(crate) use add_rows;

/// Implements [`AppendRow`] for an `Insertable` row.
macro_rules! append_row {
    ($row:ty, $table:path, order = $order:expr) => {
        impl $crate::database::append::AppendRow for $row {
            const ORDER: u8 = $order;

            fn insert_all(
                rows: Vec<Self>,
                connection: &mut $crate::database::DbConnection,
                _: &mut $crate::database::audit_chain::AuditChain,
            ) -> Result<(), $crate::database::StoreError> {
                $crate::database::append::add_rows!(&rows, $table, connection);
                Ok(())
            }
        }
    };
}
pub(crate) use append_row;

trait Rows: Send {
    fn take_in(&mut self, more: Box<dyn Any>);
    fn as_any(&mut self) -> &mut dyn Any;
    fn into_any(self: Box<Self>) -> Box<dyn Any>;
    fn insert(self: Box<Self>, connection: &mut DbConnection, chain: &mut AuditChain) -> Result<(), StoreError>;
}

impl<R: AppendRow> Rows for Vec<R> {
    fn take_in(&mut self, more: Box<dyn Any>) {
        if let Ok(rows) = more.downcast::<Self>() {
            self.extend(*rows);
        }
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }

    fn insert(self: Box<Self>, connection: &mut DbConnection, chain: &mut AuditChain) -> Result<(), StoreError> {
        R::insert_all(*self, connection, chain)
    }
}

/// What waits to be added: rows by table, and counters by name and dimension.
#[derive(Default)]
pub(super) struct Appends {
    tables: BTreeMap<(u8, TypeId), Box<dyn Rows>>,
    counters: BTreeMap<(&'static str, String), i64>,
}

impl Appends {
    pub(super) fn push<R: AppendRow>(&mut self, row: R) {
        let rows = self
            .tables
            .entry((R::ORDER, TypeId::of::<R>()))
            .or_insert_with(|| Box::new(Vec::<R>::new()));
        if let Some(rows) = rows.as_any().downcast_mut::<Vec<R>>() {
            rows.push(row);
        }
    }

    pub(super) fn count(&mut self, name: &'static str, dimension: String, amount: i64) {
        *self.counters.entry((name, dimension)).or_default() += amount;
    }

    pub(super) fn take_in(&mut self, other: Self) {
        for (key, rows) in other.tables {
            match self.tables.entry(key) {
                std::collections::btree_map::Entry::Vacant(entry) => {
                    entry.insert(rows);
                }
                std::collections::btree_map::Entry::Occupied(mut entry) => entry.get_mut().take_in(rows.into_any()),
            }
        }
        for ((name, dimension), amount) in other.counters {
            self.count(name, dimension, amount);
        }
    }

    /// Sends everything: tables in their order, counters last and sorted, so that two processes lock them in the same order.
    pub(super) fn insert(self, connection: &mut DbConnection, chain: &mut AuditChain) -> Result<(), StoreError> {
        for rows in self.tables.into_values() {
            rows.insert(connection, chain)?;
        }
        let counters: Vec<_> = self.counters.into_iter().filter(|(_, amount)| *amount != 0).collect();
        add_to_counters(&counters, connection)
    }
}

struct AddToCounters;

impl FixedSql for AddToCounters {
    type Columns = ();
    const BEFORE: &'static str = "INSERT INTO counters (name, dimension, amount) \
        SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(";
    // `WHERE TRUE` keeps `ON CONFLICT` from being read as a join's condition.
    const AFTER: &'static str =
        ") WHERE TRUE ON CONFLICT (name, dimension) DO UPDATE SET amount = counters.amount + excluded.amount";
}

const ADD_TO_COUNTERS: &str = "INSERT INTO counters (name, dimension, amount) SELECT * FROM unnest($1, $2, $3) \
    ON CONFLICT (name, dimension) DO UPDATE SET amount = counters.amount + excluded.amount";

/// The joint upsert takes one row a statement: as one JSON text, or as lists, all of them go in at once.
fn add_to_counters(changes: &[((&'static str, String), i64)], connection: &mut DbConnection) -> Result<(), StoreError> {
    use diesel::{
        RunQueryDsl,
        sql_types::{Array, BigInt, Text},
    };
    if changes.is_empty() {
        return Ok(());
    }
    match connection {
        DbConnection::Sqlite(inner) => {
            let rows: Vec<_> = changes
                .iter()
                .map(|((name, dimension), by)| (name, dimension, by))
                .collect();
            let rows = serde_json::to_string(&rows).map_err(|error| StoreError::Database(error.to_string()))?;
            Fixed::<AddToCounters>::with(rows).execute(inner)?;
        }
        DbConnection::Postgres(inner) => {
            let names: Vec<&str> = changes.iter().map(|((name, _), _)| *name).collect();
            let dimensions: Vec<&str> = changes.iter().map(|((_, dimension), _)| dimension.as_str()).collect();
            let amounts: Vec<i64> = changes.iter().map(|(_, by)| *by).collect();
            diesel::sql_query(ADD_TO_COUNTERS)
                .bind::<Array<Text>, _>(names)
                .bind::<Array<Text>, _>(dimensions)
                .bind::<Array<BigInt>, _>(amounts)
                .execute(inner)?;
        }
    }
    Ok(())
}
