//! What lies under the maps of the pages, and its tiles: of the city and what is around it alone.

use shared::contract::{
    problem::ProblemCode,
    reference::{BaseMapKind, BaseMapView},
};

use crate::{
    errors::Failure,
    services::Services,
    tiles::{Picture, Tile, TileError},
};

/// Where a page asks for tiles.
const TILES: &str = "/api/v1/tiles/{z}/{x}/{y}";
/// Seconds after which a source that is silent is worth another question.
const COME_BACK: u32 = 30;

/// What lies under the maps.
#[must_use]
pub fn base_map(services: &Services) -> BaseMapView {
    let config = &services.config.base_map;
    let is_there = config.kind != BaseMapKind::None;
    BaseMapView {
        kind: config.kind,
        datum: config.datum,
        tiles: is_there.then(|| TILES.to_owned()),
        attribution: is_there.then(|| config.attribution.clone()),
        min_zoom: config.min_zoom,
        max_zoom: config.max_zoom,
    }
}

/// A tile.
///
/// # Errors
/// `NotFound` beyond the zooms and the city's surroundings, and where the source has none; `Busy` while it does not answer.
pub async fn tile(services: &Services, zoom: u8, x: u32, y: u32) -> Result<Picture, Failure> {
    let config = &services.config.base_map;
    let none = || Failure::new(ProblemCode::NotFound);
    let tile = Tile::at(zoom, x, y).filter(|tile| (config.min_zoom..=config.max_zoom).contains(&tile.zoom));
    let tile = tile.ok_or_else(none)?;
    if !services
        .city()
        .outlines
        .bounds()
        .is_some_and(|bounds| tile.touches(&bounds))
    {
        return Err(none());
    }
    services.tiles.get(tile).await.map_err(|error| match error {
        TileError::NotThere => none(),
        TileError::Unreachable(cause) => Failure {
            cause: Some(cause),
            ..Failure::new(ProblemCode::Busy).with_retry_after(COME_BACK)
        },
    })
}
