//! The writer's promises on both databases: groups, refusals, panics, duplicates and counters.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use diesel::prelude::*;
use shared::domain::time::Timestamp;

use super::{
    Database, DatabaseLimits, DatabaseUrl, DbConnection, StoreError, Transaction,
    append::append_row,
    batch::{BatchedChange, all_of},
    schema::{audit_records, counters, leases},
};

#[derive(Insertable)]
#[diesel(table_name = leases, treat_none_as_default_value = false)]
struct NewLeaseRow {
    name: String,
    holder: String,
    held_until: i64,
}
append_row!(NewLeaseRow, leases::table, order = 1);

fn lease(name: &str) -> NewLeaseRow {
    NewLeaseRow {
        name: name.to_owned(),
        holder: "h".to_owned(),
        held_until: 1,
    }
}

/// Runs `promise` with the URL of an empty database of each kind.
pub(super) fn on_both_urls(promise: impl Fn(&DatabaseUrl) -> Result<(), StoreError>) {
    let folder = tempfile::tempdir().unwrap();
    promise(&DatabaseUrl::Sqlite(folder.path().join("t.db").display().to_string())).unwrap();
    let server =
        std::env::var("SHOUFA_TEST_DATABASE_URL").expect("SHOUFA_TEST_DATABASE_URL names a PostgreSQL: use ./dev test");
    let schema = format!("t{}", uuid::Uuid::new_v4().simple());
    #[expect(
        clippy::disallowed_methods,
        reason = "a schema of one's own must be made before anything else connects"
    )]
    let mut admin = PgConnection::establish(&server).unwrap();
    diesel::sql_query(format!("CREATE SCHEMA {schema}"))
        .execute(&mut admin)
        .unwrap();
    let separator = if server.contains('?') { '&' } else { '?' };
    promise(&DatabaseUrl::Postgres(format!(
        "{server}{separator}options=-csearch_path%3D{schema}"
    )))
    .unwrap();
    diesel::sql_query(format!("DROP SCHEMA {schema} CASCADE"))
        .execute(&mut admin)
        .unwrap();
}

/// Every act in the audit trail with its detail, oldest first.
pub(crate) async fn audit_trail(database: &Database) -> Vec<(String, String)> {
    database
        .readers
        .read(|connection| {
            let columns = (audit_records::action, audit_records::detail);
            let trail = audit_records::table.select(columns).order(audit_records::id);
            Ok::<_, StoreError>(trail.load(connection)?)
        })
        .await
        .unwrap()
}

/// Runs the same promise on both databases.
pub(crate) fn on_both(promise: impl AsyncFn(Database)) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    on_both_urls(|url| {
        let database = Database::open(url, &DatabaseLimits::default(), Timestamp(0))?;
        runtime.block_on(promise(database));
        Ok(())
    });
}

async fn count(database: &Database) -> i64 {
    database
        .readers
        .read(|connection| Ok::<_, StoreError>(leases::table.count().get_result(connection)?))
        .await
        .unwrap()
}

#[test]
fn a_failing_or_panicking_job_never_fails_its_neighbours() {
    on_both(async |database: Database| {
        let jobs = (0..60).map(|number| {
            let writer = database.writer.clone();
            async move {
                writer
                    .write(move |transaction| {
                        transaction.append(lease(&format!("l{}", number / 2)));
                        transaction.count("leases", "all", 1);
                        match number % 20 {
                            3 => Err(StoreError::Stale),
                            7 => panic!("a job that panics"),
                            _ => Ok(number),
                        }
                    })
                    .await
            }
        });
        let answers: Vec<_> = futures_util::future::join_all(jobs).await;
        let kept = answers.iter().filter(|answer| answer.is_ok()).count();
        assert_eq!(kept, 30, "one of each pair, since names are unique");
        assert!(
            answers
                .iter()
                .filter(|answer| matches!(answer, Err(StoreError::Duplicate(_))))
                .count()
                >= 24
        );
        assert_eq!(count(&database).await, 30);
        let counted: i64 = database
            .readers
            .read(|connection| {
                Ok::<_, StoreError>(
                    counters::table
                        .find(("leases", "all"))
                        .select(counters::amount)
                        .first(connection)?,
                )
            })
            .await
            .unwrap();
        assert_eq!(counted, 30);
    });
}

#[test]
fn a_refusal_after_a_change_takes_the_change_back() {
    on_both(async |database: Database| {
        let tries = std::sync::Arc::new(AtomicU32::new(0));
        let seen = std::sync::Arc::clone(&tries);
        let refused: Result<(), StoreError> = database
            .writer
            .write(move |transaction| {
                seen.fetch_add(1, Ordering::Relaxed);
                transaction.change(|connection| {
                    diesel::insert_into(leases::table)
                        .values(lease("gone"))
                        .execute(connection)
                })?;
                Err(StoreError::Stale)
            })
            .await;
        assert!(matches!(refused, Err(StoreError::Stale)));
        assert_eq!(count(&database).await, 0);
        assert_eq!(tries.load(Ordering::Relaxed), 2, "run together, then alone");
    });
}

