//! Works off the outbox: claims a page of due rows under a lease, does each, and settles what becomes of it.
//!
//! Any number of processes may do this at once. A row is done at least once: a process that dies after sending and before
//! settling leaves it to the next, and the collapse key makes the repetition invisible. What a task means is in its own file.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures_util::{StreamExt, stream};
use shared::domain::time::Timestamp;
use tokio::sync::watch;
use tracing::{Instrument, Span, field};

use super::{
    DeliveryFailure,
    backoff::{BackoffPolicy, NextStep},
    push_task, sms_task, tell_others,
};
use crate::{
    database::StoreError,
    services::Services,
    stores::outbox_store::{self, Afterwards, OutboxRow, Task},
    telemetry::SPANS,
};

/// Rows claimed at a time.
const PAGE: i64 = 32;
/// Rows of a page worked on at once.
const AT_ONCE: usize = 8;
/// How long a claim stands: longer than a page takes when every gateway needs all of its time.
const LEASE_SECONDS: i64 = 300;
/// How often an idle worker looks again.
const IDLE: Duration = Duration::from_millis(500);
/// Pages in one call of [`Outbox::work_off`].
const MOST_PAGES: usize = 10_000;
/// What the worker does, in this order. The search index has a worker of its own.
const TASKS: [Task; 3] = [Task::Sms, Task::TellOthers, Task::Push];

/// The worker of one process.
pub struct Outbox {
    pub(super) services: Arc<Services>,
    pub(super) policy: BackoffPolicy,
    holder: String,
    /// Tasks whose gateway is misconfigured, and until when they rest.
    held: Mutex<BTreeMap<&'static str, Timestamp>>,
}

impl Outbox {
    /// A worker with a name of its own.
    #[must_use]
    pub fn new(services: Arc<Services>) -> Self {
        Self {
            services,
            policy: BackoffPolicy::default(),
            holder: uuid::Uuid::new_v4().simple().to_string(),
            held: Mutex::default(),
        }
    }

