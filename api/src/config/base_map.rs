//! What lies under the maps of the pages.

use serde::Deserialize;
use shared::contract::{
    reference::{BaseMapKind, MapDatum},
    secret::Secret,
};

/// The base map: none, so that districts and cases are drawn on an empty ground, or tiles of a source.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BaseMapConfig {
    /// Which there is.
    pub kind: BaseMapKind,
    /// Address of a tile, with `{z}`, `{x}` and `{y}` in it. May hold a key.
    pub url: Option<Secret>,
    /// The coordinates in which the source draws.
    pub datum: MapDatum,
    /// What must be read beside the map: whose it is, and its review number (审图号).
    pub attribution: String,
    /// The farthest zoom at which the source is asked.
    pub min_zoom: u8,
    /// The nearest.
    pub max_zoom: u8,
    /// Bytes of tiles kept in the data folder.
    pub cache_bytes: u64,
    /// Days until a tile is asked for anew.
    pub cache_days: u32,
}

impl Default for BaseMapConfig {
    fn default() -> Self {
        Self {
            kind: BaseMapKind::None,
            url: None,
            datum: MapDatum::Wgs84,
            attribution: String::new(),
            min_zoom: 6,
            max_zoom: 18,
            cache_bytes: 512 * 1024 * 1024,
            cache_days: 30,
        }
    }
}

impl BaseMapConfig {
    /// The source, where there is one.
    #[must_use]
    pub fn source(&self) -> Option<&Secret> {
        self.url.as_ref().filter(|_| self.kind == BaseMapKind::Xyz)
    }

    pub(super) fn check(&self) -> Result<(), &'static str> {
        if self.kind == BaseMapKind::None {
            return Ok(());
        }
        let named = |url: &Secret| ["{z}", "{x}", "{y}"].iter().all(|part| url.reveal().contains(part));
        if !self.url.as_ref().is_some_and(named) {
            return Err("base_map.url is the address of a tile with {z}, {x} and {y} in it");
        }
        if self.attribution.trim().is_empty() {
            return Err(
                "base_map.attribution names whose map it is and its review number, which the law wants beside it",
            );
        }
        if self.min_zoom > self.max_zoom || self.max_zoom > 22 {
            return Err("base_map.min_zoom is not above max_zoom, which is at most 22");
        }
        Ok(())
    }
}
