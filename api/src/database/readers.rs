//! Reading: a pool of read-only connections, used on blocking threads, with a bound on who may wait.

#![allow(
    clippy::disallowed_methods,
    reason = "connections are opened and lent here and nowhere else"
)]

use std::{sync::Arc, time::Duration};

use diesel::{
    connection::SimpleConnection,
    r2d2::{ManageConnection, Pool},
};
use tokio::sync::Semaphore;

use super::{
    DatabaseLimits, DatabaseUrl, DbConnection, StoreError,
    connection::{StatementCount, on_each_backend, open_for_reading},
};

/// The readers. Cheap to clone.
#[derive(Clone)]
pub struct Readers {
    pool: Pool<Manager>,
    permits: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    patience: Duration,
}

struct Manager {
    url: DatabaseUrl,
    statements: Arc<StatementCount>,
}

impl ManageConnection for Manager {
    type Connection = DbConnection;
    type Error = StoreError;

    fn connect(&self) -> Result<DbConnection, StoreError> {
        open_for_reading(&self.url, &self.statements)
    }

    fn is_valid(&self, _: &mut DbConnection) -> Result<(), StoreError> {
        Ok(())
    }

    /// A PostgreSQL server that went away breaks the connection at its next use; the pool then replaces it.
    fn has_broken(&self, connection: &mut DbConnection) -> bool {
        use diesel::r2d2::R2D2Connection;
        std::thread::panicking() || on_each_backend!(connection, |inner| inner.is_broken())
    }
}

impl Readers {
    pub(super) fn open(
        url: &DatabaseUrl,
        limits: &DatabaseLimits,
        statements: &Arc<StatementCount>,
    ) -> Result<Self, StoreError> {
        let pool = Pool::builder()
            .max_size(limits.readers)
            .min_idle(Some(1))
            .test_on_check_out(false)
            .connection_timeout(limits.patience)
            .build(Manager {
                url: url.clone(),
                statements: Arc::clone(statements),
            })
            .map_err(|error| StoreError::Database(error.to_string()))?;
        let readers = usize::try_from(limits.readers).unwrap_or(1);
        Ok(Self {
            pool,
            permits: Arc::new(Semaphore::new(readers)),
            waiting: Arc::new(Semaphore::new(readers + limits.waiting_readers)),
            patience: limits.patience,
        })
    }

    /// Runs `work` with a connection on a blocking thread. The connection lives for this one closure.
    ///
    /// # Errors
    /// `Busy` when too many wait already or none came free in time; whatever `work` answers.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&mut DbConnection) -> Result<T, E> + Send + 'static,
    {
        let _place = self.waiting.try_acquire().map_err(|_| StoreError::Busy)?;
        let permit = tokio::time::timeout(self.patience, Arc::clone(&self.permits).acquire_owned())
            .await
            .map_err(|_| StoreError::Busy)?
            .map_err(|_| StoreError::Busy)?;
        let pool = self.pool.clone();
        let finished = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let mut connection = pool
                .get()
                .map_err(|error| E::from(StoreError::Away(error.to_string())))?;
            let done = work(&mut connection);
            if done.is_err() {
                notice_a_lost_one(&mut connection);
            }
            done
        })
        .await;
        finished.unwrap_or_else(|_| Err(StoreError::Database("a reader panicked".to_owned()).into()))
    }
}

/// A lost connection of which a statement could not even be prepared does not count as broken; one that is sent does.
fn notice_a_lost_one(connection: &mut DbConnection) {
    if let DbConnection::Postgres(postgres) = connection {
        let _broken_when_it_fails = postgres.batch_execute("SELECT 1");
    }
}