/// Pages of its log that a SQLite database may keep: what is worth moving, and what comes while it is moved.
const LONGEST_LOG: u64 = 3 * 24_000 * 4096;

/// Adds rows of four kilobytes, half a megabyte at a time.
async fn add_much(database: &Database, from: usize, groups: usize) {
    let long = "路灯不亮".repeat(340);
    for group in from..from + groups {
        let long = long.clone();
        let added: Result<(), StoreError> = database
            .writer
            .write(move |transaction| {
                for row in 0..128 {
                    transaction.append(lease(&format!("{group}-{row}-{long}")));
                }
                Ok(())
            })
            .await;
        added.unwrap();
    }
}

/// Prolongs a lease that is held until `read`.
struct Prolonged {
    name: &'static str,
    read: i64,
    until: i64,
}

impl BatchedChange for Prolonged {
    const ORDER: u8 = 1;

    fn join(self, waiting: &mut Vec<Self>) {
        match waiting.last_mut() {
            Some(before) if (before.name, before.until) == (self.name, self.read) => before.until = self.until,
            _ => waiting.push(self),
        }
    }

    fn write_all(waiting: Vec<Self>, connection: &mut DbConnection) -> Result<(), StoreError> {
        for Self { name, read, until } in waiting {
            let read = leases::table.filter(leases::name.eq(name).and(leases::held_until.eq(read)));
            let changed = diesel::update(read)
                .set(leases::held_until.eq(until))
                .execute(connection)?;
            all_of(1, changed)?;
        }
        Ok(())
    }
}

fn held_until(connection: &mut DbConnection, name: &str) -> QueryResult<i64> {
    let held = leases::table.filter(leases::name.eq(name));
    held.select(leases::held_until).first(connection)
}

#[test]
fn what_waits_is_written_before_the_next_statement_and_at_the_end_or_the_job_is_refused_whole() {
    on_both(async |database: Database| {
        let prolong = |name, read, until| Prolonged { name, read, until };
        let made = |transaction: &mut Transaction<'_>| {
            transaction.append(lease("a"));
            transaction.append(lease("b"));
            Ok::<_, StoreError>(())
        };
        database.writer.write(made).await.unwrap();

        let seen = database.writer.write(move |transaction| {
            transaction.batch(prolong("a", 1, 2));
            transaction.batch(prolong("a", 2, 3));
            let seen = transaction.read(|connection| held_until(connection, "a"))?;
            transaction.batch(prolong("b", 1, 2));
            Ok::<_, StoreError>(seen)
        });
        assert_eq!(seen.await.unwrap(), 3, "both at once, before the read");

        let late = database.writer.write(move |transaction| {
            transaction.batch(prolong("a", 3, 4));
            transaction.batch(prolong("b", 1, 4));
            Ok::<_, StoreError>(())
        });
        assert!(matches!(late.await, Err(StoreError::Stale)), "b is held until 2");

        let unheard = database.writer.write(move |transaction| {
            transaction.batch(prolong("a", 3, 5));
            transaction.batch(prolong("b", 1, 5));
            let _ignored = transaction.read(|connection| held_until(connection, "a"));
            Ok::<_, StoreError>(())
        });
        assert!(matches!(unheard.await, Err(StoreError::Stale)));

        let now = database.readers.read(|connection| {
            let held = [held_until(connection, "a")?, held_until(connection, "b")?];
            Ok::<_, StoreError>(held)
        });
        assert_eq!(now.await.unwrap(), [3, 2], "nothing of the refused jobs stays");
    });
}

#[test]
fn the_log_of_the_embedded_database_stays_short_and_is_moved_once_a_long_reader_ends() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.db");
    let log = || std::fs::metadata(path.with_extension("db-wal")).unwrap().len();
    let url = DatabaseUrl::Sqlite(path.display().to_string());
    let database = Database::open(&url, &DatabaseLimits::default(), Timestamp(0)).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();

    runtime.block_on(add_much(&database, 0, 400));
    assert!(log() < LONGEST_LOG, "{} bytes", log());

    let reader = rusqlite::Connection::open(&path).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM leases;").unwrap();
    runtime.block_on(add_much(&database, 400, 200));
    reader.execute_batch("COMMIT").unwrap();
    drop(reader);
    // It begins anew, over what it held, and grows no more.
    let begins_anew = (0..20).any(|round| {
        let before = log();
        runtime.block_on(add_much(&database, 600 + round * 10, 10));
        log() == before
    });
    assert!(begins_anew, "the log went on growing");
}

#[test]
fn readers_cannot_write_and_many_wait_their_turn() {
    on_both(async |database: Database| {
        let refused = database
            .readers
            .read(|connection| Ok::<_, StoreError>(diesel::delete(leases::table).execute(connection)?))
            .await;
        assert!(matches!(refused, Err(StoreError::Database(_))));
        let reads = (0..40).map(|_| {
            database.readers.read(|connection| {
                std::thread::sleep(Duration::from_millis(2));
                Ok::<_, StoreError>(leases::table.count().get_result::<i64>(connection)?)
            })
        });
        assert!(futures_util::future::join_all(reads).await.iter().all(Result::is_ok));
    });
}
