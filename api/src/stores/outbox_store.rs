//! What is to be done after a commit: push, SMS, the search index. Leased by workers, repeated until done or dead.

use diesel::prelude::*;
use serde::Serialize;
use shared::domain::time::Timestamp;

use super::to_json;
use crate::database::{
    DbConnection, StoreError, Transaction, append::AppendRow, audit_chain::AuditChain, prepared::ExecutePrepared,
    schema::outbox,
};

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
#[derive(Debug, Clone, Queryable, Selectable, Insertable, Serialize)]
#[diesel(table_name = outbox, treat_none_as_null = true, treat_none_as_default_value = false)]
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

impl AppendRow for OutboxRow {
    const ORDER: u8 = 90;

    /// A step often leaves several tasks: they go in one statement on both databases.
    fn insert_all(rows: Vec<Self>, connection: &mut DbConnection, _: &mut AuditChain) -> Result<(), StoreError> {
        match connection {
            DbConnection::Sqlite(inner) => {
                diesel::sql_query(
                    "INSERT INTO outbox (id, task, subject_id, payload, next_at, attempts) \
                     SELECT value ->> 'id', value ->> 'task', value ->> 'subject_id', value ->> 'payload', \
                     value ->> 'next_at', value ->> 'attempts' FROM json_each(?)",
                )
                .bind::<diesel::sql_types::Text, _>(to_json(&rows))
                .execute(inner)?;
            }
            DbConnection::Postgres(inner) => {
                diesel::copy_from(outbox::table).from_insertable(&rows).execute(inner)?;
            }
        }
        Ok(())
    }
}

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

/// Whether anything of this task is due: asked by readers, so that an idle worker never wakes the writer.
///
/// # Errors
/// The database's failure.
pub fn is_due(connection: &mut DbConnection, task: Task, now: Timestamp) -> QueryResult<bool> {
    let first: Option<i64> = outbox::table
        .filter(outbox::task.eq(task.as_str()))
        .filter(outbox::next_at.is_not_null().and(outbox::next_at.le(now.0)))
        .order((outbox::next_at.asc(), outbox::id.asc()))
        .select(outbox::id)
        .first(connection)
        .optional()?;
    Ok(first.is_some())
}

/// Takes up to `limit` due rows for `holder` until `until`: the longest waiting first. What another worker took meanwhile
/// is left out. A row whose holder died is due again when its lease ends.
///
/// # Errors
/// The database's failure.
pub fn claim(
    transaction: &mut Transaction<'_>,
    task: Task,
    holder: &str,
    now: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<OutboxRow>, StoreError> {
    let due: Vec<i64> = transaction.read(|connection| {
        outbox::table
            .filter(outbox::task.eq(task.as_str()))
            .filter(outbox::next_at.is_not_null().and(outbox::next_at.le(now.0)))
            .order((outbox::next_at.asc(), outbox::id.asc()))
            .limit(limit)
            .select(outbox::id)
            .load(connection)
    })?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    // Nobody took the row meanwhile. The sum keeps SQLite from walking along the index of due rows instead of going to the
    // ids, which it does where its statistics are of a moment when the outbox was empty.
    let still_due = (outbox::next_at + 0_i64).le(now.0);
    transaction.change(|connection| {
        diesel::update(outbox::table.filter(outbox::id.eq_any(&due)).filter(still_due))
            .set((
                outbox::next_at.eq(Some(until.0)),
                outbox::lease_holder.eq(Some(holder)),
                outbox::attempts.eq(outbox::attempts + 1),
            ))
            .execute_prepared(connection)
    })?;
    transaction.read(|connection| {
        outbox::table
            .filter(outbox::id.eq_any(&due))
            .filter(outbox::lease_holder.eq(holder))
            .order(outbox::id.asc())
            .select(OutboxRow::as_select())
            .load(connection)
    })
}

/// Forgets rows that are done, but for those that another worker has by now.
///
/// # Errors
/// The database's failure.
pub fn delete_claimed(transaction: &mut Transaction<'_>, rows: &[OutboxRow], holder: &str) -> Result<(), StoreError> {
    let ids = rows.iter().map(|row| row.id);
    transaction.change(|connection| {
        diesel::delete(outbox::table.filter(outbox::id.eq_any(ids).and(outbox::lease_holder.eq(holder))))
            .execute(connection)
    })?;
    Ok(())
}

/// What becomes of a row that was worked on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Afterwards {
    /// Done: the row goes.
    Done,
    /// To be tried again.
    Again {
        /// When.
        at: Timestamp,
        /// Whether the try counts.
        counted: bool,
        /// Code of the failure, if there was one.
        failure: Option<String>,
        /// How far it got.
        payload: String,
    },
    /// Given up: kept for a person to look at.
    Dead {
        /// Code of the failure.
        failure: String,
    },
}

impl Afterwards {
    /// One word: `done`, `again` or `dead`.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Again { .. } => "again",
            Self::Dead { .. } => "dead",
        }
    }
}

