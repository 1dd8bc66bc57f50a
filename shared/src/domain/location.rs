//! Where something is: points in WGS-84, the offset datum of mainland maps (GCJ-02), distances, coarse places for homes,
//! and whether a point lies within an outline.
//!
//! It decides what a valid point is and how datums convert. It does not decide who may see which precision, nor which
//! cell index the database uses.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Mean radius of the earth in metres (IUGG), for great-circle distances.
const EARTH_RADIUS_METRES: f64 = 6_371_008.8;
/// Metres in one degree of latitude on that sphere.
const METRES_PER_DEGREE: f64 = EARTH_RADIUS_METRES * PI / 180.0;
/// Side in metres of the cell that stands for a home in public: default of the policy.
pub const HOME_CELL_METRES: f64 = 200.0;

/// The datum in which a device or a map gave its coordinates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Datum {
    /// Satellite positioning and browsers; CGCS2000 (Tianditu) equals it for this use.
    Wgs84,
    /// The prescribed offset of mainland maps (Amap, Tencent, Apple in China).
    Gcj02,
}

impl Datum {
    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wgs84 => "wgs84",
            Self::Gcj02 => "gcj02",
        }
    }
}

impl std::str::FromStr for Datum {
    type Err = LocationError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "wgs84" => Ok(Self::Wgs84),
            "gcj02" => Ok(Self::Gcj02),
            _ => Err(LocationError::UnknownDatum),
        }
    }
}

/// Why a place was not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum LocationError {
    /// A coordinate is not a number or lies beyond the earth's range.
    #[error("the coordinates are outside the earth's range")]
    OutOfRange,
    /// The box has its south above its north, or its west beyond its east.
    #[error("the box is upside down")]
    InvertedBounds,
    /// The datum is neither `wgs84` nor `gcj02`.
    #[error("the datum is not known")]
    UnknownDatum,
}

/// A point on the earth in WGS-84 degrees; always finite and in range.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(try_from = "RawPoint")]
pub struct GeoPoint {
    latitude: f64,
    longitude: f64,
}

/// The wire form of a point before it is checked.
#[derive(Deserialize)]
struct RawPoint {
    latitude: f64,
    longitude: f64,
}

impl TryFrom<RawPoint> for GeoPoint {
    type Error = LocationError;

    fn try_from(raw: RawPoint) -> Result<Self, Self::Error> {
        Self::new(raw.latitude, raw.longitude)
    }
}

impl GeoPoint {
    /// A point from WGS-84 degrees, north and east positive.
    ///
    /// # Errors
    /// [`LocationError::OutOfRange`] when either is not finite, or beyond ±90° and ±180°.
    pub fn new(latitude: f64, longitude: f64) -> Result<Self, LocationError> {
        check_range(latitude, longitude)?;
        Ok(Self { latitude, longitude })
    }

    /// A point from degrees in the datum that the device declared.
    ///
    /// # Errors
    /// [`LocationError::OutOfRange`] as for [`GeoPoint::new`].
    pub fn from_declared(latitude: f64, longitude: f64, datum: Datum) -> Result<Self, LocationError> {
        match datum {
            Datum::Wgs84 => Self::new(latitude, longitude),
            Datum::Gcj02 => Gcj02Point::new(latitude, longitude).map(gcj02_to_wgs84),
        }
    }

    /// Degrees north of the equator, −90 to 90.
    #[must_use]
    pub const fn latitude(self) -> f64 {
        self.latitude
    }

    /// Degrees east of Greenwich, −180 to 180.
    #[must_use]
    pub const fn longitude(self) -> f64 {
        self.longitude
    }

    /// The centre of the cell of [`HOME_CELL_METRES`] that the point lies in: what the public sees of a home.
    ///
    /// All points of a cell give the same centre, so repeated reports do not narrow the place down.
    #[must_use]
    pub fn coarse(self) -> Self {
        let row_height = HOME_CELL_METRES / METRES_PER_DEGREE;
        let latitude = cell_centre(self.latitude, row_height).clamp(-90.0, 90.0);
        // Near the poles a row has next to no length; a floor keeps the column width finite.
        let column_width = row_height / latitude.to_radians().cos().max(0.01);
        let longitude = cell_centre(self.longitude, column_width).clamp(-180.0, 180.0);
        Self { latitude, longitude }
    }
}

/// A point in GCJ-02 degrees, for drawing on a base map with the prescribed offset. Never stored.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gcj02Point {
    latitude: f64,
    longitude: f64,
}

