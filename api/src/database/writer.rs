//! The one writer of a process: jobs that wait are run in one transaction and answered after its one commit.
//!
//! A group is first run without savepoints. When a job fails after it changed something, or a row cannot be added, the whole
//! group is rolled back and run again, each job in a savepoint of its own: jobs must give the same result when run twice.
//! A failing or panicking job never fails its neighbours.

use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    sync::atomic::{AtomicU64, Ordering},
};

use diesel::connection::SimpleConnection;
use tokio::sync::{mpsc, oneshot, watch};
use tracing::{Instrument, Span};

use super::{
    DatabaseLimits, DatabaseUrl, DbConnection, StoreError, Transaction,
    audit_chain::AuditChain,
    checkpoints::Checkpoints,
    connection::{StatementCount, on_each_backend, open_for_writing},
    repeats::{Repeat, WriteKey, find_repeats},
    transaction::Earlier,
};
use crate::telemetry::SPANS;

/// Hands jobs to the writing thread. Cheap to clone; the thread ends when the last clone is gone and the queue is empty.
#[derive(Clone)]
pub struct Writer {
    queue: mpsc::Sender<Box<dyn Job>>,
    figures: Arc<WriterFigures>,
    committed: watch::Sender<()>,
}

/// What the writer did since the start.
#[derive(Default)]
pub struct WriterFigures {
    /// Transactions committed.
    pub groups: AtomicU64,
    /// Jobs answered, whatever the answer.
    pub jobs: AtomicU64,
    /// Groups that had to be run again with savepoints.
    pub repeated: AtomicU64,
    /// Groups by size: 1, 2, up to 4, up to 8 and so on, the last without a bound.
    by_size: [AtomicU64; SIZES],
}

/// Kinds of group sizes that are told apart.
const SIZES: usize = 9;

impl WriterFigures {
    fn count_group(&self, jobs: usize) {
        self.groups.fetch_add(1, Ordering::Relaxed);
        self.jobs.fetch_add(jobs as u64, Ordering::Relaxed);
        let doubled = jobs.max(1).next_power_of_two().ilog2() as usize;
        self.by_size[doubled.min(SIZES - 1)].fetch_add(1, Ordering::Relaxed);
    }

    /// Groups by size: the greatest size of each kind, infinite for the last, and how many there were.
    pub fn sizes(&self) -> impl Iterator<Item = (f64, u64)> {
        let bounds = (0..).map(|doubled| {
            if doubled + 1 < SIZES {
                f64::from(1_u32 << doubled)
            } else {
                f64::MAX
            }
        });
        bounds.zip(self.by_size.iter().map(|groups| groups.load(Ordering::Relaxed)))
    }
}

