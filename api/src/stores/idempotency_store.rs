//! Keys of writes that were done, with what was answered, so that a repeated request changes nothing and hears the same.
//! The writer looks them up (`database::repeats`).

use diesel::prelude::*;
use shared::domain::time::Timestamp;

use crate::database::{StoreError, Transaction, append::append_row, schema::idempotency_keys};

/// A write that was done.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotency_keys, treat_none_as_default_value = false)]
pub struct IdempotencyKeyRow {
    /// The account that asked.
    pub actor_id: i64,
    /// `Idempotency-Key`, or the submission's id.
    pub idempotency_key: String,
    /// What was asked for.
    pub operation: String,
    /// SHA-256 of the request's content, hexadecimal.
    pub fingerprint: String,
    /// The use case's outcome as JSON.
    pub outcome: String,
    /// Until when it is kept.
    pub kept_until: i64,
}
append_row!(IdempotencyKeyRow, idempotency_keys::table, order = 95);

/// Forgets keys that are kept no longer, at most `limit` at a time.
///
/// # Errors
/// The database's failure.
pub fn delete_ended(transaction: &mut Transaction<'_>, now: Timestamp, limit: i64) -> Result<usize, StoreError> {
    let ended: Vec<(i64, String)> = transaction.read(|connection| {
        idempotency_keys::table
            .filter(idempotency_keys::kept_until.lt(now.0))
            .order(idempotency_keys::kept_until.asc())
            .limit(limit)
            .select((idempotency_keys::actor_id, idempotency_keys::idempotency_key))
            .load(connection)
    })?;
    for (actor_id, key) in &ended {
        transaction
            .change(|connection| diesel::delete(idempotency_keys::table.find((actor_id, key))).execute(connection))?;
    }
    Ok(ended.len())
}
