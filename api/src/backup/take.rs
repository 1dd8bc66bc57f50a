//! Takes a backup: first the keys and the database of one moment, then the photographs that its rows name.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use shared::domain::time::Timestamp;

use super::{
    BackupError, KEYS, Manifest, Pace, SETTINGS, STAMP, files,
    manifest::{self, FileEntry},
    photos,
    restore::newest,
};
use crate::{
    config::Config,
    database::copies::{self, CopyKind, DatabaseCopy},
};

/// How often the database is copied again when keys were changed under way.
const TRIES: usize = 3;

/// A backup that is whole.
#[derive(Debug)]
pub struct Taken {
    /// Its folder.
    pub folder: PathBuf,
    /// What is in it.
    pub manifest: Manifest,
    /// Photographs that no earlier backup had.
    pub new_photos: u64,
}

/// Takes a backup into a folder of backups, which is made when missing. Blocks.
///
/// # Errors
/// When something cannot be read or written; what was begun is removed.
pub fn take(
    config: &Config,
    settings: Option<&Path>,
    store: &Path,
    now: Timestamp,
    pace: &mut Pace,
) -> Result<Taken, BackupError> {
    files::make_folder(store)?;
    let partial = tempfile::Builder::new()
        .prefix(".partial-")
        .tempdir_in(store)
        .map_err(BackupError::file(store))?;
    let known = match newest(store)? {
        Some(earlier) => photos::read_list(&earlier)?.into_iter().collect(),
        None => HashMap::new(),
    };
    pace.begin("database");
    let copy = copy_database(config, partial.path(), pace)?;
    if let Some(settings) = settings {
        files::copy_new(settings, &partial.path().join(SETTINGS), pace)?;
    }
    pace.begin("photographs");
    let source = config.data.join("photos");
    let copied = photos::copy(&source, store, partial.path(), &copy.photos, &known, pace)?;
    pace.begin("list");
    let manifest = Manifest {
        format: manifest::FORMAT,
        begun_at: now,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        database: CopyKind::of(&config.database_url()?),
        migrations: copy.migrations,
        tables: copy.tables,
        photos: copied.count,
        photos_missing: copied.missing,
        files: list(partial.path(), pace)?,
    };
    manifest.write(partial.path())?;
    files::sync_folder(partial.path())?;
    let folder = give_name(partial, store, now)?;
    let stamp = config.data.join(STAMP);
    fs::write(&stamp, "").map_err(BackupError::file(&stamp))?;
    pace.end();
    Ok(Taken {
        folder,
        manifest,
        new_photos: copied.new,
    })
}

/// A key that seals something in the copy must be in the copied key file. Keys are added before they are used and go after
/// they were used, so the file must be the same before and after.
fn copy_database(config: &Config, folder: &Path, pace: &mut Pace) -> Result<DatabaseCopy, BackupError> {
    let keys = config.data.join(KEYS);
    let read = || fs::read(&keys).map_err(BackupError::file(&keys));
    let mut before = read()?;
    for _ in 0..TRIES {
        let copy = copies::write(&config.database_url()?, folder, pace)?;
        let after = read()?;
        if before == after {
            files::write_new(&folder.join(KEYS), &after)?;
            return Ok(copy);
        }
        before = after;
        for file in &copy.files {
            let file = folder.join(file);
            fs::remove_file(&file).map_err(BackupError::file(&file))?;
        }
    }
    Err(BackupError::Refused(
        "the keys were changed again and again while the database was copied: try later".to_owned(),
    ))
}

/// Everything in the folder, with its hash.
fn list(folder: &Path, pace: &mut Pace) -> Result<Vec<FileEntry>, BackupError> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).map_err(BackupError::file(&next))? {
            let path = entry.map_err(BackupError::file(&next))?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let content = files::content_of(&path, pace)?;
            let name = path.strip_prefix(folder).unwrap_or(&path);
            found.push(FileEntry {
                path: name.display().to_string(),
                bytes: content.bytes,
                sha256: content.sha256,
            });
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

/// The moment in UTC, so that names sort by age. Only a whole backup has such a name.
fn give_name(partial: tempfile::TempDir, store: &Path, now: Timestamp) -> Result<PathBuf, BackupError> {
    let moment = chrono::DateTime::from_timestamp_micros(now.0).unwrap_or_default();
    let folder = store.join(moment.format("%Y-%m-%dT%H%M%SZ").to_string());
    let partial = partial.keep();
    fs::rename(&partial, &folder).map_err(BackupError::file(&folder))?;
    files::sync_folder(store)?;
    Ok(folder)
}
