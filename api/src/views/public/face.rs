//! The public face of a case: its facts, its released title and thumbnail, its latest rating, a place as coarse as it must be.

use std::collections::BTreeMap;

use diesel::prelude::*;
use shared::{
    contract::public_case::{NamedCode, PlacePrecision, PublicCaseSummary, PublicPlaceView, PublicRatingView},
    domain::{
        case::{CaseState, timeline::progress},
        location::GeoPoint,
        receipt::ReceiptCodec,
        time::Timestamp,
    },
};

use crate::{
    city::City,
    database::{DbConnection, StoreError, ids::made_at, schema::ratings},
    errors::Failure,
    stores::{
        case_store::CaseRow,
        parse_word,
        publication_store::{self, Released},
    },
};

/// What lists add to the rows of cases, by case.
#[derive(Debug, Default)]
pub struct Faces {
    released: Released,
    ratings: BTreeMap<i64, PublicRatingView>,
}

/// Reads what the public faces of these cases need besides their rows: two statements.
///
/// # Errors
/// The database's failure.
pub fn load_faces(connection: &mut DbConnection, rows: &[CaseRow]) -> Result<Faces, Failure> {
    let ids: Vec<i64> = rows.iter().filter(|row| shows_words(row)).map(|row| row.id).collect();
    let all: Vec<i64> = rows.iter().map(|row| row.id).collect();
    if all.is_empty() {
        return Ok(Faces::default());
    }
    let rated: Vec<(i64, i64, i64, String)> = ratings::table
        .filter(ratings::case_id.eq_any(&all))
        .order(ratings::id.asc())
        .limit(5_000)
        .select((ratings::case_id, ratings::cycle, ratings::grade, ratings::resolved))
        .load(connection)
        .map_err(StoreError::from)?;
    let mut latest = BTreeMap::new();
    for (case_id, cycle, grade, resolved) in rated {
        latest.insert(case_id, rating(cycle, grade, &resolved)?);
    }
    Ok(Faces {
        released: publication_store::list_released(connection, &ids).map_err(StoreError::from)?,
        ratings: latest,
    })
}

impl Faces {
    /// The facts of one of the cases that were loaded.
    ///
    /// # Errors
    /// When a column holds a word that this program does not know.
    pub fn summary(&self, city: &City, receipts: &ReceiptCodec, row: &CaseRow) -> Result<PublicCaseSummary, Failure> {
        Ok(PublicCaseSummary {
            title: self.released.titles.get(&row.id).cloned(),
            thumbnail: self.released.photos.get(&row.id).map(|id| address(*id, "thumbnail")),
            rating: self.ratings.get(&row.id).cloned(),
            ..facts(city, receipts, row)?
        })
    }
}

/// Whether released words and photos of the case are shown at all: not after the consent was taken back.
pub(super) fn shows_words(row: &CaseRow) -> bool {
    row.is_public() && row.publication != publication_store::NONE
}

/// The facts alone.
pub(super) fn facts(city: &City, receipts: &ReceiptCodec, row: &CaseRow) -> Result<PublicCaseSummary, Failure> {
    let state: CaseState = parse_word("cases.state", &row.state)?;
    let number = |value: i64| u32::try_from(value).unwrap_or_default();
    Ok(PublicCaseSummary {
        receipt_no: receipts.write(row.id),
        kind: parse_word("cases.kind", &row.kind)?,
        category: category(city, row),
        place: public_place(city, row)?,
        state,
        state_name: state.name_zh().to_owned(),
        progress: progress(state).reached,
        is_open: row.is_open,
        unit: row.lead_unit.as_deref().map(|code| NamedCode {
            code: code.to_owned(),
            name: city.unit_name(code).to_owned(),
        }),
        outcome: row
            .outcome
            .as_deref()
            .map(|word| parse_word("cases.outcome", word))
            .transpose()?,
        tier: u8::try_from(row.tier).unwrap_or_default(),
        cycle: number(row.cycle),
        redo_count: number(row.redo_count),
        return_count: number(row.return_count),
        extension_count: row.facts()?.memory.extensions_in_all,
        received_at: made_at(row.id),
        updated_at: row.updated_at(),
        due_at: row.due_at.map(Timestamp),
        title: None,
        thumbnail: None,
        rating: None,
    })
}

/// The category with its full name.
pub(crate) fn category(city: &City, row: &CaseRow) -> Option<NamedCode> {
    let code = row.category.as_deref()?;
    Some(NamedCode {
        code: code.to_owned(),
        name: city.categories.full_name(code).unwrap_or_else(|| code.to_owned()),
    })
}

/// The county-level division.
pub(crate) fn county(city: &City, row: &CaseRow) -> Option<NamedCode> {
    let code = row.county.as_deref()?;
    Some(NamedCode {
        code: code.to_owned(),
        name: city
            .regions
            .get(code)
            .map_or(code, |region| region.name.as_str())
            .to_owned(),
    })
}

/// Where the public is told that the case is: the middle of a 200 m cell for a home, the point for anything else. The requester's
/// own words for the place are not shown.
///
/// # Errors
/// When the place's JSON is not what this program writes.
pub fn public_place(city: &City, row: &CaseRow) -> Result<PublicPlaceView, Failure> {
    let point = public_point(row)?;
    let home = row.place()?.home;
    Ok(PublicPlaceView {
        latitude: point.map(GeoPoint::latitude),
        longitude: point.map(GeoPoint::longitude),
        precision: match (point, home) {
            (None, _) => PlacePrecision::Area,
            (Some(_), true) => PlacePrecision::Cell,
            (Some(_), false) => PlacePrecision::Point,
        },
        county: county(city, row),
        area: row.region.as_deref().and_then(|code| area(city, code, home)),
    })
}

/// The region's full name; of a home not finer than its village.
fn area(city: &City, code: &str, home: bool) -> Option<String> {
    use shared::domain::region::RegionLevel;
    let shown = if home {
        city.regions
            .at_level(code, RegionLevel::Village)
            .or_else(|| city.regions.township_of(code))
            .map_or(code, |region| region.code.as_str())
    } else {
        code
    };
    city.regions.full_name(shown).map(str::to_owned)
}

/// The point that the public sees, and by which it is found on the map.
pub(super) fn public_point(row: &CaseRow) -> Result<Option<GeoPoint>, Failure> {
    let point = row
        .latitude
        .zip(row.longitude)
        .and_then(|(latitude, longitude)| GeoPoint::new(latitude, longitude).ok());
    Ok(match point {
        Some(point) if row.place()?.home => Some(point.coarse()),
        other => other,
    })
}

pub(super) fn rating(cycle: i64, grade: i64, resolved: &str) -> Result<PublicRatingView, Failure> {
    Ok(PublicRatingView {
        grade: u8::try_from(grade).unwrap_or_default(),
        resolved: parse_word("ratings.resolved", resolved)?,
        cycle: u32::try_from(cycle).unwrap_or_default(),
    })
}

/// Address of a released photo.
pub(super) fn address(id: i64, rendition: &str) -> String {
    format!("/api/v1/public/photos/{id}/{rendition}")
}