trait Job: Send {
    /// The key under which the work may have been done before.
    fn key(&self) -> Option<&WriteKey>;
    /// Runs the work, knowing what was done before under its key; `false` when the job refused or failed.
    fn attempt(&mut self, transaction: &mut Transaction<'_>, repeat: Option<&Repeat>) -> bool;
    /// Replaces the result by a failure of the database.
    fn fail(&mut self, error: StoreError);
    /// Tells the one who waits; only after the commit.
    fn answer(self: Box<Self>);
}

struct TypedJob<T, E, F> {
    key: Option<WriteKey>,
    work: F,
    result: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Job for TypedJob<T, E, F>
where
    T: Send,
    E: From<StoreError> + Send,
    F: FnMut(&mut Transaction<'_>, Option<&Repeat>) -> Result<T, E> + Send,
{
    fn key(&self) -> Option<&WriteKey> {
        self.key.as_ref()
    }

    fn attempt(&mut self, transaction: &mut Transaction<'_>, repeat: Option<&Repeat>) -> bool {
        let result = (self.work)(transaction, repeat);
        let done = result.is_ok();
        self.result = Some(result);
        done
    }

    fn fail(&mut self, error: StoreError) {
        self.result = Some(Err(error.into()));
    }

    fn answer(self: Box<Self>) {
        let result = self
            .result
            .unwrap_or_else(|| Err(StoreError::Database("a job was not run".to_owned()).into()));
        // Who asked may have gone: the change stands all the same.
        let _gone = self.reply.send(result);
    }
}

impl Writer {
    pub(super) fn start(
        url: DatabaseUrl,
        connection: DbConnection,
        limits: &DatabaseLimits,
        statements: Arc<StatementCount>,
        process: i64,
    ) -> Result<Self, StoreError> {
        let (queue, jobs) = mpsc::channel(limits.waiting_writes);
        let figures = Arc::new(WriterFigures::default());
        let committed = watch::Sender::new(());
        let checkpoints = Checkpoints::start(&url)?;
        let mut thread = WritingThread {
            url,
            connection,
            jobs,
            most: limits.group,
            statements,
            figures: Arc::clone(&figures),
            committed: committed.clone(),
            chain: AuditChain::of(process),
            checkpoints,
        };
        std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || thread.run())
            .map_err(|error| StoreError::Database(error.to_string()))?;
        Ok(Self {
            queue,
            figures,
            committed,
        })
    }

    /// Runs `work` inside the next group and answers after it is safely committed. `work` may run more than once.
    ///
    /// # Errors
    /// `Busy` at once when the queue is full; whatever `work` answers; the failure of the commit.
    pub async fn write<T, E, F>(&self, mut work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnMut(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
    {
        self.queue(None, move |transaction, _| work(transaction)).await
    }

    /// As [`Self::write`]; `work` is also told what was done before under this key, looked up for the whole group at once.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub async fn write_keyed<T, E, F>(&self, key: WriteKey, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnMut(&mut Transaction<'_>, Option<&Repeat>) -> Result<T, E> + Send + 'static,
    {
        self.queue(Some(key), work).await
    }

    async fn queue<T, E, F>(&self, key: Option<WriteKey>, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnMut(&mut Transaction<'_>, Option<&Repeat>) -> Result<T, E> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.queue
            .try_send(Box::new(TypedJob {
                key,
                work,
                result: None,
                reply,
            }))
            .map_err(|_| StoreError::Busy)?;
        answer
            .instrument(waiting_span())
            .await
            .unwrap_or_else(|_| Err(StoreError::Database("the writer stopped".to_owned()).into()))
    }

    /// What the writer did since the start.
    #[must_use]
    pub fn figures(&self) -> &WriterFigures {
        &self.figures
    }

    /// Changes with each group that this process commits.
    #[must_use]
    pub fn committed(&self) -> watch::Receiver<()> {
        self.committed.subscribe()
    }

    /// Jobs that wait now.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }
}

/// Runs a job with what it left to be written at its end; `false` when it refused. What failed is kept in the transaction.
fn attempt(job: &mut dyn Job, transaction: &mut Transaction<'_>, repeat: Option<&Repeat>) -> bool {
    let done = job.attempt(transaction, repeat);
    if done {
        let _kept_as_failed = transaction.settle();
    }
    done
}

/// From the queue to the answer after the commit: what a request waits for. Writes of the background are no trace of their own.
fn waiting_span() -> Span {
    if Span::current().is_disabled() {
        Span::none()
    } else {
        tracing::info_span!(target: SPANS, "write")
    }
}

struct WritingThread {
    url: DatabaseUrl,
    connection: DbConnection,
    jobs: mpsc::Receiver<Box<dyn Job>>,
    most: usize,
    statements: Arc<StatementCount>,
    figures: Arc<WriterFigures>,
    committed: watch::Sender<()>,
    /// Where this process's part of the audit trail ends.
    chain: AuditChain,
    /// For SQLite.
    checkpoints: Option<Checkpoints>,
}

impl WritingThread {
    fn run(&mut self) {
        let mut group = Vec::with_capacity(self.most);
        while self.jobs.blocking_recv_many(&mut group, self.most) > 0 {
            self.run_group(&mut group);
            self.figures.count_group(group.len());
            self.committed.send_replace(());
            for job in group.drain(..) {
                job.answer();
            }
            self.tend_log();
        }
    }

    fn run_group(&mut self, group: &mut [Box<dyn Job>]) {
        let finished = match self.run_together(group) {
            Ok(true) => Ok(()),
            Ok(false) => {
                self.figures.repeated.fetch_add(1, Ordering::Relaxed);
                self.run_one_by_one(group)
            }
            Err(error) => Err(error),
        };
        if let Err(error) = finished {
            // Whether the commit arrived is not known.
            self.chain.forget();
            tracing::error!(%error, jobs = group.len(), "a group of changes failed");
            let _already_broken = self.execute("ROLLBACK");
            for job in group.iter_mut() {
                job.fail(error.clone());
            }
            // A full disk is no fault of the connection.
            if !matches!(error, StoreError::Full) {
                self.reconnect();
            }
        }
    }

    /// All jobs in one transaction without savepoints; `false` when the group was rolled back and must be run one by one.
    fn run_together(&mut self, group: &mut [Box<dyn Job>]) -> Result<bool, StoreError> {
        self.begin()?;
        let repeats = self.repeats(group)?;
        let mut earlier = Earlier::default();
        for job in group.iter_mut() {
            let repeat = job.key().and_then(|key| repeats.get(key));
            let mut transaction = Transaction::new(&mut self.connection, &mut self.chain, &mut earlier);
            let done = catch_unwind(AssertUnwindSafe(|| attempt(job.as_mut(), &mut transaction, repeat)));
            match done {
                Ok(true) if transaction.failed.is_none() => transaction.keep(),
                Ok(false) if transaction.failed.is_none() && !transaction.changed => {}
                _ => {
                    let cause = transaction.failed;
                    self.take_back("ROLLBACK", cause)?;
                    return Ok(false);
                }
            }
        }
        if let Err(cause) = earlier.appends.insert(&mut self.connection, &mut self.chain) {
            self.take_back("ROLLBACK", Some(cause))?;
            return Ok(false);
        }
        self.execute("COMMIT")?;
        Ok(true)
    }

    fn run_one_by_one(&mut self, group: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
        self.chain.forget();
        self.begin()?;
        let repeats = self.repeats(group)?;
        for job in group.iter_mut() {
            self.execute("SAVEPOINT job")?;
            let repeat = job.key().and_then(|key| repeats.get(key));
            let mut own = Earlier::default();
            let mut transaction = Transaction::new(&mut self.connection, &mut self.chain, &mut own);
            let done = catch_unwind(AssertUnwindSafe(|| attempt(job.as_mut(), &mut transaction, repeat)));
            let failed = transaction.failed.take();
            transaction.keep();
            let kept = match done {
                // What waited was refused, or the job went on after a failed statement.
                Ok(true) => failed.map_or_else(|| own.appends.insert(&mut self.connection, &mut self.chain), Err),
                Ok(false) => {
                    self.take_back("ROLLBACK TO SAVEPOINT job", failed)?;
                    continue;
                }
                Err(_) => Err(StoreError::Database("a job panicked".to_owned())),
            };
            if let Err(error) = kept {
                self.chain.forget();
                self.take_back("ROLLBACK TO SAVEPOINT job", Some(error.clone()))?;
                job.fail(error);
            } else {
                self.execute("RELEASE SAVEPOINT job")?;
            }
        }
        self.execute("COMMIT")
    }

    /// What was done before under the group's keys.
    fn repeats(&mut self, group: &[Box<dyn Job>]) -> Result<HashMap<WriteKey, Repeat>, StoreError> {
        let keys: Vec<&WriteKey> = group.iter().filter_map(|job| job.key()).collect();
        Ok(find_repeats(&mut self.connection, &keys)?)
    }

    /// A full disk, or a server that is gone, ends the whole transaction by itself. Then that is what is told, and not that
    /// there is nothing left to take back.
    fn take_back(&mut self, statement: &str, cause: Option<StoreError>) -> Result<(), StoreError> {
        self.execute(statement).map_err(|error| cause.unwrap_or(error))
    }

    fn begin(&mut self) -> Result<(), StoreError> {
        let begin = match self.connection {
            DbConnection::Sqlite(_) => "BEGIN IMMEDIATE",
            DbConnection::Postgres(_) => "BEGIN",
        };
        if self.execute(begin).is_ok() {
            return Ok(());
        }
        // A PostgreSQL server that was away for a while: one new try before the group fails.
        self.reconnect();
        self.execute(begin)
    }

    /// After the answers: nobody waits for it.
    fn tend_log(&mut self) {
        if let (Some(checkpoints), DbConnection::Sqlite(connection)) = (&mut self.checkpoints, &mut self.connection)
            && checkpoints.after_group(connection)
        {
            self.statements.take_back_one();
        }
    }

    /// Begins and ends transactions and savepoints; these are not counted as statements.
    fn execute(&mut self, statement: &str) -> Result<(), StoreError> {
        self.statements.take_back_one();
        on_each_backend!(&mut self.connection, |inner| inner.batch_execute(statement)).map_err(StoreError::from)
    }

    fn reconnect(&mut self) {
        match open_for_writing(&self.url, &self.statements) {
            Ok(connection) => self.connection = connection,
            Err(error) => tracing::error!(%error, "the writer cannot reach the database"),
        }
    }
}
