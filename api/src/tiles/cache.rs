//! The folder in which tiles are kept: one file each, the least recently fetched going first when it is full. It may be emptied at any
//! time, and belongs into no backup. All calls block.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use tempfile::NamedTempFile;

use super::Tile;
use crate::services::make_folder;

/// A full folder is emptied to this many percent, so that not every tile has to look through it.
const EMPTIED_TO_PERCENT: u64 = 80;

/// A tile that was kept.
pub(super) struct Kept {
    pub(super) bytes: Vec<u8>,
    /// Young enough not to be asked for anew.
    pub(super) fresh: bool,
}

/// The folder.
pub(super) struct TileCache {
    folder: PathBuf,
    most: u64,
    fresh_for: Duration,
    /// Bytes in it.
    size: Mutex<u64>,
}

/// A file in it.
struct Entry {
    path: PathBuf,
    bytes: u64,
    written: SystemTime,
}

impl TileCache {
    pub(super) fn open(folder: &Path, most: u64, fresh_for: Duration) -> io::Result<Self> {
        make_folder(folder)?;
        let size = entries(folder)?.iter().map(|entry| entry.bytes).sum();
        Ok(Self {
            folder: folder.to_owned(),
            most,
            fresh_for,
            size: Mutex::new(size),
        })
    }

    pub(super) fn read(&self, tile: Tile) -> Option<Kept> {
        let path = self.path(tile);
        let written = fs::metadata(&path).ok()?.modified().ok()?;
        let fresh = written.elapsed().is_ok_and(|age| age < self.fresh_for);
        let bytes = fs::read(path).ok()?;
        Some(Kept { bytes, fresh })
    }

    pub(super) fn write(&self, tile: Tile, bytes: &[u8]) -> io::Result<()> {
        let mut file = NamedTempFile::new_in(&self.folder)?;
        file.write_all(bytes)?;
        let mut size = self.size.lock().unwrap_or_else(PoisonError::into_inner);
        let path = self.path(tile);
        let before = fs::metadata(&path).map_or(0, |data| data.len());
        file.persist(path).map_err(|error| error.error)?;
        *size = (*size + bytes.len() as u64).saturating_sub(before);
        if *size > self.most {
            *size = self.make_room()?;
        }
        Ok(())
    }

    fn path(&self, Tile { zoom, x, y }: Tile) -> PathBuf {
        self.folder.join(format!("{zoom}-{x}-{y}"))
    }

    /// Removes the oldest; answers how many bytes are left.
    fn make_room(&self) -> io::Result<u64> {
        let mut kept = entries(&self.folder)?;
        kept.sort_by_key(|entry| entry.written);
        let mut size = kept.iter().map(|entry| entry.bytes).sum();
        for entry in kept {
            if size <= self.most / 100 * EMPTIED_TO_PERCENT {
                break;
            }
            fs::remove_file(entry.path)?;
            size -= entry.bytes;
        }
        Ok(size)
    }
}

fn entries(folder: &Path) -> io::Result<Vec<Entry>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)?.flatten() {
        let data = entry.metadata()?;
        if data.is_file() {
            found.push(Entry {
                path: entry.path(),
                bytes: data.len(),
                written: data.modified()?,
            });
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_hours(24);

    fn tile(x: u32) -> Tile {
        Tile { zoom: 10, x, y: 405 }
    }

    #[test]
    fn a_full_folder_loses_its_oldest_and_never_grows_beyond_its_bound() {
        let folder = tempfile::tempdir().unwrap();
        let cache = TileCache::open(folder.path(), 1000, DAY).unwrap();
        for x in 0..30 {
            cache.write(tile(x), &[7; 100]).unwrap();
            std::thread::sleep(Duration::from_millis(5));
            let size: u64 = entries(folder.path()).unwrap().iter().map(|entry| entry.bytes).sum();
            assert!(size <= 1000, "{size}");
            assert_eq!(*cache.size.lock().unwrap(), size);
        }
        assert!(cache.read(tile(0)).is_none() && cache.read(tile(29)).is_some());
    }

    #[test]
    fn what_is_written_anew_counts_once_and_is_found_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let cache = TileCache::open(folder.path(), 1000, DAY).unwrap();
        cache.write(tile(1), &[1; 400]).unwrap();
        cache.write(tile(1), &[2; 300]).unwrap();
        let again = TileCache::open(folder.path(), 1000, Duration::ZERO).unwrap();
        assert_eq!(*again.size.lock().unwrap(), 300);
        let kept = again.read(tile(1)).unwrap();
        assert_eq!((kept.bytes, kept.fresh), (vec![2; 300], false));
    }
}
