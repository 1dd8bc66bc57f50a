//! The grid of web maps: which tile lies where.

use std::f64::consts::PI;

use shared::domain::location::Bounds;

/// The deepest zoom that any map has.
const DEEPEST: u8 = 22;
/// Degrees around the city that belong to its map.
const MARGIN: f64 = 0.5;

/// A tile that there is on the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tile {
    /// How deep.
    pub zoom: u8,
    /// From the west.
    pub x: u32,
    /// From the north.
    pub y: u32,
}

impl Tile {
    /// The tile at a place of the grid; none beyond its edges.
    #[must_use]
    pub fn at(zoom: u8, x: u32, y: u32) -> Option<Self> {
        let side = 1_u32.checked_shl(u32::from(zoom))?;
        (zoom <= DEEPEST && x < side && y < side).then_some(Self { zoom, x, y })
    }

    /// Whether it shows something of the box or of what lies around it.
    #[must_use]
    pub fn touches(self, bounds: &Bounds) -> bool {
        let side = f64::from(1_u32 << self.zoom);
        let longitude = |x: u32| f64::from(x) / side * 360.0 - 180.0;
        let latitude = |y: u32| (PI * (1.0 - 2.0 * f64::from(y) / side)).sinh().atan().to_degrees();
        let (low, high) = (bounds.south_west(), bounds.north_east());
        longitude(self.x) <= high.longitude() + MARGIN
            && longitude(self.x + 1) >= low.longitude() - MARGIN
            && latitude(self.y) >= low.latitude() - MARGIN
            && latitude(self.y + 1) <= high.latitude() + MARGIN
    }
}

#[cfg(test)]
mod tests {
    use shared::domain::location::GeoPoint;

    use super::*;

    fn linyi() -> Bounds {
        Bounds::new(
            GeoPoint::new(34.37, 117.41).unwrap(),
            GeoPoint::new(36.22, 119.18).unwrap(),
        )
        .unwrap()
    }

    #[test]
    fn the_grid_has_edges() {
        assert!(Tile::at(0, 0, 0).is_some() && Tile::at(0, 1, 0).is_none());
        assert!(Tile::at(3, 7, 7).is_some() && Tile::at(3, 7, 8).is_none());
        assert!(Tile::at(23, 0, 0).is_none() && Tile::at(255, 0, 0).is_none());
    }

    #[test]
    fn a_tile_of_the_city_touches_it_and_one_of_another_does_not() {
        // Zoom 10: Linyi's centre, then Beijing's and Guangzhou's.
        assert!(Tile::at(10, 848, 405).unwrap().touches(&linyi()));
        assert!(!Tile::at(10, 843, 388).unwrap().touches(&linyi()));
        assert!(!Tile::at(10, 834, 444).unwrap().touches(&linyi()));
        assert!(Tile::at(0, 0, 0).unwrap().touches(&linyi()), "the whole earth has it");
    }
}
