//! Takes an uploaded file through check, hints, renditions and storage, a few at a time, off the async threads.
//!
//! All or nothing: a photograph that is refused, or whose caller has gone away, leaves no file behind. It does not know
//! whose photograph it is; recording that is the use case's.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};
use shared::domain::hexadecimal::lower_hex;
use tempfile::NamedTempFile;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::check::{PhotoLimits, PhotoRefusal, check};
use super::exif::{ExifHints, read_hints};
use super::incoming::IncomingPhoto;
use super::key::{PhotoKey, Shelf};
use super::redact::{MarkedBox, redact};
use super::render::{Renditions, render};
use super::storage::{LocalFolder, PhotoContent, PhotoStorage, StorageError, StoredFile};
use super::structure::PhotoStructure;

/// An upload that nothing was written to for so long has no sender any more.
const IDLE_UPLOAD: Duration = Duration::from_mins(10);

/// A photograph that was accepted, rendered and stored.
#[derive(Debug, Clone, PartialEq)]
pub struct ProcessedPhoto {
    /// SHA-256 of all bytes received, 64 lower-case hexadecimal digits: what the sender names it by.
    pub sha256: String,
    /// Bytes received.
    pub bytes: u64,
    /// Bytes kept as the original: what followed the picture's end is cut off.
    pub original_bytes: u64,
    /// Pixels across, upright.
    pub width: u32,
    /// Pixels down, upright.
    pub height: u32,
    /// Media type of the original, by its content; the renditions are `image/jpeg`.
    pub content_type: &'static str,
    /// Where and when it was taken, to be offered, not believed.
    pub hints: ExifHints,
    /// Blockhash of the upright picture, 64 bits; near pictures differ in few bits.
    pub perceptual_hash: i64,
    /// The private original.
    pub original_key: PhotoKey,
    /// JPEG of at most 1600 px a side.
    pub display_key: PhotoKey,
    /// JPEG of at most 320 px a side.
    pub thumbnail_key: PhotoKey,
}

/// The copies of a photograph that the public may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicCopies {
    /// JPEG of at most 1600 px a side.
    pub display_key: PhotoKey,
    /// JPEG of at most 320 px a side.
    pub thumbnail_key: PhotoKey,
}

/// Why a photograph was not processed.
#[derive(Debug, thiserror::Error)]
pub enum PhotoError {
    /// The file is at fault.
    #[error(transparent)]
    Refused(#[from] PhotoRefusal),
    /// Too many photographs are waiting; the sender should come back (503 with Retry-After).
    #[error("too many photos are waiting")]
    Busy,
    /// The store is at fault.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Processes photographs, as many at once as there are cores, with a bounded number waiting.
#[derive(Debug, Clone)]
pub struct PhotoWorkshop {
    storage: Arc<dyn PhotoStorage>,
    limits: PhotoLimits,
    working: Arc<Semaphore>,
    places: Arc<Semaphore>,
    /// Places in all.
    room: usize,
}

impl PhotoWorkshop {
    /// A workshop over a store: `at_once` photographs are worked on, `waiting` more may wait for their turn.
    #[must_use]
    pub fn new(storage: Arc<dyn PhotoStorage>, limits: PhotoLimits, at_once: usize, waiting: usize) -> Self {
        let at_once = at_once.clamp(1, Semaphore::MAX_PERMITS / 2);
        let places = waiting.min(Semaphore::MAX_PERMITS / 2) + at_once;
        Self {
            storage,
            limits,
            working: Arc::new(Semaphore::new(at_once)),
            places: Arc::new(Semaphore::new(places)),
            room: places,
        }
    }

    /// A workshop that works on one photograph a core and lets eight a core wait.
    #[must_use]
    pub fn with_all_cores(storage: Arc<dyn PhotoStorage>, limits: PhotoLimits) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self::new(storage, limits, cores, cores * 8)
    }

    /// A workshop over a folder of this machine, made when missing; what a program that was cut off left half received goes.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub fn open(folder: &Path, limits: PhotoLimits) -> Result<Self, StorageError> {
        let store = LocalFolder::open(folder)?;
        store.empty_incoming(IDLE_UPLOAD)?;
        Ok(Self::with_all_cores(Arc::new(store), limits))
    }

    /// The limits in force, for the upload to stop reading in time.
    #[must_use]
    pub const fn limits(&self) -> &PhotoLimits {
        &self.limits
    }

