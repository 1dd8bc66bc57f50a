//! `shoufa data …`: the city's data as versions: listed, written to files, read back from files.

use std::{io::Write, path::PathBuf};

use shared::domain::time::Timestamp;

use super::{export_data, import_data};
use crate::{
    city::{
        CityKind,
        versions::{self, CityError},
    },
    database::{Database, StoreError, ids::made_at},
    usecases::city_data::ImportError,
};

/// What to do with the city's data.
#[derive(Debug, clap::Subcommand)]
pub enum DataCommand {
    /// Lists each kind of data with its version, where it came from and since when it is in force.
    List,
    /// Writes the data in force to a folder, as the files that a person edits.
    Export {
        /// Folder to write to; made when missing.
        folder: PathBuf,
        /// Writes over files that are there already.
        #[arg(long)]
        overwrite: bool,
    },
    /// Takes new data from files. The whole city is checked first; nothing is stored unless all of it is sound.
    Import {
        /// Files under the names that `export` gives them, or a folder of such files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The kind of data when a file has another name; a calendar file brings one year.
        #[arg(long, value_parser = parse_kind)]
        kind: Option<CityKind>,
        /// Checks and says what would change and what that would do to open cases; stores nothing.
        #[arg(long)]
        dry_run: bool,
    },
}

/// Why the command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// What is stored cannot be worked with.
    #[error(transparent)]
    City(#[from] CityError),
    /// What was given was not taken.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file or folder cannot be read or written.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// The answer could not be shown.
    #[error(transparent)]
    Output(#[from] std::io::Error),
    /// The files must not be written over.
    #[error("there already: {0}; choose another folder or add --overwrite")]
    Exists(String),
}

fn parse_kind(name: &str) -> Result<CityKind, String> {
    CityKind::parse(name).ok_or_else(|| {
        let names: Vec<&str> = CityKind::ALL.iter().map(|kind| kind.as_str()).collect();
        format!("one of {}", names.join(", "))
    })
}

/// Carries the command out and tells the person on `out`.
///
/// # Errors
/// When the data or the files are not as they must be; nothing has changed then.
pub async fn run(
    command: DataCommand,
    database: &Database,
    now: Timestamp,
    out: &mut (dyn Write + Send),
) -> Result<(), DataError> {
    // On a fresh database the shipped data are put in place first, as the server does.
    versions::load_current(database, now).await?;
    match command {
        DataCommand::List => list(database, out).await,
        DataCommand::Export { folder, overwrite } => export_data::export(database, &folder, overwrite, out).await,
        DataCommand::Import { files, kind, dry_run } => {
            import_data::import(database, now, &files, kind, dry_run, out).await
        }
    }
}

async fn list(database: &Database, out: &mut (dyn Write + Send)) -> Result<(), DataError> {
    let stored = versions::read_stored(database).await?;
    writeln!(out, "{:<16}{:<28}{:<18}source", "kind", "version", "since")?;
    for (kind, row) in &stored.versions {
        let since = made_at(row.id).city_time().format("%Y-%m-%d %H:%M").to_string();
        writeln!(out, "{:<16}{:<28}{since:<18}{}", kind.as_str(), row.version, row.source)?;
    }
    Ok(())
}