impl Gcj02Point {
    /// A point from GCJ-02 degrees.
    ///
    /// # Errors
    /// [`LocationError::OutOfRange`] as for [`GeoPoint::new`].
    pub fn new(latitude: f64, longitude: f64) -> Result<Self, LocationError> {
        check_range(latitude, longitude)?;
        Ok(Self { latitude, longitude })
    }

    /// Degrees north in GCJ-02.
    #[must_use]
    pub const fn latitude(self) -> f64 {
        self.latitude
    }

    /// Degrees east in GCJ-02.
    #[must_use]
    pub const fn longitude(self) -> f64 {
        self.longitude
    }
}

fn check_range(latitude: f64, longitude: f64) -> Result<(), LocationError> {
    // NaN and the infinities are in no range.
    if (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude) {
        Ok(())
    } else {
        Err(LocationError::OutOfRange)
    }
}

/// The centre of the step of `size` degrees in which `degrees` lies, counted from zero.
fn cell_centre(degrees: f64, size: f64) -> f64 {
    ((degrees / size).floor() + 0.5) * size
}

/// Great-circle distance in metres (haversine; within 0.6 % of the ellipsoid).
#[must_use]
pub fn distance_metres(a: GeoPoint, b: GeoPoint) -> f64 {
    let half_height = (b.latitude - a.latitude).to_radians() / 2.0;
    let half_width = (b.longitude - a.longitude).to_radians() / 2.0;
    let chord = half_height.sin().powi(2)
        + a.latitude.to_radians().cos() * b.latitude.to_radians().cos() * half_width.sin().powi(2);
    2.0 * EARTH_RADIUS_METRES * chord.sqrt().min(1.0).asin()
}

/// A box on the map in WGS-84 degrees; edges belong to it. It does not cross the date line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    south_west: GeoPoint,
    north_east: GeoPoint,
}

impl Bounds {
    /// A box from its lower left and upper right corners.
    ///
    /// # Errors
    /// [`LocationError::InvertedBounds`] when the corners are the wrong way round.
    pub fn new(south_west: GeoPoint, north_east: GeoPoint) -> Result<Self, LocationError> {
        if south_west.latitude > north_east.latitude || south_west.longitude > north_east.longitude {
            return Err(LocationError::InvertedBounds);
        }
        Ok(Self { south_west, north_east })
    }

    /// The lower left corner.
    #[must_use]
    pub const fn south_west(self) -> GeoPoint {
        self.south_west
    }

    /// The upper right corner.
    #[must_use]
    pub const fn north_east(self) -> GeoPoint {
        self.north_east
    }
}

/// Whether the point lies in the box or on its edge.
#[must_use]
pub fn in_bounds(point: GeoPoint, bounds: &Bounds) -> bool {
    (bounds.south_west.latitude..=bounds.north_east.latitude).contains(&point.latitude)
        && (bounds.south_west.longitude..=bounds.north_east.longitude).contains(&point.longitude)
}

/// Whether the point lies within one ring of `[longitude, latitude]` pairs (`GeoJSON` order), by the even-odd rule.
/// The ring may repeat its first point at the end or not; fewer than three points contain nothing.
#[must_use]
pub fn ring_contains(ring: &[[f64; 2]], point: GeoPoint) -> bool {
    let Some(&last) = ring.last() else { return false };
    let mut inside = false;
    let mut from = last;
    for &to in ring {
        let [from_x, from_y] = from;
        let [to_x, to_y] = to;
        if (from_y > point.latitude) != (to_y > point.latitude) {
            let crossing = from_x + (point.latitude - from_y) / (to_y - from_y) * (to_x - from_x);
            if point.longitude < crossing {
                inside = !inside;
            }
        }
        from = to;
    }
    inside
}

/// Whether the point lies within a `GeoJSON` polygon: its outer ring first, then its holes.
#[must_use]
pub fn polygon_contains(rings: &[Vec<[f64; 2]>], point: GeoPoint) -> bool {
    rings.iter().filter(|ring| ring_contains(ring, point)).count() % 2 == 1
}

/// Whether the point lies within any polygon of a `GeoJSON` multipolygon.
#[must_use]
pub fn multipolygon_contains(polygons: &[Vec<Vec<[f64; 2]>>], point: GeoPoint) -> bool {
    polygons.iter().any(|rings| polygon_contains(rings, point))
}

/// A plain box: south, west, north, east.
type PlainBox = [f64; 4];

/// Boxes that together cover the mainland, generous at sea and coarse along the land border.
const MAINLAND: [PlainBox; 9] = [
    [35.4, 73.4, 40.7, 80.0],
    [28.0, 80.0, 49.2, 91.0],
    [27.0, 91.0, 45.6, 97.5],
    [21.1, 97.5, 43.0, 108.0],
    [17.9, 108.0, 46.6, 124.3],
    [42.0, 115.4, 53.6, 127.6],
    [40.1, 124.3, 41.5, 126.3],
    [41.5, 124.3, 49.5, 131.2],
    [44.9, 131.2, 48.5, 135.1],
];

