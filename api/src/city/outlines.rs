//! The outlines of the counties: which one a point lies in, and the text that maps draw. What the law asks of a map, the
//! review number and the source, travels with the text.

use serde::Deserialize;
use shared::domain::{
    location::{Bounds, GeoPoint, in_bounds, multipolygon_contains},
    region::{RegionLevel, Regions},
};

/// Most corners that all outlines together may have.
const MOST_CORNERS: usize = 200_000;

/// Where the outlines come from, as their file says it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OutlineSource {
    /// Version of the data.
    pub version: String,
    /// Whom the outlines were taken from.
    pub source: String,
    /// Licence of the data.
    pub licence: String,
    /// Review number (审图号) of the map, which must be shown beside it.
    pub map_review_number: String,
}

/// The outlines of the counties.
#[derive(Debug, Clone)]
pub struct Outlines {
    /// The whole `GeoJSON` text, as it was imported.
    pub text: String,
    /// Where it comes from.
    pub about: OutlineSource,
    /// The box around all of them.
    bounds: Option<Bounds>,
    counties: Vec<County>,
}

#[derive(Debug, Clone)]
struct County {
    code: String,
    bounds: Bounds,
    polygons: Polygons,
}

/// Polygons, rings, corners `[longitude, latitude]`.
type Polygons = Vec<Vec<Vec<[f64; 2]>>>;

#[derive(Deserialize)]
struct File {
    about: OutlineSource,
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    properties: Properties,
    geometry: Geometry,
}

#[derive(Deserialize)]
struct Properties {
    code: String,
}

#[derive(Deserialize)]
#[serde(tag = "type")]
enum Geometry {
    Polygon { coordinates: Vec<Vec<[f64; 2]>> },
    MultiPolygon { coordinates: Polygons },
}

impl Outlines {
    /// Reads the file and checks it against the tree of regions.
    ///
    /// # Errors
    /// Every fault found, as readable sentences.
    pub fn from_text(text: &str, regions: &Regions) -> Result<Self, Vec<String>> {
        let file: File = serde_json::from_str(text).map_err(|error| vec![error.to_string()])?;
        let mut problems = Vec::new();
        let mut counties: Vec<County> = Vec::with_capacity(file.features.len());
        let mut corners = 0;
        for Feature { properties, geometry } in file.features {
            let code = properties.code;
            let polygons = match geometry {
                Geometry::Polygon { coordinates } => vec![coordinates],
                Geometry::MultiPolygon { coordinates } => coordinates,
            };
            if regions
                .get(&code)
                .is_none_or(|region| region.level != RegionLevel::County)
            {
                problems.push(format!("outline {code}: no such county"));
            }
            if counties.iter().any(|county| county.code == code) {
                problems.push(format!("outline {code}: twice"));
            }
            let rings = || polygons.iter().flatten();
            corners += rings().map(Vec::len).sum::<usize>();
            if rings().next().is_none() || rings().any(|ring| ring.len() < 4 || ring.first() != ring.last()) {
                problems.push(format!(
                    "outline {code}: each ring has at least 4 corners and ends where it begins"
                ));
            }
            match bounds_of(&polygons) {
                Some(bounds) => counties.push(County { code, bounds, polygons }),
                None => problems.push(format!("outline {code}: a corner is not a place on earth")),
            }
        }
        if corners > MOST_CORNERS {
            problems.push(format!("{corners} corners, allowed are {MOST_CORNERS}"));
        }
        if file.about.map_review_number.trim().is_empty() {
            problems.push("about.map_review_number: a map without its review number may not be shown".to_owned());
        }
        if problems.is_empty() {
            Ok(Self {
                text: text.to_owned(),
                about: file.about,
                bounds: around(&counties),
                counties,
            })
        } else {
            Err(problems)
        }
    }

    /// The box around all outlines; none when there are none.
    #[must_use]
    pub const fn bounds(&self) -> Option<Bounds> {
        self.bounds
    }

    /// The code of the county that the point lies in; `None` outside of all outlines.
    #[must_use]
    pub fn county_at(&self, point: GeoPoint) -> Option<&str> {
        self.counties
            .iter()
            .find(|county| in_bounds(point, &county.bounds) && multipolygon_contains(&county.polygons, point))
            .map(|county| county.code.as_str())
    }
}

fn around(counties: &[County]) -> Option<Bounds> {
    let corners = counties
        .iter()
        .flat_map(|county| [county.bounds.south_west(), county.bounds.north_east()]);
    let corners: Vec<[f64; 2]> = corners.map(|corner| [corner.longitude(), corner.latitude()]).collect();
    bounds_of(&vec![vec![corners]])
}

fn bounds_of(polygons: &Polygons) -> Option<Bounds> {
    let mut low = [f64::INFINITY; 2];
    let mut high = [f64::NEG_INFINITY; 2];
    for [longitude, latitude] in polygons.iter().flatten().flatten() {
        GeoPoint::new(*latitude, *longitude).ok()?;
        low = [low[0].min(*longitude), low[1].min(*latitude)];
        high = [high[0].max(*longitude), high[1].max(*latitude)];
    }
    let corner = |[longitude, latitude]: [f64; 2]| GeoPoint::new(latitude, longitude).ok();
    Bounds::new(corner(low)?, corner(high)?).ok()
}
