//! A photograph on its way in: written to a temporary file piece by piece, counted and hashed as it comes.
//!
//! It decides when to stop reading. Whatever is given up, by a refusal or because the sender went away, leaves no file.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};
use shared::domain::hexadecimal::lower_hex;
use tempfile::NamedTempFile;

use super::{PhotoError, PhotoRefusal, StorageError};

/// Bytes collected before they are written.
const PIECE: usize = 256 * 1024;

/// A file that was received as a whole.
#[derive(Debug)]
pub struct ReceivedPhoto {
    /// The file; removed when dropped.
    pub file: NamedTempFile,
    /// SHA-256 of its bytes, 64 lower-case hexadecimal digits.
    pub sha256: String,
}

/// A file that is being received.
#[derive(Debug)]
pub struct IncomingPhoto {
    folder: PathBuf,
    most: u64,
    file: Option<NamedTempFile>,
    hash: Sha256,
    received: u64,
    collected: Vec<u8>,
}

impl IncomingPhoto {
    /// Nothing received yet; the file will lie in `folder` and have at most `most` bytes.
    #[must_use]
    pub fn new(folder: &Path, most: u64) -> Self {
        Self {
            folder: folder.to_owned(),
            most,
            file: None,
            hash: Sha256::new(),
            received: 0,
            collected: Vec::new(),
        }
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// `TooLarge` at the first byte over the bound; `Storage` when the file cannot be written.
    pub async fn take(mut self, bytes: &[u8]) -> Result<Self, PhotoError> {
        self.received = self.received.saturating_add(bytes.len() as u64);
        if self.received > self.most {
            return Err(PhotoRefusal::TooLarge.into());
        }
        self.collected.extend_from_slice(bytes);
        if self.collected.len() < PIECE {
            return Ok(self);
        }
        off_the_thread(move || {
            self.write_collected()?;
            Ok(self)
        })
        .await
    }

    /// The whole file.
    ///
    /// # Errors
    /// `Storage` when the file cannot be written.
    pub async fn finish(mut self) -> Result<ReceivedPhoto, PhotoError> {
        off_the_thread(move || {
            self.write_collected()?;
            let file = match self.file {
                Some(file) => file,
                None => NamedTempFile::new_in(&self.folder)?,
            };
            let sha256 = lower_hex(&self.hash.finalize());
            Ok(ReceivedPhoto { file, sha256 })
        })
        .await
    }

    fn write_collected(&mut self) -> std::io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(NamedTempFile::new_in(&self.folder)?),
        };
        file.write_all(&self.collected)?;
        self.hash.update(&self.collected);
        self.collected.clear();
        Ok(())
    }
}

async fn off_the_thread<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, PhotoError> {
    let done = tokio::task::spawn_blocking(work).await;
    // What remains is a runtime that is shutting down.
    Ok(done.map_err(|_| PhotoError::Busy)?.map_err(StorageError::from)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn receive(folder: &Path, most: u64, pieces: &[&[u8]]) -> Result<ReceivedPhoto, PhotoError> {
        let mut incoming = IncomingPhoto::new(folder, most);
        for piece in pieces {
            incoming = incoming.take(piece).await?;
        }
        incoming.finish().await
    }

    #[tokio::test]
    async fn pieces_become_one_file_with_its_hash() {
        let folder = tempfile::tempdir().unwrap();
        let large = vec![7; PIECE + 1];
        let received = receive(folder.path(), 1_000_000, &[b"ab", &large, b"c"]).await.unwrap();
        let whole = std::fs::read(received.file.path()).unwrap();
        assert_eq!(whole.len(), PIECE + 4);
        assert_eq!(received.sha256, lower_hex(&Sha256::digest(&whole)));
    }

    #[tokio::test]
    async fn a_byte_too_many_is_refused_and_nothing_stays() {
        let folder = tempfile::tempdir().unwrap();
        let large = vec![7; PIECE];
        let refused = receive(folder.path(), PIECE as u64 + 1, &[&large, b"ab"]).await;
        assert!(matches!(refused, Err(PhotoError::Refused(PhotoRefusal::TooLarge))));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        assert!(receive(folder.path(), PIECE as u64 + 1, &[&large, b"a"]).await.is_ok());
    }
}
