//! Files of a backup: for their owner alone, on disk before they are relied on, known by the hash of their content.

use std::{
    fs::{self, File, OpenOptions},
    io::{Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

use sha2::{Digest, Sha256};
use shared::domain::hexadecimal::lower_hex;

use super::BackupError;
use crate::database::copies::Pacing;

/// Bytes moved at once.
const PIECE: usize = 256 * 1024;

/// Length and hash of a content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Its length.
    pub bytes: u64,
    /// 64 hex digits.
    pub sha256: String,
}

/// Makes a folder, and those above it, for its owner alone.
///
/// # Errors
/// When it cannot be made.
pub fn make_folder(path: &Path) -> Result<(), BackupError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true).mode(0o700);
    builder.create(path).map_err(BackupError::file(path))
}

/// Writes a file that is not there yet.
///
/// # Errors
/// When it is there, or cannot be written.
pub fn write_new(path: &Path, content: &[u8]) -> Result<(), BackupError> {
    let mut file = open_new(path)?;
    file.write_all(content).map_err(BackupError::file(path))?;
    file.sync_all().map_err(BackupError::file(path))
}

/// Length and hash of a file.
///
/// # Errors
/// When it cannot be read.
pub fn content_of(path: &Path, pacing: &mut dyn Pacing) -> Result<Content, BackupError> {
    move_content(path, &mut std::io::sink(), pacing)
}

/// Copies to a name that is not there yet; under that name there is only ever the whole content.
///
/// # Errors
/// When one of the files cannot be used; nothing has the new name then.
pub fn copy_new(from: &Path, to: &Path, pacing: &mut dyn Pacing) -> Result<Content, BackupError> {
    let folder = to.parent().unwrap_or(to);
    make_folder(folder)?;
    let mut partial = tempfile::NamedTempFile::new_in(folder).map_err(BackupError::file(folder))?;
    let content = move_content(from, partial.as_file_mut(), pacing)?;
    partial.as_file().sync_data().map_err(BackupError::file(to))?;
    partial
        .persist_noclobber(to)
        .map_err(|failed| BackupError::file(to)(failed.error))?;
    Ok(content)
}

/// Makes the names in a folder last.
///
/// # Errors
/// When the folder cannot be read.
pub fn sync_folder(folder: &Path) -> Result<(), BackupError> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(BackupError::file(folder))
}

fn move_content(from: &Path, to: &mut dyn Write, pacing: &mut dyn Pacing) -> Result<Content, BackupError> {
    let mut source = File::open(from).map_err(BackupError::file(from))?;
    let mut piece = vec![0; PIECE];
    let (mut bytes, mut hash) = (0, Sha256::new());
    loop {
        let read = source.read(&mut piece).map_err(BackupError::file(from))?;
        let part = piece.get(..read).unwrap_or_default();
        if part.is_empty() {
            break;
        }
        hash.update(part);
        to.write_all(part).map_err(BackupError::file(from))?;
        bytes += read as u64;
        pacing.copied(read as u64);
    }
    Ok(Content {
        bytes,
        sha256: lower_hex(&hash.finalize()),
    })
}

fn open_new(path: &Path) -> Result<File, BackupError> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(BackupError::file(path))
}
