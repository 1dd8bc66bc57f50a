//! Whole databases written to files from one snapshot while a server works, and read back into an empty place.
//!
//! It decides how each of the two databases is copied. Which files a backup has, and when one is refused, is decided in `backup`.

mod postgres;
mod sqlite;
mod tables;

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{DatabaseUrl, DbConnection, StoreError, connection};

/// Told of every piece that was read or written; it may make the copy wait, and it shows progress.
pub trait Pacing {
    /// So many bytes more were copied.
    fn copied(&mut self, bytes: u64);
}

/// Which database a copy is of. One cannot be read into the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CopyKind {
    /// One file, `database.sqlite`.
    Sqlite,
    /// A folder `database` with one file a table, each line a row as JSON.
    Postgresql,
}

impl CopyKind {
    /// The kind that this URL names.
    #[must_use]
    pub const fn of(url: &DatabaseUrl) -> Self {
        match url {
            DatabaseUrl::Sqlite(_) => Self::Sqlite,
            DatabaseUrl::Postgres(_) => Self::Postgresql,
        }
    }

    /// As people call it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgresql => "PostgreSQL",
        }
    }
}

/// A table and how many rows of it were copied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableCount {
    /// Its name.
    pub name: String,
    /// Its rows.
    pub rows: u64,
}

/// What is in a copy. All of it is of the same moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseCopy {
    /// The files, from the folder that was given.
    pub files: Vec<String>,
    /// The tables in the order of their names.
    pub tables: Vec<TableCount>,
    /// Versions of the migrations that made them.
    pub migrations: Vec<String>,
    /// Keys of every stored photograph that a row names.
    pub photos: Vec<String>,
}

/// Why a copy could not be made or read back.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The database failed.
    #[error(transparent)]
    Database(#[from] StoreError),
    /// The embedded database failed.
    #[error("SQLite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A file cannot be read or written.
    #[error("{0}: {1}")]
    File(String, std::io::Error),
    /// The database that was read back is not sound.
    #[error("{0}")]
    Unsound(String),
}

impl CopyError {
    fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.display().to_string();
        move |error| Self::File(path, error)
    }
}

impl From<diesel::result::Error> for CopyError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

/// Every photograph that a row names. `UNION` names each once.
const PHOTO_KEYS: &str = "SELECT original_key AS line FROM photos UNION SELECT display_key FROM photos \
    UNION SELECT thumbnail_key FROM photos \
    UNION SELECT public_display_key FROM case_photos WHERE public_display_key IS NOT NULL \
    UNION SELECT public_thumbnail_key FROM case_photos WHERE public_thumbnail_key IS NOT NULL";

/// Writes the database of one moment into `folder` while servers go on. Blocks.
///
/// # Errors
/// When the database or the folder fails; what was written is of no use then.
pub fn write(url: &DatabaseUrl, folder: &Path, pacing: &mut dyn Pacing) -> Result<DatabaseCopy, CopyError> {
    match url {
        DatabaseUrl::Sqlite(path) => sqlite::write(Path::new(path), folder, pacing),
        DatabaseUrl::Postgres(_) => match connection::establish(url)? {
            DbConnection::Postgres(mut connection) => postgres::write(&mut connection, folder, pacing),
            DbConnection::Sqlite(_) => Err(CopyError::Unsound("not a PostgreSQL connection".to_owned())),
        },
    }
}

/// Whether something is at `url` that reading a copy back would cover. Blocks.
///
/// # Errors
/// When the database cannot be reached.
pub fn is_taken(url: &DatabaseUrl) -> Result<bool, CopyError> {
    match url {
        DatabaseUrl::Sqlite(path) => Ok(Path::new(path).exists()),
        DatabaseUrl::Postgres(_) => postgres::is_taken(&mut connection::establish(url)?),
    }
}

/// Puts what is at `url` aside under a name with `mark` and leaves an empty place. Nothing may be using it. Blocks.
///
/// # Errors
/// When the file or the schema cannot be renamed.
pub fn put_aside(url: &DatabaseUrl, mark: &str) -> Result<(), CopyError> {
    match url {
        DatabaseUrl::Sqlite(path) => sqlite::put_aside(path, mark),
        DatabaseUrl::Postgres(_) => postgres::put_aside(&mut connection::establish(url)?, mark),
    }
}

/// Reads a copy in `folder`, made after these migrations, into the empty place at `url`; all or nothing. Blocks.
///
/// # Errors
/// When the copy is damaged or the database fails.
pub fn read_back(
    url: &DatabaseUrl,
    folder: &Path,
    migrations: &[String],
    pacing: &mut dyn Pacing,
) -> Result<Vec<TableCount>, CopyError> {
    match url {
        DatabaseUrl::Sqlite(path) => sqlite::read_back(Path::new(path), folder, pacing),
        DatabaseUrl::Postgres(_) => postgres::read_back(&mut connection::establish(url)?, folder, migrations, pacing),
    }
}

/// Reads a copy into a place of its own beside the database at `url`, counts what arrived, and removes it again. Blocks.
///
/// # Errors
/// As [`read_back`]; for PostgreSQL also when the user may not make schemas.
pub fn try_out(
    url: &DatabaseUrl,
    folder: &Path,
    migrations: &[String],
    pacing: &mut dyn Pacing,
) -> Result<Vec<TableCount>, CopyError> {
    match url {
        DatabaseUrl::Sqlite(_) => {
            let place = tempfile::tempdir_in(folder).map_err(CopyError::file(folder))?;
            sqlite::read_back(&place.path().join("trial.db"), folder, pacing)
        }
        DatabaseUrl::Postgres(_) => postgres::try_out(&mut connection::establish(url)?, folder, migrations, pacing),
    }
}

/// Versions in `migrations` that this program does not know: a newer one made the copy.
///
/// # Errors
/// Never in a program that was built whole.
pub fn unknown_migrations(migrations: &[String]) -> Result<Vec<String>, CopyError> {
    let known = tables::known()?;
    let unknown = |version: &&String| !known.contains(version);
    Ok(migrations.iter().filter(unknown).cloned().collect())
}
