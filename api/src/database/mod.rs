//! The way to both databases: SQLite in a file or PostgreSQL by URL. One writer with group commit, a pool of readers.
//!
//! Only this room opens connections and transactions. What is written is decided in `usecases`, with which rows in `stores`.

pub mod append;
pub mod audit_chain;
pub mod batch;
mod checkpoints;
pub mod connection;
pub mod copies;
pub mod error;
mod fixed;
pub mod ids;
pub mod migrate;
pub mod prepared;
mod processes;
pub mod readers;
pub mod repeats;
pub mod schema;
pub mod search;
pub mod transaction;
pub mod writer;

#[cfg(test)]
mod migration_tests;
#[cfg(test)]
pub(crate) mod tests;

use std::{sync::Arc, time::Duration};

use shared::domain::time::Timestamp;

pub(crate) use self::connection::ssl_mode;
use self::processes::ProcessLease;
pub use self::{
    connection::{DatabaseUrl, DbConnection},
    error::StoreError,
    ids::IdMaker,
    migrate::MigrationState,
    readers::Readers,
    transaction::Transaction,
    writer::Writer,
};

/// Bounds of the database room. All of them are configuration.
#[derive(Debug, Clone)]
pub struct DatabaseLimits {
    /// Connections for reading.
    pub readers: u32,
    /// Readers that may wait for a connection before the next one is told `Busy`.
    pub waiting_readers: usize,
    /// Jobs that may wait for the writer before the next one is told `Busy`.
    pub waiting_writes: usize,
    /// Jobs committed together at most.
    pub group: usize,
    /// How long a reader waits for a connection.
    pub patience: Duration,
}

impl Default for DatabaseLimits {
    fn default() -> Self {
        Self {
            readers: 4,
            waiting_readers: 512,
            waiting_writes: 1024,
            group: 128,
            patience: Duration::from_secs(5),
        }
    }
}

/// Lends a connection that looks and changes nothing: for an examination, without a server and without migrations. Blocks.
///
/// # Errors
/// When the database cannot be reached; whatever `work` answers.
pub fn look_at<T>(
    url: &DatabaseUrl,
    work: impl FnOnce(&mut DbConnection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    work(&mut connection::open_to_look(url)?)
}

/// Everything that reads or writes goes through one of these. Cheap to clone.
#[derive(Clone)]
pub struct Database {
    /// Reading, off the caller's thread.
    pub readers: Readers,
    /// Changing, committed in groups.
    pub writer: Writer,
    /// Makes the ids of new rows.
    pub ids: Arc<IdMaker>,
    statements: Arc<connection::StatementCount>,
    process: Arc<ProcessLease>,
}

impl Database {
    /// Opens the database at `url`, brings its tables up to date and leases a process number for new ids.
    ///
    /// # Errors
    /// When the database cannot be reached, is newer than this program, or a migration fails.
    pub fn open(url: &DatabaseUrl, limits: &DatabaseLimits, now: Timestamp) -> Result<Self, StoreError> {
        let statements = Arc::new(connection::StatementCount::default());
        let mut connection = connection::open_for_writing(url, &statements)?;
        migrate::bring_up_to_date(&mut connection)?;
        let process = ProcessLease::take(&mut connection, now)?;
        let readers = Readers::open(url, limits, &statements)?;
        let writer = Writer::start(url.clone(), connection, limits, Arc::clone(&statements), process.number)?;
        Ok(Self {
            readers,
            writer,
            ids: Arc::new(IdMaker::new(process.number)),
            statements,
            process: Arc::new(process),
        })
    }

    /// Keeps this process's number for its ids; called every few minutes while the process runs.
    ///
    /// # Errors
    /// `Stale` when the lease ran out and another process took the number: this process must stop making ids.
    pub async fn renew_process(&self, now: Timestamp) -> Result<(), StoreError> {
        let process = Arc::clone(&self.process);
        self.writer
            .write(move |transaction| process.renew(transaction, now))
            .await
    }

    /// Gives the number back: the last change before the process ends.
    ///
    /// # Errors
    /// When the database failed; the lease then ends by itself.
    pub async fn release_process(&self, now: Timestamp) -> Result<(), StoreError> {
        let process = Arc::clone(&self.process);
        self.writer
            .write(move |transaction| process.give_back(transaction, now))
            .await
    }

    /// SQL statements sent since the start, `BEGIN` and `COMMIT` not counted.
    #[must_use]
    pub fn statements_sent(&self) -> u64 {
        self.statements.get()
    }
}