/// Settles a claimed row, as long as its lease stands.
///
/// # Errors
/// `Stale` when the lease ended and somebody else took the row; the database's failure.
pub fn settle(transaction: &mut Transaction<'_>, row: &OutboxRow, afterwards: &Afterwards) -> Result<(), StoreError> {
    let held = outbox::table
        .filter(outbox::id.eq(row.id))
        .filter(outbox::lease_holder.eq(row.lease_holder.as_deref()))
        .filter(outbox::next_at.eq(row.next_at));
    transaction.guarded(|connection| match afterwards {
        Afterwards::Done => diesel::delete(held).execute(connection),
        Afterwards::Again {
            at,
            counted,
            failure,
            payload,
        } => diesel::update(held)
            .set((
                outbox::next_at.eq(Some(at.0)),
                outbox::lease_holder.eq(None::<String>),
                outbox::attempts.eq(row.attempts - i64::from(!counted)),
                outbox::last_failure.eq(failure.as_deref()),
                outbox::payload.eq(payload),
            ))
            .execute_prepared(connection),
        Afterwards::Dead { failure } => diesel::update(held)
            .set((
                outbox::next_at.eq(None::<i64>),
                outbox::lease_holder.eq(None::<String>),
                outbox::last_failure.eq(Some(failure)),
            ))
            .execute_prepared(connection),
    })
}

/// Dead letters after the id `after`, oldest first.
///
/// # Errors
/// The database's failure.
pub fn list_dead(connection: &mut DbConnection, after: i64, limit: i64) -> QueryResult<Vec<OutboxRow>> {
    outbox::table
        .filter(outbox::next_at.is_null().and(outbox::id.gt(after)))
        .order(outbox::id.asc())
        .limit(limit)
        .select(OutboxRow::as_select())
        .load(connection)
}

/// Puts a dead letter back among those that wait, with all tries before it.
///
/// # Errors
/// `NotFound` when it is no dead letter, or not any more; the database's failure.
pub fn move_to_waiting(transaction: &mut Transaction<'_>, id: i64, now: Timestamp) -> Result<(), StoreError> {
    let moved = put_back(transaction, &[id], now)?;
    if moved == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}

/// Puts the oldest dead letters back, at most `limit`, and answers how many.
///
/// # Errors
/// The database's failure.
pub fn move_all_to_waiting(transaction: &mut Transaction<'_>, now: Timestamp, limit: i64) -> Result<usize, StoreError> {
    let dead: Vec<i64> = transaction.read(|connection| {
        outbox::table
            .filter(outbox::next_at.is_null())
            .order(outbox::id.asc())
            .limit(limit)
            .select(outbox::id)
            .load(connection)
    })?;
    put_back(transaction, &dead, now)
}

fn put_back(transaction: &mut Transaction<'_>, ids: &[i64], now: Timestamp) -> Result<usize, StoreError> {
    transaction.change(|connection| {
        diesel::update(outbox::table.filter(outbox::id.eq_any(ids).and(outbox::next_at.is_null())))
            .set((outbox::next_at.eq(Some(now.0)), outbox::attempts.eq(0)))
            .execute_prepared(connection)
    })
}

/// Writes down how far a claimed row got, as long as its lease stands.
///
/// # Errors
/// `Stale` when the lease ended and somebody else took the row; the database's failure.
pub fn set_payload(transaction: &mut Transaction<'_>, row: &OutboxRow, payload: &str) -> Result<(), StoreError> {
    transaction.guarded(|connection| {
        diesel::update(
            outbox::table
                .filter(outbox::id.eq(row.id))
                .filter(outbox::lease_holder.eq(row.lease_holder.as_deref()))
                .filter(outbox::next_at.eq(row.next_at)),
        )
        .set(outbox::payload.eq(payload))
        .execute_prepared(connection)
    })
}

/// Removes dead letters made before the id `before`, at most `limit`.
///
/// # Errors
/// The database's failure.
pub fn delete_dead(transaction: &mut Transaction<'_>, before: i64, limit: i64) -> Result<usize, StoreError> {
    let old: Vec<i64> = transaction.read(|connection| {
        outbox::table
            .filter(outbox::next_at.is_null().and(outbox::id.lt(before)))
            .order(outbox::id.asc())
            .limit(limit)
            .select(outbox::id)
            .load(connection)
    })?;
    transaction.change(|connection| diesel::delete(outbox::table.filter(outbox::id.eq_any(old))).execute(connection))
}

/// Removes texts made before the id `before`: without a gateway they wait in vain.
///
/// # Errors
/// The database's failure.
pub fn delete_unsent_texts(transaction: &mut Transaction<'_>, before: i64, limit: i64) -> Result<usize, StoreError> {
    let old: Vec<i64> = transaction.read(|connection| {
        outbox::table
            .filter(outbox::task.eq(Task::Sms.as_str()))
            .filter(outbox::next_at.is_not_null().and(outbox::id.lt(before)))
            .order((outbox::next_at.asc(), outbox::id.asc()))
            .limit(limit)
            .select(outbox::id)
            .load(connection)
    })?;
    transaction.change(|connection| diesel::delete(outbox::table.filter(outbox::id.eq_any(old))).execute(connection))
}
