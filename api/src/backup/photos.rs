//! The photographs of a backup. Only those that a row names are taken: not uploads under way, nothing that was removed.

use std::{collections::HashMap, fmt::Write as _, fs, io, path::Path};

use super::{BackupError, PHOTO_LIST, PHOTOS, files, pace::Pace};
use crate::photos::PhotoKey;

/// What became of the photographs.
#[derive(Debug, Default)]
pub(super) struct CopiedPhotos {
    /// All that belong to the backup.
    pub(super) count: u64,
    /// Those that no earlier backup had.
    pub(super) new: u64,
    /// Those that were not there.
    pub(super) missing: Vec<String>,
}

/// Copies what the folder of backups does not have yet, and lists all of it in `backup`.
pub(super) fn copy(
    source: &Path,
    store: &Path,
    backup: &Path,
    keys: &[String],
    known: &HashMap<String, String>,
    pace: &mut Pace,
) -> Result<CopiedPhotos, BackupError> {
    let mut copied = CopiedPhotos::default();
    let mut list = String::new();
    for key in keys.iter().filter(|key| key.parse::<PhotoKey>().is_ok()) {
        let (from, to) = (source.join(key), store.join(PHOTOS).join(key));
        let hash = match (fs::metadata(&to), known.get(key)) {
            (Ok(_), Some(hash)) => hash.clone(),
            (Ok(_), None) => files::content_of(&to, pace)?.sha256,
            (Err(_), _) => match files::copy_new(&from, &to, pace) {
                Ok(content) => {
                    copied.new += 1;
                    content.sha256
                }
                Err(BackupError::File(_, error)) if error.kind() == io::ErrorKind::NotFound => {
                    copied.missing.push(key.clone());
                    continue;
                }
                Err(error) => return Err(error),
            },
        };
        copied.count += 1;
        // Writing to a text cannot fail.
        let _written = writeln!(list, "{hash}  {PHOTOS}/{key}");
    }
    files::write_new(&backup.join(PHOTO_LIST), list.as_bytes())?;
    Ok(copied)
}

/// Key and hash of each photograph of a backup.
pub(super) fn read_list(backup: &Path) -> Result<Vec<(String, String)>, BackupError> {
    let path = backup.join(PHOTO_LIST);
    let text = fs::read_to_string(&path).map_err(BackupError::file(&path))?;
    let entry = |line: &str| {
        let (hash, path) = line.split_once("  ")?;
        let key: PhotoKey = path.strip_prefix(PHOTOS)?.strip_prefix('/')?.parse().ok()?;
        Some((key.as_str().to_owned(), hash.to_owned()))
    };
    text.lines()
        .map(|line| entry(line).ok_or_else(|| BackupError::Damaged(path.display().to_string())))
        .collect()
}