    /// Photographs that are worked on or wait for their turn.
    #[must_use]
    pub fn in_line(&self) -> usize {
        self.room.saturating_sub(self.places.available_permits())
    }

    /// Begins to receive an upload, bounded by the limits in force.
    #[must_use]
    pub fn receive(&self) -> IncomingPhoto {
        IncomingPhoto::new(&self.storage.incoming(), self.limits.file_bytes)
    }

    /// Judges, renders and stores an uploaded file. When the caller stops waiting, the work is undone once finished.
    ///
    /// # Errors
    /// `Refused`, `Busy` or `Storage`; no file is left in any of these cases, the upload's own included.
    pub async fn process(&self, upload: NamedTempFile) -> Result<ProcessedPhoto, PhotoError> {
        let turn = self.turn().await?;
        let (storage, limits) = (Arc::clone(&self.storage), self.limits.clone());
        let work = tokio::task::spawn_blocking(move || {
            let outcome = process_blocking(storage, upload, &limits);
            drop(turn);
            outcome
        });
        match work.await {
            Ok(outcome) => outcome.map(StoredPhoto::keep),
            // The decoders' panics are caught inside; what remains is a runtime that is shutting down.
            Err(_) => Err(PhotoError::Busy),
        }
    }

    /// Makes and stores the public copies of the photograph whose display copy is kept under `display`, with the boxes made
    /// unrecognisable. When the caller stops waiting, the work goes on and its files stay: the caller should not.
    ///
    /// # Errors
    /// `Refused`, `Busy` or `Storage`; no new file is left in any of these cases.
    pub async fn redact(&self, display: PhotoKey, boxes: Vec<MarkedBox>) -> Result<PublicCopies, PhotoError> {
        let turn = self.turn().await?;
        let storage = Arc::clone(&self.storage);
        let work = tokio::task::spawn_blocking(move || {
            let outcome = redact_blocking(storage.as_ref(), &display, &boxes);
            drop(turn);
            outcome
        });
        work.await.map_err(|_| PhotoError::Busy)?
    }

    /// Removes a photograph's files: when its row could not be written, and when it is erased.
    ///
    /// # Errors
    /// `Storage` when a file could not be removed; calling again finishes the rest.
    pub async fn discard(&self, keys: Vec<PhotoKey>) -> Result<(), PhotoError> {
        self.ask(move |storage| keys.iter().try_for_each(|key| storage.delete(key)))
            .await
    }

    /// All files of one shelf, in no order.
    ///
    /// # Errors
    /// `Storage` when the shelf cannot be read.
    pub async fn list(&self, on: Shelf) -> Result<Vec<StoredFile>, PhotoError> {
        self.ask(move |storage| storage.list(on)).await
    }

    /// Reads a stored file.
    ///
    /// # Errors
    /// `Storage` when nothing is there or it cannot be read.
    pub async fn read(&self, key: PhotoKey) -> Result<Vec<u8>, PhotoError> {
        self.ask(move |storage| storage.read(&key)).await
    }

    /// A place among those waiting, kept until the turn that it waited for is over.
    async fn turn(&self) -> Result<[OwnedSemaphorePermit; 2], PhotoError> {
        let place = Arc::clone(&self.places)
            .try_acquire_owned()
            .map_err(|_| PhotoError::Busy)?;
        let turn = Arc::clone(&self.working)
            .acquire_owned()
            .await
            .map_err(|_| PhotoError::Busy)?;
        Ok([turn, place])
    }

    /// Has the store do something off the async threads.
    async fn ask<T: Send + 'static>(
        &self,
        what: impl FnOnce(&dyn PhotoStorage) -> Result<T, StorageError> + Send + 'static,
    ) -> Result<T, PhotoError> {
        let storage = Arc::clone(&self.storage);
        let work = tokio::task::spawn_blocking(move || what(storage.as_ref()));
        Ok(work.await.map_err(|_| PhotoError::Busy)??)
    }
}

impl ProcessedPhoto {
    /// The keys of all its files.
    #[must_use]
    pub fn keys(&self) -> Vec<PhotoKey> {
        vec![
            self.original_key.clone(),
            self.display_key.clone(),
            self.thumbnail_key.clone(),
        ]
    }
}

/// Checks and renders the file at `path`; nothing is stored. For measuring.
///
/// # Errors
/// `Refused`, or `Storage` when the file cannot be read.
pub fn render_file(path: &Path, limits: &PhotoLimits) -> Result<Renditions, PhotoError> {
    let bytes = read_bounded(path, limits)?;
    let (structure, hints) = judge(&bytes, limits)?;
    Ok(render(&bytes, &structure, hints.orientation, limits)?)
}

