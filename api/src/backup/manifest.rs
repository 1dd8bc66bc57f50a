//! What a backup says of itself. Restoring trusts nothing that is not listed here with its hash.

use std::{fs, path::Path};

use serde::{Deserialize, Serialize};
use shared::domain::time::Timestamp;

use super::{BackupError, files};
use crate::database::copies::{CopyKind, TableCount};

/// Its name in a backup.
pub const FILE: &str = "manifest.json";
/// The form of a backup that this program writes and reads.
pub const FORMAT: u32 = 1;

/// One file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// From the backup's folder.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// Of its content, 64 hex digits.
    pub sha256: String,
}

/// What is in a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form, [`FORMAT`].
    pub format: u32,
    /// When the copying began. What was acknowledged before is in it.
    pub begun_at: Timestamp,
    /// Version of the program.
    pub program: String,
    /// Which database.
    pub database: CopyKind,
    /// Versions of the migrations that made the tables.
    pub migrations: Vec<String>,
    /// Rows of each table.
    pub tables: Vec<TableCount>,
    /// Photographs, originals and renditions.
    pub photos: u64,
    /// Keys of photographs that a row names and that were gone when they were to be copied: removed in between, or lost.
    pub photos_missing: Vec<String>,
    /// Every other file.
    pub files: Vec<FileEntry>,
}

impl Manifest {
    /// Reads the list of the backup in `folder`.
    ///
    /// # Errors
    /// When it is missing, damaged, or of a form that this program does not know.
    pub fn read(folder: &Path) -> Result<Self, BackupError> {
        let path = folder.join(FILE);
        let text = fs::read_to_string(&path).map_err(BackupError::file(&path))?;
        let manifest: Self = serde_json::from_str(&text)
            .map_err(|error| BackupError::Refused(format!("{}: {error}", path.display())))?;
        if manifest.format == FORMAT {
            Ok(manifest)
        } else {
            Err(BackupError::Refused(format!(
                "{} is of form {}, this program knows form {FORMAT}: use the version of shoufa that made it ({})",
                path.display(),
                manifest.format,
                manifest.program
            )))
        }
    }

    pub(super) fn write(&self, folder: &Path) -> Result<(), BackupError> {
        let text = serde_json::to_string_pretty(self).map_err(|error| BackupError::Refused(error.to_string()))?;
        files::write_new(&folder.join(FILE), text.as_bytes())
    }

    /// Rows of all tables.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }

    /// Cases.
    #[must_use]
    pub fn cases(&self) -> u64 {
        let cases = self.tables.iter().find(|table| table.name == "cases");
        cases.map_or(0, |table| table.rows)
    }
}
