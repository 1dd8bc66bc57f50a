//! Where photographs are kept: a small blocking interface, and the local folder that implements it by default.
//!
//! Who may read what, and what may go, is decided elsewhere. All calls block: make them off the async threads.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use shared::domain::time::Timestamp;
use tempfile::NamedTempFile;

use super::key::{FOLDERS, PhotoKey, Shelf};

/// What is to be stored.
#[derive(Debug)]
pub enum PhotoContent<'a> {
    /// Bytes in memory.
    Bytes(&'a [u8]),
    /// A finished temporary file, moved when it lies on the store's file system, copied otherwise.
    File(NamedTempFile),
}

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// Nothing is kept under this key.
    #[error("no such photo is stored")]
    NotFound,
    /// The key is taken; keys are never written twice.
    #[error("a photo is already stored under this key")]
    AlreadyExists,
    /// The disk, or the share of it allowed, is full (507 on the wire).
    #[error("the photo store is full")]
    Full,
    /// Anything else that the file system said.
    #[error("the photo store failed")]
    Failed(#[source] io::Error),
}

impl From<io::Error> for StorageError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound,
            io::ErrorKind::AlreadyExists => Self::AlreadyExists,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => Self::Full,
            _ => Self::Failed(error),
        }
    }
}

/// A file that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Its key.
    pub key: PhotoKey,
    /// When it was last written to.
    pub written_at: Timestamp,
}

/// Keeps files under keys. Every call blocks.
pub trait PhotoStorage: Send + Sync + fmt::Debug {
    /// Stores under a key that nobody has used; when it returns, the file outlives a power cut.
    ///
    /// # Errors
    /// `AlreadyExists`, `Full`, or `Failed`; nothing is kept then.
    fn put_new(&self, key: &PhotoKey, content: PhotoContent<'_>) -> Result<(), StorageError>;

    /// The whole file.
    ///
    /// # Errors
    /// `NotFound` or `Failed`.
    fn read(&self, key: &PhotoKey) -> Result<Vec<u8>, StorageError>;

    /// Removes the file. Removing what is not there is no error: a retried removal ends the same way.
    ///
    /// # Errors
    /// `Failed`.
    fn delete(&self, key: &PhotoKey) -> Result<(), StorageError>;

    /// All files of one shelf, in no order; what lies there under names of others' making is passed over.
    ///
    /// # Errors
    /// `Failed`.
    fn list(&self, on: Shelf) -> Result<Vec<StoredFile>, StorageError>;

    /// A folder of this machine where uploads should be written, so that storing them moves and does not copy.
    fn incoming(&self) -> PathBuf;
}

/// Photographs in a folder of this machine, readable by the server's user alone.
#[derive(Debug, Clone)]
pub struct LocalFolder {
    root: PathBuf,
}

impl LocalFolder {
    /// Opens the folder, making it and its parts where needed.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(root: &Path) -> Result<Self, StorageError> {
        let store = Self { root: root.to_owned() };
        for part in FOLDERS.iter().copied().chain(["incoming"]) {
            make_folder(&store.root.join(part))?;
        }
        Ok(store)
    }

    /// Removes uploads that nobody has written to for `idle`: their senders, or the program, were cut off. Answers how many.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn empty_incoming(&self, idle: Duration) -> Result<usize, StorageError> {
        let mut removed = 0;
        for entry in fs::read_dir(self.incoming())?.flatten() {
            let written = entry.metadata().and_then(|data| data.modified()).ok();
            let idle_for = written.and_then(|moment| moment.elapsed().ok());
            if idle_for.is_some_and(|passed| passed >= idle) && fs::remove_file(entry.path()).is_ok() {
                removed += 1;
            }
        }
        Ok(removed)
    }

    fn path(&self, key: &PhotoKey) -> PathBuf {
        self.root.join(key.as_str())
    }

    fn write_incoming(&self, bytes: &[u8]) -> Result<NamedTempFile, StorageError> {
        let mut file = NamedTempFile::new_in(self.incoming())?;
        file.write_all(bytes)?;
        Ok(file)
    }
}

impl PhotoStorage for LocalFolder {
    fn put_new(&self, key: &PhotoKey, content: PhotoContent<'_>) -> Result<(), StorageError> {
        let path = self.path(key);
        let folder = path.parent().ok_or(StorageError::NotFound)?;
        make_folder(folder)?;
        let file = match content {
            PhotoContent::Bytes(bytes) => self.write_incoming(bytes)?,
            PhotoContent::File(file) => file,
        };
        file.as_file().sync_all()?;
        match file.persist_noclobber(&path) {
            Ok(_) => {}
            Err(failed) if failed.error.kind() == io::ErrorKind::CrossesDevices => {
                let copy = self.write_incoming(&fs::read(failed.file.path())?)?;
                copy.as_file().sync_all()?;
                copy.persist_noclobber(&path).map_err(|failed| failed.error)?;
            }
            Err(failed) => return Err(failed.error.into()),
        }
        sync_folder(folder)
    }

    fn read(&self, key: &PhotoKey) -> Result<Vec<u8>, StorageError> {
        Ok(fs::read(self.path(key))?)
    }

