//! Public cases on the map: around a point, in a box, or for a large box how many lie where.
//!
//! A home is found by the point that is shown of it, never by its own: asking in small steps narrows nothing down.

use std::collections::BTreeSet;

use diesel::{prelude::*, sql_query, sql_types};
use h3o::{CellIndex, LatLng, Resolution};
use shared::{
    contract::public_case::{PublicMapCase, PublicMapCluster, PublicMapView},
    domain::{
        case::Visibility,
        location::{Bounds, GeoPoint, distance_metres, in_bounds},
    },
};

use super::{
    face::{load_faces, public_point},
    list::by_id,
};
use crate::{
    city::City,
    database::{DbConnection, StoreError, schema::cases},
    errors::Failure,
    services::Services,
    stores::{case_store::CaseRow, counter_store},
};

/// Cells of resolution 9 asked for at most; more are answered as clusters.
const MOST_CELLS: usize = 1_200;
/// Fine cells asked for at most; above that the coarse ones answer.
const MOST_FINE_CELLS: usize = 500;
/// Cells in one statement.
const CELLS_AT_ONCE: usize = 500;
/// Newest cases of one cell looked at.
const MOST_OF_A_CELL: i64 = 60;
/// Cases answered at most.
const MOST_CASES: usize = 100;
/// A home lies at most this far from the middle of its cell of 200 m.
const HOME_MARGIN_METRES: f64 = 150.0;
/// Metres in a degree of latitude, rounded down.
const METRES_PER_DEGREE: f64 = 111_000.0;

/// The part of the map that is asked for.
#[derive(Debug, Clone, Copy)]
pub enum MapArea {
    /// A circle.
    Around {
        /// Its centre.
        centre: GeoPoint,
        /// Metres.
        radius: f64,
    },
    /// A box.
    Within(Bounds),
}

/// The public cases of a part of the map.
///
/// # Errors
/// `Busy`, or the database's failure.
pub async fn map_of_public_cases(services: &Services, area: MapArea) -> Result<PublicMapView, Failure> {
    let city = services.city();
    let receipts = services.receipts.clone();
    services
        .database
        .readers
        .read(move |connection| match cells(&area, Resolution::Nine, MOST_CELLS) {
            Some(cells) => {
                let (rows, more) = cases_in(connection, &area, &cells)?;
                let cases = show(connection, &city, &receipts, &area, &rows)?;
                Ok(PublicMapView {
                    cases,
                    clusters: Vec::new(),
                    more,
                })
            }
            None => Ok(PublicMapView {
                cases: Vec::new(),
                clusters: clusters(connection, &area)?,
                more: false,
            }),
        })
        .await
}

impl MapArea {
    /// The box around it, with room for homes that are shown in it and lie beside it.
    fn outer(&self) -> [f64; 4] {
        let (south, west, north, east, reach) = match self {
            Self::Around { centre, radius } => {
                let (latitude, longitude) = (centre.latitude(), centre.longitude());
                (latitude, longitude, latitude, longitude, radius + HOME_MARGIN_METRES)
            }
            Self::Within(bounds) => (
                bounds.south_west().latitude(),
                bounds.south_west().longitude(),
                bounds.north_east().latitude(),
                bounds.north_east().longitude(),
                HOME_MARGIN_METRES,
            ),
        };
        let up = reach / METRES_PER_DEGREE;
        let aside = up / south.abs().max(north.abs()).to_radians().cos().max(0.05);
        [
            (south - up).max(-90.0),
            (west - aside).max(-180.0),
            (north + up).min(90.0),
            (east + aside).min(180.0),
        ]
    }

    fn holds(&self, point: GeoPoint) -> bool {
        match self {
            Self::Around { centre, radius } => distance_metres(*centre, point) <= *radius,
            Self::Within(bounds) => in_bounds(point, bounds),
        }
    }
}

/// The cells that cover the area, or `None` when there are more than `most`.
fn cells(area: &MapArea, resolution: Resolution, most: usize) -> Option<Vec<CellIndex>> {
    let [south, west, north, east] = area.outer();
    // Sampled closer than the smallest width of a cell, so that none is stepped over; a last ring closes the edges.
    let step = resolution.edge_length_m() * 0.8 / METRES_PER_DEGREE;
    let aside = step / south.abs().max(north.abs()).to_radians().cos().max(0.05);
    let rows = ((north - south) / step).ceil() + 1.0;
    let columns = ((east - west) / aside).ceil() + 1.0;
    // A cell holds about four samples.
    let samples = u32::try_from(most).map_or(f64::MAX, f64::from) * 8.0;
    if rows * columns > samples {
        return None;
    }
    let mut found = BTreeSet::new();
    let mut latitude = south;
    while latitude < north + step {
        let mut longitude = west;
        while longitude < east + aside {
            let place = LatLng::new(latitude.min(90.0), longitude.min(180.0)).ok()?;
            found.insert(place.to_cell(resolution));
            longitude += aside;
        }
        latitude += step;
    }
    (found.len() <= most).then(|| found.into_iter().collect())
}

