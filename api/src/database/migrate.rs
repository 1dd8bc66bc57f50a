//! Brings the tables up to date at start. The two folders of migrations are twins; a test compares what they make.

use diesel::connection::SimpleConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{DbConnection, StoreError};

const SQLITE: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../migrations/postgres");

/// Any number that no other program locks on the same PostgreSQL database.
const MIGRATION_LOCK: i64 = 0x5368_6f75_6661;

/// Applies what is pending. Several processes starting at once wait for each other.
pub(super) fn bring_up_to_date(connection: &mut DbConnection) -> Result<(), StoreError> {
    match connection {
        DbConnection::Sqlite(sqlite) => apply(sqlite, SQLITE),
        DbConnection::Postgres(postgres) => {
            postgres.batch_execute("SET client_min_messages = warning")?;
            postgres.batch_execute(&format!("SELECT pg_advisory_lock({MIGRATION_LOCK})"))?;
            let applied = apply(postgres, POSTGRES);
            postgres.batch_execute(&format!("SELECT pg_advisory_unlock({MIGRATION_LOCK})"))?;
            applied
        }
    }
}

/// Takes every migration back, newest first: for the test that goes up, down and up again.
///
/// # Errors
/// When a `down.sql` fails.
pub fn take_all_back(connection: &mut DbConnection) -> Result<(), StoreError> {
    match connection {
        DbConnection::Sqlite(sqlite) => sqlite.revert_all_migrations(SQLITE).map(drop),
        DbConnection::Postgres(postgres) => postgres.revert_all_migrations(POSTGRES).map(drop),
    }
    .map_err(|error| StoreError::Database(error.to_string()))
}

fn apply<DB, C>(connection: &mut C, migrations: EmbeddedMigrations) -> Result<(), StoreError>
where
    DB: diesel::backend::Backend,
    C: MigrationHarness<DB>,
    EmbeddedMigrations: diesel::migration::MigrationSource<DB>,
{
    connection
        .run_pending_migrations(migrations)
        .map(drop)
        .map_err(|error| StoreError::Database(error.to_string()))
}