    /// Works until told to stop; what is under way is finished.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let worked = self.work_once().await.unwrap_or_else(|error| {
                tracing::error!(%error, "the outbox could not be worked off");
                0
            });
            if worked == 0 {
                let _stopped = tokio::time::timeout(IDLE, stop.changed()).await;
            }
        }
    }

    /// Works until nothing is due and answers how many rows were worked on.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn work_off(&self) -> Result<usize, StoreError> {
        let mut worked = 0;
        for _ in 0..MOST_PAGES {
            match self.work_once().await? {
                0 => break,
                rows => worked += rows,
            }
        }
        Ok(worked)
    }

    /// One page of each task. Answers how many rows were worked on.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn work_once(&self) -> Result<usize, StoreError> {
        let mut worked = 0;
        for task in TASKS {
            // Without a gateway texts stay where they are, until they are too old.
            let has_way = task != Task::Sms || self.services.gateways.sms.is_some();
            if has_way && self.held_until(task).is_none() {
                worked += self.work_page(task).await?;
            }
        }
        Ok(worked)
    }

    async fn work_page(&self, task: Task) -> Result<usize, StoreError> {
        let now = self.services.now();
        let database = &self.services.database;
        let due = database
            .readers
            .read(move |connection| outbox_store::is_due(connection, task, now).map_err(StoreError::from))
            .await?;
        if !due {
            return Ok(0);
        }
        let (holder, until) = (self.holder.clone(), now.plus_seconds(LEASE_SECONDS));
        let rows = database
            .writer
            .write(move |transaction| outbox_store::claim(transaction, task, &holder, now, until, PAGE))
            .await?;
        let claimed = rows.len();
        stream::iter(rows)
            .for_each_concurrent(AT_ONCE, |row| {
                let span = tracing::info_span!(
                    target: SPANS,
                    parent: None,
                    "outbox attempt",
                    task = task.as_str(),
                    attempt = row.attempts,
                    outcome = field::Empty,
                );
                self.work_on(task, row).instrument(span)
            })
            .await;
        Ok(claimed)
    }

    async fn work_on(&self, task: Task, row: OutboxRow) {
        let settled = match task {
            Task::TellOthers => tell_others::tell_page(&self.services, &row).await,
            Task::Push => self.settle(task, &row, push_task::push(self, &row).await).await,
            Task::Sms => self.settle(task, &row, sms_task::send(self, &row).await).await,
            Task::IndexCase => Ok(()),
        };
        match settled {
            Ok(()) => {}
            Err(StoreError::Stale) => {
                tracing::warn!(row = row.id, task = task.as_str(), "a lease ended before its work");
            }
            // The lease ends by itself and the row is tried again.
            Err(error) => {
                tracing::error!(row = row.id, task = task.as_str(), %error, "a row could not be settled");
            }
        }
    }

    async fn settle(&self, task: Task, row: &OutboxRow, afterwards: Afterwards) -> Result<(), StoreError> {
        let outcome = afterwards.as_str();
        self.services.metrics.count_outbox_attempt(task.as_str(), outcome);
        Span::current().record("outcome", outcome);
        let row = row.clone();
        let writer = &self.services.database.writer;
        writer
            .write(move |transaction| outbox_store::settle(transaction, &row, &afterwards))
            .await
    }

    /// What becomes of a row after a failure; `payload` says how far it got.
    pub(super) fn after_failure(
        &self,
        task: Task,
        row: &OutboxRow,
        failure: &DeliveryFailure,
        payload: &str,
    ) -> Afterwards {
        let attempts = u32::try_from(row.attempts).unwrap_or(u32::MAX);
        let again = |after: Duration, counted: bool, code: &str| Afterwards::Again {
            at: later(self.services.now(), after),
            counted,
            failure: Some(code.to_owned()),
            payload: payload.to_owned(),
        };
        match self.policy.next_step(attempts, failure, rand::random()) {
            NextStep::Retry { after } => again(after, true, code_of(failure)),
            NextStep::Hold { after, code } => {
                self.hold(task, later(self.services.now(), after), &code);
                again(after, false, &code)
            }
            NextStep::DeadLetter { code } => {
                tracing::warn!(row = row.id, task = task.as_str(), %code, "a message is given up");
                Afterwards::Dead {
                    failure: code.into_owned(),
                }
            }
            NextStep::ForgetRecipient => Afterwards::Done,
        }
    }

    /// Until when the task rests, if it does.
    pub(super) fn held_until(&self, task: Task) -> Option<Timestamp> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let until = held.get(task.as_str()).copied()?;
        if until > self.services.now() {
            return Some(until);
        }
        // Kept with the past instant, so that the next refusal is no news.
        held.insert(task.as_str(), Timestamp(0));
        None
    }

    /// The gateway takes messages again.
    pub(super) fn release(&self, task: Task) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.remove(task.as_str()).is_some() {
            tracing::info!(task = task.as_str(), "the gateway takes messages again");
        }
    }

    /// Lets the task rest; the alarm is raised once, not for each message and not at each new try.
    fn hold(&self, task: Task, until: Timestamp, code: &str) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.insert(task.as_str(), until).is_none() {
            tracing::error!(
                task = task.as_str(),
                code,
                "a gateway refuses us: its key, account or address must be corrected; messages are kept"
            );
        }
    }
}

fn later(now: Timestamp, after: Duration) -> Timestamp {
    let micros = i64::try_from(after.as_micros()).unwrap_or(i64::MAX);
    Timestamp(now.0.saturating_add(micros))
}

fn code_of(failure: &DeliveryFailure) -> &str {
    match failure {
        DeliveryFailure::RecipientGone { code }
        | DeliveryFailure::Retry { code, .. }
        | DeliveryFailure::Permanent { code }
        | DeliveryFailure::Misconfigured { code } => code,
    }
}
