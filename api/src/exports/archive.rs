//! A ZIP file in the making: one entry at a time, written beside its place and moved there when it is whole.

use std::{fs, io::Write, path::PathBuf};

use tempfile::NamedTempFile;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::errors::Failure;

/// How the names of files begin that are being written.
pub(super) const UNFINISHED: &str = "export-";

/// The file being written. Nothing is left of one that is dropped; what a dying process leaves is
/// removed with the exports that ended.
pub(super) struct Archive {
    writer: Option<Box<ZipWriter<NamedTempFile>>>,
}

/// Whether an entry is worth pressing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// Words.
    Text,
    /// A photograph, which is pressed already.
    Photo,
}

impl Archive {
    /// Begins a file in the folder, which is made when it is not there.
    pub(super) async fn begin(folder: PathBuf) -> Result<Self, Failure> {
        let file = blocking(move || {
            fs::create_dir_all(&folder)?;
            NamedTempFile::with_prefix_in(UNFINISHED, &folder)
        })
        .await?;
        Ok(Self {
            writer: Some(Box::new(ZipWriter::new(file))),
        })
    }

    /// Adds one entry.
    pub(super) async fn add(&mut self, name: String, entry: Entry, content: Vec<u8>) -> Result<(), Failure> {
        let mut writer = self.take()?;
        let method = match entry {
            Entry::Text => CompressionMethod::Deflated,
            Entry::Photo => CompressionMethod::Stored,
        };
        let options = SimpleFileOptions::default().compression_method(method);
        self.writer = Some(
            blocking(move || {
                writer.start_file(name, options)?;
                writer.write_all(&content)?;
                Ok(writer)
            })
            .await?,
        );
        Ok(())
    }

    /// Closes the file and moves it to its place; answers its size.
    pub(super) async fn finish(mut self, place: PathBuf) -> Result<i64, Failure> {
        let writer = self.take()?;
        let bytes = blocking(move || {
            let file = writer.finish()?;
            file.as_file().sync_all()?;
            let bytes = file.as_file().metadata()?.len();
            file.persist(place).map_err(|error| error.error)?;
            Ok(bytes)
        })
        .await?;
        i64::try_from(bytes).map_err(Failure::internal)
    }

    fn take(&mut self) -> Result<Box<ZipWriter<NamedTempFile>>, Failure> {
        self.writer
            .take()
            .ok_or_else(|| Failure::internal("an export goes on after a failure"))
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> std::io::Result<T> + Send + 'static) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(Failure::internal)?
        .map_err(Failure::internal)
}