/// Reads no file that is over the limit.
fn read_bounded(path: &Path, limits: &PhotoLimits) -> Result<Vec<u8>, PhotoError> {
    let length = fs::metadata(path).map_err(StorageError::from)?.len();
    if length > limits.file_bytes {
        return Err(PhotoRefusal::TooLarge.into());
    }
    Ok(fs::read(path).map_err(StorageError::from)?)
}

fn judge(bytes: &[u8], limits: &PhotoLimits) -> Result<(PhotoStructure, ExifHints), PhotoRefusal> {
    let structure = check(bytes, limits)?;
    let block = structure.exif.clone().and_then(|range| bytes.get(range));
    let hints = block
        .filter(|block| block.len() <= limits.exif_bytes)
        .map_or(ExifHints::NONE, read_hints);
    Ok((structure, hints))
}

/// Files written for a photograph; they are removed again unless somebody keeps them.
#[derive(Debug)]
struct StoredPhoto {
    storage: Arc<dyn PhotoStorage>,
    written: Vec<PhotoKey>,
    photo: ProcessedPhoto,
}

impl StoredPhoto {
    fn put(&mut self, key: PhotoKey, content: PhotoContent<'_>) -> Result<(), StorageError> {
        let outcome = self.storage.put_new(&key, content);
        // A write that failed half-way may have left its file; one that found the key taken has not.
        if !matches!(outcome, Err(StorageError::AlreadyExists)) {
            self.written.push(key);
        }
        outcome
    }

    fn keep(mut self) -> ProcessedPhoto {
        self.written.clear();
        self.photo.clone()
    }
}

impl Drop for StoredPhoto {
    fn drop(&mut self) {
        for key in &self.written {
            if let Err(error) = self.storage.delete(key) {
                tracing::error!(%key, %error, "a photo that nobody wants could not be removed");
            }
        }
    }
}

fn process_blocking(
    storage: Arc<dyn PhotoStorage>,
    upload: NamedTempFile,
    limits: &PhotoLimits,
) -> Result<StoredPhoto, PhotoError> {
    let bytes = read_bounded(upload.path(), limits)?;
    let (structure, hints) = judge(&bytes, limits)?;
    let renditions = render(&bytes, &structure, hints.orientation, limits)?;
    let content_type = structure.format.content_type();
    let original_bytes = u64::try_from(structure.end).unwrap_or(u64::MAX);
    let photo = ProcessedPhoto {
        sha256: lower_hex(&Sha256::digest(&bytes)),
        bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        original_bytes,
        width: renditions.width,
        height: renditions.height,
        content_type,
        hints,
        perceptual_hash: renditions.perceptual_hash,
        original_key: PhotoKey::new_original(content_type),
        display_key: PhotoKey::new_rendition(),
        thumbnail_key: PhotoKey::new_rendition(),
    };
    let cut = structure.end < bytes.len();
    drop(bytes);
    if cut {
        fs::OpenOptions::new()
            .write(true)
            .open(upload.path())
            .and_then(|file| file.set_len(original_bytes))
            .map_err(StorageError::from)?;
    }
    let [original, display, thumbnail] =
        [&photo.original_key, &photo.display_key, &photo.thumbnail_key].map(PhotoKey::clone);
    let mut stored = StoredPhoto {
        storage,
        written: Vec::with_capacity(3),
        photo,
    };
    stored.put(original, PhotoContent::File(upload))?;
    stored.put(display, PhotoContent::Bytes(&renditions.display))?;
    stored.put(thumbnail, PhotoContent::Bytes(&renditions.thumbnail))?;
    Ok(stored)
}

fn redact_blocking(
    storage: &dyn PhotoStorage,
    display: &PhotoKey,
    boxes: &[MarkedBox],
) -> Result<PublicCopies, PhotoError> {
    let (large, small) = redact(&storage.read(display)?, boxes)?;
    let copies = PublicCopies {
        display_key: PhotoKey::new_rendition(),
        thumbnail_key: PhotoKey::new_rendition(),
    };
    storage.put_new(&copies.display_key, PhotoContent::Bytes(&large))?;
    if let Err(error) = storage.put_new(&copies.thumbnail_key, PhotoContent::Bytes(&small)) {
        storage.delete(&copies.display_key)?;
        return Err(error.into());
    }
    Ok(copies)
}
