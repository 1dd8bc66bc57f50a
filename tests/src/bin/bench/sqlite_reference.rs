//! The reference for SQLite: the very rows that the server wrote, inserted again through rusqlite with prepared statements
//! into tables with the same indexes, in batches and one submission at a time.

use std::{path::Path, time::Instant};

use rusqlite::{Connection, params_from_iter, types::Value};

/// The tables that a submission adds a row to, parents first, with the column that names the case.
const TABLES: &[(&str, &str)] = &[
    ("cases", "id"),
    ("case_events", "case_id"),
    ("consents", "case_id"),
    ("clocks", "case_id"),
    ("notices", "case_id"),
    ("audit_records", "object_id"),
    ("outbox", "subject_id"),
    ("idempotency_keys", "outcome"),
];

/// The counters that one submission raises.
const COUNTERS: &str =
    "INSERT INTO counters VALUES (?1, ?2, 1) ON CONFLICT (name, dimension) DO UPDATE SET amount = amount + 1";

/// Rows of many submissions: for each table its statement and rows.
pub(crate) struct Rows {
    tables: Vec<(String, Vec<Vec<Value>>)>,
    submissions: usize,
}

/// Reads the rows of the newest `submissions` cases that the server wrote.
pub(crate) fn read(database: &Path, submissions: usize) -> rusqlite::Result<Rows> {
    let connection = Connection::open(database)?;
    let mut tables = Vec::new();
    for (table, _) in TABLES {
        let order = if *table == "idempotency_keys" {
            "kept_until"
        } else {
            "id"
        };
        let mut statement = connection.prepare(&format!(
            "SELECT * FROM {table} ORDER BY {order} DESC LIMIT {submissions}"
        ))?;
        let width = statement.column_count();
        let rows = statement
            .query_map([], |row| {
                (0..width)
                    .map(|column| row.get::<_, Value>(column))
                    .collect::<Result<Vec<_>, _>>()
            })?
            .collect::<Result<Vec<_>, _>>()?;
        let marks = (1..=width)
            .map(|mark| format!("?{mark}"))
            .collect::<Vec<_>>()
            .join(", ");
        tables.push((format!("INSERT INTO {table} VALUES ({marks})"), rows));
    }
    Ok(Rows { tables, submissions })
}

/// Submissions a second when `batch` of them share a transaction. `empty` is a database with the tables and no rows.
pub(crate) fn insert(rows: &Rows, empty: &Path, batch: usize, most: usize) -> rusqlite::Result<f64> {
    let connection = Connection::open(empty)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 16000; PRAGMA foreign_keys = OFF;",
    )?;
    connection.set_prepared_statement_cache_capacity(32);
    let count = rows.submissions.min(most);
    let started = Instant::now();
    for first in (0..count).step_by(batch) {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        for (statement, values) in &rows.tables {
            let each = values.len() / rows.submissions;
            let mut prepared = connection.prepare_cached(statement)?;
            for row in values.iter().skip(first * each).take(batch.min(count - first) * each) {
                prepared.execute(params_from_iter(row))?;
            }
        }
        let mut counter = connection.prepare_cached(COUNTERS)?;
        for _ in first..(first + batch).min(count) {
            counter.execute(["cases_received", "all"])?;
            counter.execute(["cases_received", "371302"])?;
            counter.execute(["cases_by_state", "submitted"])?;
        }
        drop(counter);
        connection.execute_batch("COMMIT")?;
    }
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    Ok(count as f64 / started.elapsed().as_secs_f64())
}