/// The newest cases of the area by the point shown, and whether some had to be left out.
fn cases_in(
    connection: &mut DbConnection,
    area: &MapArea,
    cells: &[CellIndex],
) -> Result<(Vec<CaseRow>, bool), Failure> {
    let cells: Vec<i64> = cells.iter().map(|cell| u64::from(*cell).cast_signed()).collect();
    let most = i64::try_from(MOST_CASES * 2).unwrap_or(i64::MAX);
    let mut ids = Vec::new();
    for chunk in cells.chunks(CELLS_AT_ONCE) {
        ids.extend(newest_in(connection, chunk, most).map_err(StoreError::from)?);
    }
    ids.sort_unstable_by(|a, b| b.cmp(a));
    let mut more = ids.len() > MOST_CASES * 2;
    ids.truncate(MOST_CASES * 2);
    let mut rows = Vec::new();
    for row in by_id(connection, &ids)? {
        if row.is_public() && public_point(&row)?.is_some_and(|point| area.holds(point)) {
            rows.push(row);
        }
    }
    if let MapArea::Around { centre, .. } = area {
        let mut far: Vec<(f64, CaseRow)> = Vec::with_capacity(rows.len());
        for row in rows {
            let distance = public_point(&row)?.map_or(f64::MAX, |point| distance_metres(*centre, point));
            far.push((distance, row));
        }
        far.sort_by(|a, b| a.0.total_cmp(&b.0));
        rows = far.into_iter().map(|(_, row)| row).collect();
    }
    more |= rows.len() > MOST_CASES;
    rows.truncate(MOST_CASES);
    Ok((rows, more))
}

#[derive(QueryableByName)]
struct InCell {
    #[diesel(sql_type = sql_types::BigInt)]
    id: i64,
}

/// The newest ids of these cells. PostgreSQL asks each cell by itself: given all at once it may walk along the ids instead.
fn newest_in(connection: &mut DbConnection, cells: &[i64], most: i64) -> QueryResult<Vec<i64>> {
    match connection {
        DbConnection::Sqlite(inner) => cases::table
            .filter(cases::visibility.eq(Visibility::Public.as_str()))
            .filter(cases::h3_cell.eq_any(cells))
            .order(cases::id.desc())
            .limit(most)
            .select(cases::id)
            .load(inner),
        DbConnection::Postgres(inner) => {
            let found: Vec<InCell> = sql_query(
                "SELECT near.id FROM unnest($1) AS cell CROSS JOIN LATERAL (SELECT id FROM cases \
                 WHERE visibility = 'public' AND h3_cell = cell ORDER BY id DESC LIMIT $2) near \
                 ORDER BY near.id DESC LIMIT $3",
            )
            .bind::<sql_types::Array<sql_types::BigInt>, _>(cells)
            .bind::<sql_types::BigInt, _>(MOST_OF_A_CELL)
            .bind::<sql_types::BigInt, _>(most)
            .load(inner)?;
            Ok(found.into_iter().map(|row| row.id).collect())
        }
    }
}

fn show(
    connection: &mut DbConnection,
    city: &City,
    receipts: &shared::domain::receipt::ReceiptCodec,
    area: &MapArea,
    rows: &[CaseRow],
) -> Result<Vec<PublicMapCase>, Failure> {
    let faces = load_faces(connection, rows)?;
    rows.iter()
        .map(|row| {
            let distance = match (area, public_point(row)?) {
                (MapArea::Around { centre, .. }, Some(point)) => Some(distance_metres(*centre, point).round()),
                _ => None,
            };
            Ok(PublicMapCase {
                facts: faces.summary(city, receipts, row)?,
                distance,
            })
        })
        .collect()
}

/// How many cases lie where, by fine cells when they are few enough, else by coarse ones.
fn clusters(connection: &mut DbConnection, area: &MapArea) -> Result<Vec<PublicMapCluster>, Failure> {
    let counted = match cells(area, counter_store::FINE, MOST_FINE_CELLS) {
        Some(cells) => counter_store::list_cells(connection, &cells),
        None => counter_store::list_coarse_cells(connection),
    };
    let counted = counted.map_err(StoreError::from)?;
    let [south, west, north, east] = area.outer();
    Ok(counted
        .into_iter()
        .map(|(cell, count)| {
            let centre = LatLng::from(cell);
            PublicMapCluster {
                latitude: centre.lat(),
                longitude: centre.lng(),
                count,
            }
        })
        .filter(|cluster| (south..=north).contains(&cluster.latitude) && (west..=east).contains(&cluster.longitude))
        .collect())
}
