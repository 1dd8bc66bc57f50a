//! What a job sees of the transaction it runs in: reads, direct changes, changes that wait for the next statement, and rows to add
//! at the end.

use std::{
    any::Any,
    collections::{HashMap, HashSet},
    mem,
};

use diesel::result::{Error as DieselError, QueryResult};

use super::{
    DbConnection, StoreError,
    append::{AppendRow, Appends},
    audit_chain::AuditChain,
    batch::{BatchedChange, Batches},
};

/// What the jobs of a group that were run already left to be added, and what they read for the others too.
#[derive(Default)]
pub(super) struct Earlier {
    pub(super) appends: Appends,
    subjects: HashSet<i64>,
    read: HashMap<(&'static str, String), Box<dyn Any + Send>>,
}

/// One job's part of a group's transaction.
pub struct Transaction<'group> {
    connection: &'group mut DbConnection,
    chain: &'group mut AuditChain,
    earlier: &'group mut Earlier,
    appends: Appends,
    batches: Batches,
    subjects: Vec<i64>,
    pub(super) changed: bool,
    /// The first statement that failed, if any: the transaction cannot go on after it.
    pub(super) failed: Option<StoreError>,
}

impl<'group> Transaction<'group> {
    pub(super) fn new(
        connection: &'group mut DbConnection,
        chain: &'group mut AuditChain,
        earlier: &'group mut Earlier,
    ) -> Self {
        Self {
            connection,
            chain,
            earlier,
            appends: Appends::default(),
            batches: Batches::default(),
            subjects: Vec::new(),
            changed: false,
            failed: None,
        }
    }

    /// The job was done: what it appended waits for the group's end.
    pub(super) fn keep(self) {
        self.earlier.appends.take_in(self.appends);
        self.earlier.subjects.extend(self.subjects);
    }

    /// Says which case the job is about. What earlier jobs of the group appended about it is added first: a clock that one of
    /// them started is there to be stopped.
    ///
    /// # Errors
    /// The database's refusal of such a row.
    pub fn about(&mut self, case_id: i64) -> Result<(), StoreError> {
        if self.earlier.subjects.contains(&case_id) {
            self.earlier.subjects.clear();
            let appends = mem::take(&mut self.earlier.appends);
            if let Err(error) = appends.insert(self.connection, self.chain) {
                self.failed = Some(error.clone());
                return Err(error);
            }
        }
        self.subjects.push(case_id);
        Ok(())
    }

    /// Leaves a change to the next statement of the job, at the latest to its end: by then it is written with all others that wait.
    pub fn batch<C: BatchedChange>(&mut self, change: C) {
        self.batches.push(change);
    }

    /// Writes what waits.
    ///
    /// # Errors
    /// `Stale`, or the database's refusal; the job has failed then, whatever it answers.
    pub(super) fn settle(&mut self) -> Result<(), StoreError> {
        if self.batches.is_empty() {
            return Ok(());
        }
        self.changed = true;
        mem::take(&mut self.batches)
            .write(self.connection)
            .inspect_err(|error| {
                self.failed.get_or_insert_with(|| error.clone());
            })
    }

    /// Reads as the transaction sees the database. What this job appended is not visible yet, and what earlier ones of the
    /// group appended only [`about`](Self::about) the same case.
    ///
    /// # Errors
    /// `NotFound`, or the database's failure.
    pub fn read<T>(&mut self, query: impl FnOnce(&mut DbConnection) -> QueryResult<T>) -> Result<T, StoreError> {
        self.settle()?;
        self.noticed(query)
    }

    /// As [`read`](Self::read), once for the jobs of a group together: for what is known about people, which no act on a case
    /// changes. `name` and `key` say what was asked for.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_once<T: Clone + Send + 'static>(
        &mut self,
        (name, key): (&'static str, &str),
        query: impl FnOnce(&mut DbConnection) -> QueryResult<T>,
    ) -> Result<T, StoreError> {
        let asked = (name, key.to_owned());
        if let Some(known) = self
            .earlier
            .read
            .get(&asked)
            .and_then(|known| known.downcast_ref::<T>())
        {
            return Ok(known.clone());
        }
        let found = self.noticed(query)?;
        self.earlier.read.insert(asked, Box::new(found.clone()));
        Ok(found)
    }

    /// Runs one `UPDATE`, `DELETE` or `INSERT` now and answers the number of rows.
    ///
    /// # Errors
    /// The database's refusal.
    pub fn change(
        &mut self,
        statement: impl FnOnce(&mut DbConnection) -> QueryResult<usize>,
    ) -> Result<usize, StoreError> {
        self.settle()?;
        let rows = self.noticed(statement)?;
        self.changed |= rows > 0;
        Ok(rows)
    }

    /// A guarded update: the statement's `WHERE` names the version that the caller read; no row back means `Stale`.
    ///
    /// # Errors
    /// `Stale`, or the database's refusal.
    pub fn guarded(
        &mut self,
        statement: impl FnOnce(&mut DbConnection) -> QueryResult<usize>,
    ) -> Result<(), StoreError> {
        match self.change(statement)? {
            0 => Err(StoreError::Stale),
            _ => Ok(()),
        }
    }

    /// Adds a row when the group ends, together with the other jobs' rows of the same table.
    pub fn append<R: AppendRow>(&mut self, row: R) {
        self.appends.push(row);
    }

    /// Adds `amount` (may be negative) to a counter when the group ends.
    pub fn count(&mut self, name: &'static str, dimension: impl Into<String>, amount: i64) {
        self.appends.count(name, dimension.into(), amount);
    }

    fn noticed<T>(&mut self, work: impl FnOnce(&mut DbConnection) -> QueryResult<T>) -> Result<T, StoreError> {
        work(self.connection).map_err(|error| {
            let failed = !matches!(error, DieselError::NotFound);
            let error = StoreError::from(error);
            if failed && self.failed.is_none() {
                self.failed = Some(error.clone());
            }
            error
        })
    }
}