/// Boxes within those where maps carry no offset: Hong Kong, Macao and Taiwan with its islands.
const WITHOUT_OFFSET: [PlainBox; 9] = [
    [22.13, 113.82, 22.44, 114.43],
    [22.44, 113.97, 22.505, 114.31],
    [22.505, 114.14, 22.535, 114.22],
    [22.105, 113.545, 22.17, 113.60],
    [22.17, 113.528, 22.214, 113.57],
    [21.80, 120.00, 25.40, 122.20],
    [23.15, 119.30, 23.85, 119.75],
    [24.38, 118.20, 24.525, 118.50],
    [26.13, 119.88, 26.32, 120.06],
];

fn has_offset(latitude: f64, longitude: f64) -> bool {
    let within = |&[south, west, north, east]: &PlainBox| {
        (south..=north).contains(&latitude) && (west..=east).contains(&longitude)
    };
    MAINLAND.iter().any(within) && !WITHOUT_OFFSET.iter().any(within)
}

/// The offset in degrees (north, east) that mainland maps carry at a WGS-84 place.
fn offset_at(latitude: f64, longitude: f64) -> (f64, f64) {
    // The constants of the published formula: the Krasovsky ellipsoid's axis and its eccentricity squared.
    const AXIS: f64 = 6_378_245.0;
    const ECCENTRICITY: f64 = 0.006_693_421_622_965_943;
    let east = longitude - 105.0;
    let north = latitude - 35.0;
    let wave = |amplitude: f64, angle: f64| amplitude * (angle * PI).sin();
    let ripple = wave(20.0, 6.0 * east) + wave(20.0, 2.0 * east);
    let metres_north = -100.0
        + 2.0 * east
        + 3.0 * north
        + 0.2 * north * north
        + 0.1 * east * north
        + 0.2 * east.abs().sqrt()
        + (ripple
            + wave(20.0, north)
            + wave(40.0, north / 3.0)
            + wave(160.0, north / 12.0)
            + wave(320.0, north / 30.0))
            * 2.0
            / 3.0;
    let metres_east = 300.0
        + east
        + 2.0 * north
        + 0.1 * east * east
        + 0.1 * east * north
        + 0.1 * east.abs().sqrt()
        + (ripple + wave(20.0, east) + wave(40.0, east / 3.0) + wave(150.0, east / 12.0) + wave(300.0, east / 30.0))
            * 2.0
            / 3.0;
    let radians = latitude.to_radians();
    let magic = 1.0 - ECCENTRICITY * radians.sin().powi(2);
    let meridian = AXIS * (1.0 - ECCENTRICITY) / (magic * magic.sqrt());
    let parallel = AXIS / magic.sqrt() * radians.cos();
    (
        (metres_north / meridian).to_degrees(),
        (metres_east / parallel).to_degrees(),
    )
}

/// Shifts a WGS-84 point on the mainland to GCJ-02; Hong Kong, Macao, Taiwan and places abroad stay as they are.
#[must_use]
pub fn wgs84_to_gcj02(point: GeoPoint) -> Gcj02Point {
    let GeoPoint { latitude, longitude } = point;
    if !has_offset(latitude, longitude) {
        return Gcj02Point { latitude, longitude };
    }
    let (north, east) = offset_at(latitude, longitude);
    Gcj02Point {
        latitude: latitude + north,
        longitude: longitude + east,
    }
}

/// Finds the WGS-84 point that [`wgs84_to_gcj02`] shifts to the given one, to better than 1e-7°.
#[must_use]
pub fn gcj02_to_wgs84(point: Gcj02Point) -> GeoPoint {
    /// Each round shrinks the error about a hundredfold; three suffice, the rest is reserve.
    const ROUNDS: usize = 12;
    let unchanged = GeoPoint {
        latitude: point.latitude,
        longitude: point.longitude,
    };
    if !has_offset(point.latitude, point.longitude) {
        return unchanged;
    }
    let mut latitude = point.latitude;
    let mut longitude = point.longitude;
    for _ in 0..ROUNDS {
        let (north, east) = offset_at(latitude, longitude);
        let error_north = latitude + north - point.latitude;
        let error_east = longitude + east - point.longitude;
        latitude -= error_north;
        longitude -= error_east;
        if error_north.abs() < 1e-10 && error_east.abs() < 1e-10 {
            break;
        }
    }
    GeoPoint::new(latitude, longitude).unwrap_or(unchanged)
}

#[cfg(test)]
mod tests;
