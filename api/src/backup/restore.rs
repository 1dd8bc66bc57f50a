//! The way back: a backup is checked whole before anything is put in place, and only an empty place takes it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use shared::domain::time::Timestamp;

use super::{BackupError, KEYS, Manifest, PHOTO_LIST, PHOTOS, Pace, files, manifest, photos};
use crate::{
    config::Config,
    database::copies::{self, CopyKind, TableCount},
};

/// How a backup is restored.
#[derive(Debug, Clone, Copy)]
pub struct Restore {
    /// Puts aside what is there; without it only an empty place takes a backup.
    pub replace: bool,
    /// Names what is put aside.
    pub now: Timestamp,
}

/// The newest whole backup in a folder of backups.
///
/// # Errors
/// When the folder cannot be read.
pub fn newest(store: &Path) -> Result<Option<PathBuf>, BackupError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(store).map_err(BackupError::file(store))? {
        let path = entry.map_err(BackupError::file(store))?.path();
        let hidden = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if !hidden && path.join(manifest::FILE).is_file() {
            found.push(path);
        }
    }
    Ok(found.into_iter().max())
}

/// Reads a backup into a place of its own, compares what arrives, and checks every photograph. Blocks.
///
/// # Errors
/// What is wrong with the backup; nothing was changed.
pub fn verify(config: &Config, backup: &Path, pace: &mut Pace) -> Result<Manifest, BackupError> {
    let manifest = Manifest::read(backup)?;
    check(&manifest, config, backup, pace)?;
    pace.begin("trial");
    let tables = copies::try_out(&config.database_url()?, backup, &manifest.migrations, pace)?;
    compare(&manifest, &tables)?;
    pace.end();
    Ok(manifest)
}

/// Puts a backup in place. The database comes last: what was cut off has none, and no server starts on it. Blocks.
///
/// # Errors
/// When the backup is damaged or of another kind, or the place is not empty; nothing was changed then. When the place fails.
pub fn restore(config: &Config, backup: &Path, how: Restore, pace: &mut Pace) -> Result<Manifest, BackupError> {
    let manifest = Manifest::read(backup)?;
    let url = config.database_url()?;
    make_room(config, how, Trial::Only)?;
    check(&manifest, config, backup, pace)?;
    make_room(config, how, Trial::No)?;
    files::make_folder(&config.data)?;
    pace.begin("photographs");
    let (from, to) = (photo_store(backup), config.data.join("photos"));
    for (key, _) in photos::read_list(backup)? {
        files::copy_new(&from.join(&key), &to.join(&key), pace)?;
    }
    pace.begin("keys");
    files::copy_new(&backup.join(KEYS), &config.data.join(KEYS), pace)?;
    pace.begin("database");
    let tables = copies::read_back(&url, backup, &manifest.migrations, pace)?;
    compare(&manifest, &tables)?;
    files::sync_folder(&config.data)?;
    pace.end();
    Ok(manifest)
}

fn photo_store(backup: &Path) -> PathBuf {
    backup.parent().unwrap_or(backup).join(PHOTOS)
}

/// Every hash, and whether this program and this database can take it.
fn check(manifest: &Manifest, config: &Config, backup: &Path, pace: &mut Pace) -> Result<(), BackupError> {
    let here = CopyKind::of(&config.database_url()?);
    if manifest.database != here {
        return Err(BackupError::Refused(format!(
            "the backup is of {}, the configured database is {}: set DATABASE_URL for the one that it was taken of",
            manifest.database.as_str(),
            here.as_str()
        )));
    }
    let newer = copies::unknown_migrations(&manifest.migrations)?;
    if !newer.is_empty() {
        return Err(BackupError::Refused(format!(
            "the backup was made by shoufa {}, whose migrations {} this one ({}) does not know: use that version or a newer one",
            manifest.program,
            newer.join(", "),
            env!("CARGO_PKG_VERSION")
        )));
    }
    pace.begin("check");
    for needed in [KEYS, PHOTO_LIST] {
        if !manifest.files.iter().any(|file| file.path == needed) {
            return Err(BackupError::Refused(format!("the backup lists no {needed}")));
        }
    }
    for file in &manifest.files {
        let path = backup.join(&file.path);
        if files::content_of(&path, pace)?.sha256 != file.sha256 {
            return Err(BackupError::Damaged(path.display().to_string()));
        }
    }
    let store = photo_store(backup);
    for (key, hash) in photos::read_list(backup)? {
        let path = store.join(key);
        if files::content_of(&path, pace)?.sha256 != hash {
            return Err(BackupError::Damaged(path.display().to_string()));
        }
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Trial {
    Only,
    No,
}

/// Refuses a place where something is, or puts it aside.
fn make_room(config: &Config, how: Restore, trial: Trial) -> Result<(), BackupError> {
    let url = config.database_url()?;
    let taken = copies::is_taken(&url)?;
    let parts: Vec<PathBuf> = [KEYS, "photos"]
        .iter()
        .map(|part| config.data.join(part))
        .filter(|part| part.exists())
        .collect();
    if !how.replace && (taken || !parts.is_empty()) {
        let what = parts
            .first()
            .map_or_else(|| "the database".to_owned(), |part| part.display().to_string());
        return Err(BackupError::Refused(format!(
            "{what} is there already: stop the server and add --replace, which puts it aside, or name an empty place"
        )));
    }
    if trial == Trial::Only {
        return Ok(());
    }
    let moment = chrono::DateTime::from_timestamp_micros(how.now.0).unwrap_or_default();
    let mark = format!("replaced_{}", moment.format("%Y%m%d%H%M%S"));
    if taken {
        copies::put_aside(&url, &mark)?;
    }
    for part in parts {
        let aside = part.with_extension(&mark);
        fs::rename(&part, &aside).map_err(BackupError::file(&aside))?;
    }
    Ok(())
}

fn compare(manifest: &Manifest, arrived: &[TableCount]) -> Result<(), BackupError> {
    let differs = |table: &&TableCount| !arrived.contains(table);
    match manifest.tables.iter().find(differs) {
        None => Ok(()),
        Some(table) => Err(BackupError::Refused(format!(
            "of {} rows of {} not all arrived",
            table.rows, table.name
        ))),
    }
}