    fn delete(&self, key: &PhotoKey) -> Result<(), StorageError> {
        match fs::remove_file(self.path(key)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    fn list(&self, on: Shelf) -> Result<Vec<StoredFile>, StorageError> {
        let mut found = Vec::new();
        for folder in entries(&self.root.join(on.prefix()))? {
            for file in entries(&folder)? {
                let key = file.strip_prefix(&self.root).ok().and_then(Path::to_str);
                if let Some(key) = key.and_then(|key| key.parse().ok())
                    && let Some(written_at) = written_at(&file)
                {
                    found.push(StoredFile { key, written_at });
                }
            }
        }
        Ok(found)
    }

    fn incoming(&self) -> PathBuf {
        self.root.join("incoming")
    }
}

/// What lies in a folder; nothing where there is none.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, StorageError> {
    match fs::read_dir(folder) {
        Ok(entries) => Ok(entries
            .collect::<Result<Vec<_>, _>>()?
            .iter()
            .map(fs::DirEntry::path)
            .collect()),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(vec![]),
        Err(error) => Err(error.into()),
    }
}

/// `None` for a file that was removed meanwhile.
fn written_at(file: &Path) -> Option<Timestamp> {
    let modified = fs::metadata(file).and_then(|data| data.modified()).ok()?;
    let micros = modified.duration_since(UNIX_EPOCH).ok()?.as_micros();
    i64::try_from(micros).ok().map(Timestamp)
}

/// Makes a folder and those above it, for the server's user alone, and makes each new name last.
fn make_folder(folder: &Path) -> Result<(), StorageError> {
    if folder.is_dir() {
        return Ok(());
    }
    let above = folder.parent().filter(|above| !above.as_os_str().is_empty());
    if let Some(above) = above {
        make_folder(above)?;
    }
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error.into()),
        _ => {}
    }
    above.map_or(Ok(()), sync_folder)
}

/// Writes the folder's list of names to disk.
fn sync_folder(folder: &Path) -> Result<(), StorageError> {
    Ok(File::open(folder)?.sync_all()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(folder: &Path) -> usize {
        fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| if path.is_dir() { files(&path) } else { 1 })
            .sum()
    }

    #[test]
    fn what_is_stored_is_read_back_and_deleting_twice_is_harmless() {
        let folder = tempfile::tempdir().unwrap();
        let store = LocalFolder::open(folder.path()).unwrap();
        let key = PhotoKey::new_rendition();
        store.put_new(&key, PhotoContent::Bytes("路灯".as_bytes())).unwrap();
        assert_eq!(store.read(&key).unwrap(), "路灯".as_bytes());
        store.delete(&key).unwrap();
        store.delete(&key).unwrap();
        assert!(matches!(store.read(&key), Err(StorageError::NotFound)));
        assert_eq!(files(folder.path()), 0);
    }

    #[test]
    fn uploads_that_were_cut_off_are_removed_and_those_under_way_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let store = LocalFolder::open(folder.path()).unwrap();
        fs::write(store.incoming().join("left"), b"half a picture").unwrap();
        assert_eq!(store.empty_incoming(Duration::from_mins(10)).unwrap(), 0);
        assert_eq!(store.empty_incoming(Duration::ZERO).unwrap(), 1);
        assert_eq!(files(folder.path()), 0);
    }

    #[test]
    fn nothing_is_ever_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let store = LocalFolder::open(folder.path()).unwrap();
        let key = PhotoKey::new_original("image/png");
        store.put_new(&key, PhotoContent::Bytes(b"first")).unwrap();
        let second = store.put_new(&key, PhotoContent::Bytes(b"second"));
        assert!(matches!(second, Err(StorageError::AlreadyExists)));
        assert_eq!(store.read(&key).unwrap(), b"first");
        assert_eq!(files(folder.path()), 1);
    }

    #[test]
    fn a_file_from_another_file_system_is_stored_all_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let store = LocalFolder::open(folder.path()).unwrap();
        let elsewhere = if Path::new("/dev/shm").is_dir() {
            PathBuf::from("/dev/shm")
        } else {
            std::env::temp_dir()
        };
        let mut file = NamedTempFile::new_in(elsewhere).unwrap();
        file.write_all(b"picture").unwrap();
        let key = PhotoKey::new_original("image/jpeg");
        store.put_new(&key, PhotoContent::File(file)).unwrap();
        assert_eq!(store.read(&key).unwrap(), b"picture");
    }

    #[test]
    fn a_shelf_lists_what_was_stored_on_it_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let store = LocalFolder::open(folder.path()).unwrap();
        let (original, rendition) = (PhotoKey::new_original("image/png"), PhotoKey::new_rendition());
        for key in [&original, &rendition] {
            store.put_new(key, PhotoContent::Bytes(b"picture")).unwrap();
        }
        let stray = store.path(&original).with_file_name("notes.txt");
        fs::write(stray, b"not ours").unwrap();
        fs::write(folder.path().join(original.shelf().prefix()).join("stray"), b"not ours").unwrap();
        let found: Vec<PhotoKey> = Shelf::all()
            .flat_map(|shelf| store.list(shelf).unwrap())
            .map(|file| file.key)
            .collect();
        assert_eq!(found, [original.clone(), rendition]);
        assert_eq!(store.list(original.shelf()).unwrap().len(), 1);
    }

    #[test]
    fn a_full_disk_is_told_apart() {
        assert!(matches!(
            StorageError::from(io::Error::from(io::ErrorKind::StorageFull)),
            StorageError::Full
        ));
        assert!(matches!(
            StorageError::from(io::Error::from(io::ErrorKind::QuotaExceeded)),
            StorageError::Full
        ));
    }
}
