//! What is to be done after a commit: push, SMS, the search index. Leased by workers, repeated until done or dead.

use diesel::prelude::*;
use shared::domain::time::Timestamp;

use crate::database::{append::append_row, schema::outbox};

/// What a worker is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Push a notice to its recipient's devices; the subject is the notice.
    Push,
    /// Send a text; the payload holds the encrypted number.
    Sms,
    /// Put a case's words into the search index; the subject is the case.
    IndexCase,
    /// Tell those who follow a case or are merged under it; the subject is the timeline's entry.
    TellOthers,
}

impl Task {
    /// As the row names it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Push => "push",
            Self::Sms => "sms",
            Self::IndexCase => "index_case",
            Self::TellOthers => "tell_others",
        }
    }
}

/// A task that waits, is leased, or is dead (`next_at` empty).
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = outbox, treat_none_as_null = true)]
pub struct OutboxRow {
    /// Time-ordered id.
    pub id: i64,
    /// [`Task`].
    pub task: String,
    /// What it is about.
    pub subject_id: i64,
    /// JSON, by task.
    pub payload: String,
    /// When it may be tried next, or when its lease ends; empty for a dead letter.
    pub next_at: Option<i64>,
    /// Tries so far.
    pub attempts: i64,
    /// The process that is trying.
    pub lease_holder: Option<String>,
    /// Code of the last failure.
    pub last_failure: Option<String>,
}
append_row!(OutboxRow, outbox::table, order = 90);

impl OutboxRow {
    /// A task to be done as soon as possible.
    #[must_use]
    pub fn new(id: i64, task: Task, subject_id: i64, payload: String, now: Timestamp) -> Self {
        Self {
            id,
            task: task.as_str().to_owned(),
            subject_id,
            payload,
            next_at: Some(now.0),
            attempts: 0,
            lease_holder: None,
            last_failure: None,
        }
    }
}
