//! The tiles of the base map: from the one source that the operator named, through a folder of bounded size. Browsers ask us and nobody
//! else, so that no third party learns where somebody looks and a source's key stays here.
//!
//! Which part of the earth is shown to whom, and what a page draws on it, is decided elsewhere.

mod cache;
mod grid;
mod source;

use std::{path::Path, sync::Arc, time::Duration};

use tokio::{sync::Semaphore, time::timeout};

use self::{
    cache::{Kept, TileCache},
    source::{Fetched, Source},
};
pub use self::{grid::Tile, source::SourceError};
use crate::config::BaseMapConfig;

/// Tiles fetched from the source at the same time.
const AT_ONCE: usize = 8;
/// How long a request waits for its turn at the source.
const PATIENCE: Duration = Duration::from_secs(15);

/// A tile as it goes to the browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The picture.
    pub bytes: Vec<u8>,
    /// Its kind, by what it is and not by what the source says.
    pub content_type: &'static str,
}

/// Why there is no tile.
#[derive(Debug, thiserror::Error)]
pub enum TileError {
    /// The source has none there, or none is configured.
    #[error("there is no such tile")]
    NotThere,
    /// The source does not answer, or with something that is no picture, and none was kept.
    #[error("the source of the base map: {0}")]
    Unreachable(String),
}

/// The tiles of one server.
pub struct Tiles {
    inner: Option<Inner>,
}

struct Inner {
    source: Source,
    cache: Arc<TileCache>,
    turns: Semaphore,
}

impl Tiles {
    /// Opens the folder below `data`, if a source is configured.
    ///
    /// # Errors
    /// A source that cannot be used.
    pub fn open(config: &BaseMapConfig, data: &Path) -> Result<Self, SourceError> {
        let Some(url) = config.source() else {
            return Ok(Self { inner: None });
        };
        let kept = Duration::from_secs(u64::from(config.cache_days) * 24 * 3600);
        let cache = TileCache::open(&data.join("tiles"), config.cache_bytes, kept).map_err(SourceError::Folder)?;
        Ok(Self {
            inner: Some(Inner {
                source: Source::new(url)?,
                cache: Arc::new(cache),
                turns: Semaphore::new(AT_ONCE),
            }),
        })
    }

    /// The tile: kept, or fetched and kept. What is too old is shown all the same while the source is silent.
    ///
    /// # Errors
    /// [`TileError`].
    pub async fn get(&self, tile: Tile) -> Result<Picture, TileError> {
        let inner = self.inner.as_ref().ok_or(TileError::NotThere)?;
        if let Some(Kept { bytes, fresh: true }) = inner.kept(tile).await {
            return picture(bytes);
        }
        let waited = timeout(PATIENCE, inner.turns.acquire()).await;
        let Ok(Ok(_turn)) = waited else {
            return Err(TileError::Unreachable("too many wait for it".to_owned()));
        };
        // Somebody may have fetched it meanwhile.
        let kept = inner.kept(tile).await;
        if let Some(Kept { bytes, fresh: true }) = kept {
            return picture(bytes);
        }
        match (inner.source.fetch(tile).await, kept) {
            (Fetched::Tile(bytes), _) => {
                inner.keep(tile, bytes.clone()).await;
                picture(bytes)
            }
            (Fetched::Nothing, _) => Err(TileError::NotThere),
            (Fetched::Failed(cause), Some(kept)) => {
                tracing::warn!(cause, "the base map's source fails; an older tile is shown");
                picture(kept.bytes)
            }
            (Fetched::Failed(cause), None) => Err(TileError::Unreachable(cause)),
        }
    }
}

impl Inner {
    async fn kept(&self, tile: Tile) -> Option<Kept> {
        let cache = Arc::clone(&self.cache);
        let read = tokio::task::spawn_blocking(move || cache.read(tile)).await;
        read.ok().flatten()
    }

    async fn keep(&self, tile: Tile, bytes: Vec<u8>) {
        let cache = Arc::clone(&self.cache);
        let written = tokio::task::spawn_blocking(move || cache.write(tile, &bytes)).await;
        if let Ok(Err(error)) = written {
            tracing::warn!(%error, "a tile of the base map could not be kept");
        }
    }
}

fn picture(bytes: Vec<u8>) -> Result<Picture, TileError> {
    let content_type = source::kind(&bytes).ok_or_else(|| TileError::Unreachable("no picture".to_owned()))?;
    Ok(Picture { bytes, content_type })
}
