//! Changes of rows that wait for the next statement of their job, so that those of many cases go in one statement a table.

use std::{any::Any, any::TypeId, collections::BTreeMap};

use super::{DbConnection, StoreError};

/// A change of one row, or a row that the job's own later statements must find.
pub trait BatchedChange: Send + Sized + 'static {
    /// Tables are written in this order, so that a row's parent is there first and every write locks them alike.
    const ORDER: u8;

    /// Joins what waits already. A second change of one row may take the place of the first.
    fn join(self, waiting: &mut Vec<Self>) {
        waiting.push(self);
    }

    /// Writes all of them; `waiting` is never empty.
    ///
    /// # Errors
    /// `Stale` when a row is not as it was read; the database's refusal. Nothing of the job is kept then.
    fn write_all(waiting: Vec<Self>, connection: &mut DbConnection) -> Result<(), StoreError>;
}

trait Waiting: Send {
    fn as_any(&mut self) -> &mut dyn Any;
    fn write(self: Box<Self>, connection: &mut DbConnection) -> Result<(), StoreError>;
}

impl<C: BatchedChange> Waiting for Vec<C> {
    fn as_any(&mut self) -> &mut dyn Any {
        self
    }

    fn write(self: Box<Self>, connection: &mut DbConnection) -> Result<(), StoreError> {
        C::write_all(*self, connection)
    }
}

/// What waits, by table.
#[derive(Default)]
pub(super) struct Batches(BTreeMap<(u8, TypeId), Box<dyn Waiting>>);

impl Batches {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn push<C: BatchedChange>(&mut self, change: C) {
        let waiting = self
            .0
            .entry((C::ORDER, TypeId::of::<C>()))
            .or_insert_with(|| Box::new(Vec::<C>::new()));
        if let Some(waiting) = waiting.as_any().downcast_mut::<Vec<C>>() {
            change.join(waiting);
        }
    }

    /// Writes what waits, tables in their order.
    pub(super) fn write(self, connection: &mut DbConnection) -> Result<(), StoreError> {
        self.0.into_values().try_for_each(|waiting| waiting.write(connection))
    }
}

/// Fails unless as many rows were changed as were meant.
///
/// # Errors
/// `Stale`.
pub fn all_of(meant: usize, changed: usize) -> Result<(), StoreError> {
    if changed == meant {
        Ok(())
    } else {
        Err(StoreError::Stale)
    }
}
