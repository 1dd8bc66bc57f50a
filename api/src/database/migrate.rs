//! What the tables are and what they are brought to. The two folders of migrations are twins; a test compares what they make.
//!
//! It decides whether this program may use a database: one that a newer program changed is refused before anything is touched.

use diesel::{
    backend::Backend,
    connection::SimpleConnection,
    migration::{Migration, MigrationSource},
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{DatabaseUrl, DbConnection, StoreError, connection};

pub(super) const SQLITE: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");
pub(super) const POSTGRES: EmbeddedMigrations = embed_migrations!("../migrations/postgres");

/// What each migration does, for the operator who is about to apply it. A test holds this against the folders.
const PURPOSES: &[(&str, &str)] = &[("00000000000001", "makes all tables; an empty database takes no time")];

/// Any number that no other program locks on the same PostgreSQL database.
const MIGRATION_LOCK: i64 = 0x5368_6f75_6661;

/// A migration that this program knows and the database does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingMigration {
    /// Name of its folder.
    pub name: String,
    /// What it does.
    pub purpose: &'static str,
}

/// How the database and this program stand to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MigrationState {
    /// Everything is applied.
    Current,
    /// These are to be applied, in this order.
    Behind(Vec<PendingMigration>),
    /// A newer program applied these versions.
    Newer(Vec<String>),
}

/// Looks at a database without changing it. A SQLite file that is not there is one where everything is to be applied.
///
/// # Errors
/// When the database cannot be reached.
pub fn look(url: &DatabaseUrl) -> Result<MigrationState, StoreError> {
    if let DatabaseUrl::Sqlite(path) = url
        && !std::path::Path::new(path).exists()
    {
        let all = known(&SQLITE)?;
        return Ok(MigrationState::Behind(all.iter().map(pending).collect()));
    }
    state_of(&mut connection::open_to_look(url)?)
}

/// How this database stands.
///
/// # Errors
/// When it cannot be read.
pub(super) fn state_of(connection: &mut DbConnection) -> Result<MigrationState, StoreError> {
    let applied = applied_versions(connection)?;
    let known = match connection {
        DbConnection::Sqlite(_) => known(&SQLITE)?,
        DbConnection::Postgres(_) => known_to_postgres()?,
    };
    let strangers: Vec<String> = applied
        .iter()
        .filter(|version| !known.iter().any(|(own, _)| own == *version))
        .cloned()
        .collect();
    if !strangers.is_empty() {
        return Ok(MigrationState::Newer(strangers));
    }
    let missing: Vec<PendingMigration> = known
        .iter()
        .filter(|(version, _)| !applied.contains(version))
        .map(pending)
        .collect();
    Ok(if missing.is_empty() {
        MigrationState::Current
    } else {
        MigrationState::Behind(missing)
    })
}

/// Applies what is pending. Several processes starting at once wait for each other.
pub(super) fn bring_up_to_date(connection: &mut DbConnection) -> Result<(), StoreError> {
    if let DbConnection::Postgres(postgres) = connection {
        postgres.batch_execute("SET client_min_messages = warning")?;
        postgres.batch_execute(&format!("SELECT pg_advisory_lock({MIGRATION_LOCK})"))?;
    }
    let applied = apply(connection);
    if let DbConnection::Postgres(postgres) = connection {
        postgres.batch_execute(&format!("SELECT pg_advisory_unlock({MIGRATION_LOCK})"))?;
    }
    applied
}

fn apply(connection: &mut DbConnection) -> Result<(), StoreError> {
    let pending = match state_of(connection)? {
        MigrationState::Current => return Ok(()),
        MigrationState::Newer(versions) => return Err(StoreError::Newer(versions.join(", "))),
        MigrationState::Behind(pending) => pending,
    };
    for migration in pending {
        tracing::info!(
            name = migration.name,
            purpose = migration.purpose,
            "applies a migration"
        );
    }
    match connection {
        DbConnection::Sqlite(sqlite) => sqlite.run_pending_migrations(SQLITE).map(drop),
        DbConnection::Postgres(postgres) => postgres.run_pending_migrations(POSTGRES).map(drop),
    }
    .map_err(failed)
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
    .map_err(failed)
}

/// Version and folder's name of each migration, in order.
type Known = Vec<(String, String)>;

fn known(migrations: &EmbeddedMigrations) -> Result<Known, StoreError> {
    named(MigrationSource::<diesel::sqlite::Sqlite>::migrations(migrations))
}

fn known_to_postgres() -> Result<Known, StoreError> {
    named(MigrationSource::<diesel::pg::Pg>::migrations(&POSTGRES))
}

fn named<DB: Backend>(migrations: diesel::migration::Result<Vec<Box<dyn Migration<DB>>>>) -> Result<Known, StoreError> {
    let mut known: Known = migrations
        .map_err(failed)?
        .iter()
        .map(|migration| (migration.name().version().to_string(), migration.name().to_string()))
        .collect();
    known.sort();
    Ok(known)
}

fn pending((version, name): &(String, String)) -> PendingMigration {
    let purpose = PURPOSES.iter().find(|(own, _)| own == version);
    PendingMigration {
        name: name.clone(),
        purpose: purpose.map_or("", |(_, purpose)| purpose),
    }
}

/// Reads without making diesel's own table: looking changes nothing.
fn applied_versions(connection: &mut DbConnection) -> Result<Vec<String>, StoreError> {
    use diesel::{RunQueryDsl, sql_query, sql_types::Text};

    #[derive(diesel::QueryableByName)]
    struct Found {
        #[diesel(sql_type = Text)]
        version: String,
    }
    let there = match connection {
        DbConnection::Sqlite(_) => {
            "SELECT name AS version FROM sqlite_master WHERE type = 'table' AND name = '__diesel_schema_migrations'"
        }
        DbConnection::Postgres(_) => {
            "SELECT table_name::text AS version FROM information_schema.tables \
             WHERE table_schema = current_schema() AND table_name = '__diesel_schema_migrations'"
        }
    };
    let table: Vec<Found> = sql_query(there).load(connection)?;
    if table.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Found> =
        sql_query("SELECT version FROM __diesel_schema_migrations ORDER BY version").load(connection)?;
    Ok(rows.into_iter().map(|row| row.version).collect())
}

fn failed(error: impl std::fmt::Display) -> StoreError {
    StoreError::Database(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_operator_is_told_what_each_migration_does() {
        for (version, name) in known(&SQLITE).unwrap() {
            let purpose = pending(&(version, name.clone())).purpose;
            assert!(!purpose.is_empty(), "PURPOSES lacks {name}");
        }
    }
}
