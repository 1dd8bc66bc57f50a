//! `shoufa data export`: the data in force as the files that a person edits, byte for byte as they were imported.

use std::{fs, io::Write, path::Path};

use super::data::DataError;
use crate::{city::versions, database::Database, usecases::city_data::exported_files};

/// Writes every file below `folder`; nothing when one of them is there and must not be written over.
pub(super) async fn export(
    database: &Database,
    folder: &Path,
    overwrite: bool,
    out: &mut (dyn Write + Send),
) -> Result<(), DataError> {
    let stored = versions::read_stored(database).await?;
    let files = exported_files(&stored.contents);
    if !overwrite {
        let there: Vec<&str> = files
            .keys()
            .filter(|path| folder.join(path).exists())
            .map(String::as_str)
            .collect();
        if !there.is_empty() {
            return Err(DataError::Exists(there.join(", ")));
        }
    }
    for (path, text) in &files {
        let path = folder.join(path);
        let failed = |error| DataError::File {
            path: path.display().to_string(),
            error,
        };
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        fs::write(&path, text).map_err(failed)?;
        writeln!(out, "{}", path.display())?;
    }
    Ok(())
}
