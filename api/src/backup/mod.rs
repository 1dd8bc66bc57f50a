//! Backups of a server that works, and the way back: database, photographs, keys and settings, with a list of what is there.
//!
//! A folder of backups holds one folder for each, named by its moment, and one `photos` that all of them share: photographs
//! never change once written, so each is copied once. A backup has its name only when it is whole.

pub mod files;
pub mod manifest;
mod pace;
mod photos;
mod restore;
mod take;

use std::path::Path;

pub use self::{
    manifest::Manifest,
    pace::Pace,
    restore::{Restore, newest, restore, verify},
    take::{Taken, take},
};
use crate::{access::secrets::SecretError, config::ConfigError, database::copies::CopyError};

/// Touched in the data folder after each backup that succeeded: an examination looks at its age.
pub const STAMP: &str = "last-backup";
/// What the keys are called in a backup; the same as in the data folder.
const KEYS: &str = crate::access::secrets::KEY_FILE;
/// What the settings are called, when they are in a file.
const SETTINGS: &str = "shoufa.toml";
/// The photographs of all backups in a folder.
const PHOTOS: &str = "photos";
/// Which photographs belong to a backup, in the form of `sha256sum`, as seen from the folder of backups.
const PHOTO_LIST: &str = "photos.sha256";

/// Why a backup was not taken or not restored, in a sentence for the operator.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The database's part failed.
    #[error(transparent)]
    Copy(#[from] CopyError),
    /// The settings cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The keys cannot be used.
    #[error(transparent)]
    Keys(#[from] SecretError),
    /// A file cannot be read or written.
    #[error("{0}: {1}")]
    File(String, std::io::Error),
    /// A file is not what the backup's list says.
    #[error("{0} is damaged: its content is not what the backup was made with")]
    Damaged(String),
    /// The backup cannot be used here.
    #[error("{0}")]
    Refused(String),
}

impl BackupError {
    fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.display().to_string();
        move |error| Self::File(path, error)
    }
}
