//! One connection type over both databases, chosen by the URL's scheme, and the settings each connection gets.

#![allow(
    clippy::disallowed_methods,
    reason = "connections are opened and lent here and nowhere else"
)]
#![allow(missing_docs, reason = "the derive makes public items of its own")]

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use diesel::{
    Connection, PgConnection, SqliteConnection,
    connection::{InstrumentationEvent, SimpleConnection},
};

use super::StoreError;

/// A connection to either database. Queries written against it run on both.
#[derive(diesel::MultiConnection)]
pub enum DbConnection {
    /// The embedded database.
    Sqlite(SqliteConnection),
    /// A PostgreSQL server.
    Postgres(PgConnection),
}

/// Compiles one body once for each backend: batch inserts, `on_conflict`, `returning` and whatever else the joint type cannot do.
macro_rules! on_each_backend {
    ($connection:expr, |$inner:ident| $body:expr) => {
        match $connection {
            $crate::database::DbConnection::Sqlite($inner) => $body,
            $crate::database::DbConnection::Postgres($inner) => $body,
        }
    };
}
pub(crate) use on_each_backend;

/// Where the database is.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// Path of the SQLite file; made when missing.
    Sqlite(String),
    /// `postgres://…` as libpq takes it.
    Postgres(String),
}

impl std::fmt::Debug for DatabaseUrl {
    /// A PostgreSQL URL may carry a password, so only the kind is shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "SQLite file {path}"),
            Self::Postgres(_) => f.write_str("PostgreSQL"),
        }
    }
}

impl std::str::FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Ok(Self::Postgres(text.to_owned()))
        } else if let Some(path) = text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:"))
            && !path.is_empty()
        {
            Ok(Self::Sqlite(path.to_owned()))
        } else {
            Err("a database URL starts with postgres://, postgresql:// or sqlite:".to_owned())
        }
    }
}

/// Counts the statements that all connections of one database sent.
#[derive(Default)]
pub struct StatementCount(AtomicU64);

impl StatementCount {
    /// Takes back one that is no query: the beginning and the end of a transaction.
    pub(super) fn take_back_one(&self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }

    /// Statements so far.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The write-ahead log is moved into the file by `checkpoints`, not by whichever commit finds it long.
const SQLITE_SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
    PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 0; PRAGMA temp_store = MEMORY;";

/// Opens the connection that writes.
pub(super) fn open_for_writing(url: &DatabaseUrl, count: &Arc<StatementCount>) -> Result<DbConnection, StoreError> {
    let mut connection = establish(url)?;
    if let DbConnection::Sqlite(sqlite) = &mut connection {
        sqlite.batch_execute(SQLITE_SETTINGS)?;
        sqlite.batch_execute("PRAGMA cache_size = -32000;")?;
    }
    watch(&mut connection, count);
    Ok(connection)
}

/// Opens a connection that can only read.
pub(super) fn open_for_reading(url: &DatabaseUrl, count: &Arc<StatementCount>) -> Result<DbConnection, StoreError> {
    let mut connection = establish(url)?;
    match &mut connection {
        DbConnection::Sqlite(sqlite) => {
            sqlite.batch_execute(SQLITE_SETTINGS)?;
            // Room for the inner pages of the indexes of a million cases.
            sqlite.batch_execute("PRAGMA cache_size = -6000; PRAGMA query_only = ON;")?;
        }
        DbConnection::Postgres(postgres) => {
            // Many short reads at once: neither parallel workers nor compiled plans ever pay. Pages come from memory or a
            // solid disk: as if they lay far apart, the planner walks along the ids where a list's own index is shorter.
            postgres.batch_execute(
                "SET default_transaction_read_only = on; SET max_parallel_workers_per_gather = 0; SET jit = off; \
                 SET random_page_cost = 1.1",
            )?;
        }
    }
    watch(&mut connection, count);
    Ok(connection)
}

/// Opens the connection that moves the log of the SQLite file at `path`. Its statements are nobody's and are not counted.
pub(super) fn open_beside(path: &str) -> Result<SqliteConnection, StoreError> {
    let mut connection = SqliteConnection::establish(path)?;
    connection.batch_execute(SQLITE_SETTINGS)?;
    Ok(connection)
}

/// Opens a connection that looks and changes nothing, not even the settings of a SQLite file.
pub(super) fn open_to_look(url: &DatabaseUrl) -> Result<DbConnection, StoreError> {
    let mut connection = establish(url)?;
    match &mut connection {
        DbConnection::Sqlite(sqlite) => sqlite.batch_execute("PRAGMA busy_timeout = 5000; PRAGMA query_only = ON;")?,
        DbConnection::Postgres(postgres) => postgres.batch_execute("SET default_transaction_read_only = on")?,
    }
    Ok(connection)
}

/// Never the joint type's own `establish`: it opens an empty SQLite file for a mistyped PostgreSQL URL.
pub(super) fn establish(url: &DatabaseUrl) -> Result<DbConnection, StoreError> {
    Ok(match url {
        DatabaseUrl::Sqlite(path) => DbConnection::Sqlite(SqliteConnection::establish(path)?),
        DatabaseUrl::Postgres(url) => {
            refuse_tls_without_feature(url)?;
            DbConnection::Postgres(PgConnection::establish(url)?)
        }
    })
}

/// A build without TLS says so in words, and never connects in the clear where the operator asked for TLS.
fn refuse_tls_without_feature(url: &str) -> Result<(), StoreError> {
    match ssl_mode(url) {
        Some(mode @ ("require" | "verify-ca" | "verify-full")) if !cfg!(feature = "pg-tls") => {
            Err(StoreError::Database(format!(
                "the database URL asks for sslmode={mode}, but this shoufa was built without pg-tls: build it with \
                 `cargo build --release -p api --features pg-tls`"
            )))
        }
        _ => Ok(()),
    }
}

/// The `sslmode` that a PostgreSQL URL names.
pub(crate) fn ssl_mode(url: &str) -> Option<&str> {
    let (_, query) = url.split_once('?')?;
    query.split('&').find_map(|pair| pair.strip_prefix("sslmode="))
}

fn watch(connection: &mut DbConnection, count: &Arc<StatementCount>) {
    let count = Arc::clone(count);
    let listener = move |event: InstrumentationEvent<'_>| {
        if matches!(event, InstrumentationEvent::StartQuery { .. }) {
            count.0.fetch_add(1, Ordering::Relaxed);
        }
    };
    on_each_backend!(connection, |inner| inner.set_instrumentation(listener));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ssl_mode_is_read_from_the_url() {
        assert_eq!(
            ssl_mode("postgres://u@h/d?a=b&sslmode=verify-full"),
            Some("verify-full")
        );
        assert_eq!(ssl_mode("postgres://u@h/d?sslmode=require"), Some("require"));
        assert_eq!(ssl_mode("postgres://u@h/sslmode=require"), None);
    }

    #[cfg(not(feature = "pg-tls"))]
    #[test]
    fn a_build_without_tls_never_connects_in_the_clear_where_tls_is_asked_for() {
        for mode in ["require", "verify-ca", "verify-full"] {
            let url = DatabaseUrl::Postgres(format!("postgres://u:geheim@127.0.0.1:9/d?sslmode={mode}"));
            let error = establish(&url).err().map(|error| error.to_string()).unwrap();
            assert!(error.contains("built without pg-tls"), "{error}");
            assert!(error.contains(mode) && !error.contains("geheim"), "{error}");
        }
    }
}
