//! The tables of an earlier time, for a copy that was made then. A server that starts on it applies the rest.

use diesel::migration::{Migration, MigrationSource};
use diesel_migrations::MigrationHarness;

use crate::database::{
    DbConnection, StoreError,
    migrate::{POSTGRES, SQLITE},
};

/// Versions that this program knows.
pub(super) fn known() -> Result<Vec<String>, StoreError> {
    let migrations: Vec<Box<dyn Migration<diesel::sqlite::Sqlite>>> = SQLITE.migrations().map_err(failed)?;
    Ok(migrations.iter().map(|one| one.name().version().to_string()).collect())
}

/// Makes the tables that these versions make, in an empty place.
pub(super) fn make(connection: &mut DbConnection, versions: &[String]) -> Result<(), StoreError> {
    let DbConnection::Postgres(connection) = connection else {
        return Ok(());
    };
    let pending: Vec<Box<dyn Migration<diesel::pg::Pg>>> = connection.pending_migrations(POSTGRES).map_err(failed)?;
    for migration in pending {
        if versions.contains(&migration.name().version().to_string()) {
            connection.run_migration(&*migration).map_err(failed)?;
        }
    }
    Ok(())
}

fn failed(error: impl std::fmt::Display) -> StoreError {
    StoreError::Database(error.to_string())
}
