//! Counts what may be tried only so often. A bucket names who and what; numbers come here as keyed hashes only.

use diesel::{prelude::*, upsert::excluded};

use crate::database::{StoreError, Transaction, connection::on_each_backend, schema::attempts};

/// How often something may be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttemptLimit {
    /// Tries within the window.
    pub most: i64,
    /// Length of the window, in seconds.
    pub window: i64,
    /// Seconds that the bucket stays closed after the last try allowed; 0 for the rest of the window.
    pub pause: i64,
}

/// What a bucket says about one more try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptVerdict {
    /// Go on.
    Allowed,
    /// Come back after this many seconds.
    Wait(i64),
}

type Counted = (i64, i64, i64);

/// Whether one more try is allowed. Counts nothing.
///
/// # Errors
/// The database's failure.
pub fn ask(
    transaction: &mut Transaction<'_>,
    bucket: &str,
    limit: AttemptLimit,
    now: i64,
) -> Result<AttemptVerdict, StoreError> {
    let row = find(transaction, bucket)?;
    Ok(row.map_or(AttemptVerdict::Allowed, |row| verdict(row, limit, now)))
}

/// Counts a try. A window that is over starts anew.
///
/// # Errors
/// The database's failure.
pub fn count(transaction: &mut Transaction<'_>, bucket: &str, limit: AttemptLimit, now: i64) -> Result<(), StoreError> {
    let (window_start, amount) = match find(transaction, bucket)? {
        Some(row) if !is_over(row, limit, now) => (row.0, row.1 + 1),
        _ => (now, 1),
    };
    let row = (
        attempts::bucket.eq(bucket),
        attempts::window_start.eq(window_start),
        attempts::amount.eq(amount),
        attempts::last_at.eq(now),
    );
    transaction.change(|connection| {
        on_each_backend!(connection, |inner| {
            diesel::insert_into(attempts::table)
                .values(row)
                .on_conflict(attempts::bucket)
                .do_update()
                .set((
                    attempts::window_start.eq(excluded(attempts::window_start)),
                    attempts::amount.eq(excluded(attempts::amount)),
                    attempts::last_at.eq(excluded(attempts::last_at)),
                ))
                .execute(inner)
        })
    })?;
    Ok(())
}

/// Forgets a bucket: after a success.
///
/// # Errors
/// The database's failure.
pub fn forget(transaction: &mut Transaction<'_>, bucket: &str) -> Result<(), StoreError> {
    transaction.change(|connection| diesel::delete(attempts::table.find(bucket)).execute(connection))?;
    Ok(())
}

fn find(transaction: &mut Transaction<'_>, bucket: &str) -> Result<Option<Counted>, StoreError> {
    transaction.read(|connection| {
        attempts::table
            .find(bucket)
            .select((attempts::window_start, attempts::amount, attempts::last_at))
            .first(connection)
            .optional()
    })
}

/// When the bucket opens again although it is full.
const fn opens_at(row: Counted, limit: AttemptLimit) -> i64 {
    let (window_start, _, last_at) = row;
    if limit.pause > 0 {
        last_at + limit.pause * 1_000_000
    } else {
        window_start + limit.window * 1_000_000
    }
}

const fn is_over(row: Counted, limit: AttemptLimit, now: i64) -> bool {
    if row.1 >= limit.most {
        now >= opens_at(row, limit)
    } else {
        now >= row.0 + limit.window * 1_000_000
    }
}

const fn verdict(row: Counted, limit: AttemptLimit, now: i64) -> AttemptVerdict {
    if row.1 < limit.most || is_over(row, limit, now) {
        AttemptVerdict::Allowed
    } else {
        AttemptVerdict::Wait((opens_at(row, limit) - now + 999_999) / 1_000_000)
    }
}

/// Forgets buckets that nobody tried since `before`, at most `limit`.
///
/// # Errors
/// The database's failure.
pub fn delete_idle(transaction: &mut Transaction<'_>, before: i64, limit: i64) -> Result<usize, StoreError> {
    let idle: Vec<String> = transaction.read(|connection| {
        attempts::table
            .filter(attempts::last_at.lt(before))
            .order(attempts::last_at.asc())
            .limit(limit)
            .select(attempts::bucket)
            .load(connection)
    })?;
    transaction
        .change(|connection| diesel::delete(attempts::table.filter(attempts::bucket.eq_any(idle))).execute(connection))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;

    #[test]
    fn a_full_window_opens_at_its_end() {
        let limit = AttemptLimit {
            most: 2,
            window: 60,
            pause: 0,
        };
        assert_eq!(verdict((0, 1, 0), limit, SECOND), AttemptVerdict::Allowed);
        assert_eq!(
            verdict((0, 2, 50 * SECOND), limit, 51 * SECOND),
            AttemptVerdict::Wait(9)
        );
        assert_eq!(
            verdict((0, 2, 50 * SECOND), limit, 60 * SECOND),
            AttemptVerdict::Allowed
        );
    }

    #[test]
    fn a_pause_counts_from_the_last_try() {
        let limit = AttemptLimit {
            most: 5,
            window: 600,
            pause: 600,
        };
        let row = (0, 5, 590 * SECOND);
        assert_eq!(verdict(row, limit, 601 * SECOND), AttemptVerdict::Wait(589));
        assert_eq!(verdict(row, limit, 1190 * SECOND), AttemptVerdict::Allowed);
        assert!(is_over((0, 4, 0), limit, 600 * SECOND));
    }
}
