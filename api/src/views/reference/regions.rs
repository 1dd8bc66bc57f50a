//! The tree of places: below a region, by words, by a point. Places no longer in force are not offered, yet a single one is
//! still told: older cases name it.

use chrono::NaiveDate;
use shared::{
    contract::{
        problem::ProblemCode,
        reference::{
            LONGEST_SEARCH, MOST_PLACES, NearPlaceView, NearQuery, NearView, RegionDetailView, RegionSearchQuery,
            RegionView, RegionsView,
        },
    },
    domain::{
        location::{Datum, GeoPoint},
        region::{Region, RegionLevel},
    },
};

use super::{bounded, wanted};
use crate::{city::City, errors::Failure};

/// Places answered when no number is asked for.
const USUAL_PLACES: u32 = 10;
/// Places offered around a point.
const PLACES_NEAR: usize = 5;
/// Known centres looked at around a point, before those of other counties are left out.
const CENTRES_NEAR: usize = 60;

/// What lies directly below a region; the city itself when none is named.
///
/// # Errors
/// `NotFound` for an unknown region.
pub fn regions(city: &City, today: NaiveDate, parent: Option<&str>) -> Result<RegionsView, Failure> {
    let below: Vec<&Region> = match parent {
        Some(code) => {
            city.regions.get(code).ok_or(ProblemCode::NotFound)?;
            city.regions.children(code)
        }
        None => city.regions.iter().filter(|region| region.parent.is_none()).collect(),
    };
    let in_force = below.into_iter().filter(|region| region.in_force_on(today));
    Ok(RegionsView {
        items: in_force.map(|region| view(city, region)).collect(),
    })
}

/// Places by name, best first.
///
/// # Errors
/// `Invalid` for no or too many words; `NotFound` for an unknown region to look in.
pub fn search_regions(city: &City, today: NaiveDate, query: &RegionSearchQuery) -> Result<RegionsView, Failure> {
    let words = query.q.trim();
    if words.is_empty() {
        return Err(Failure::invalid("q", "请写出地名"));
    }
    bounded("q", words, LONGEST_SEARCH)?;
    if let Some(within) = &query.within {
        city.regions.get(within).ok_or(ProblemCode::NotFound)?;
    }
    let limit = wanted(query.limit, USUAL_PLACES, MOST_PLACES);
    // A few more than wanted, so that places out of force do not shorten the list.
    let found = city.regions.find(words, query.within.as_deref(), limit * 2);
    let in_force = found.into_iter().filter(|region| region.in_force_on(today)).take(limit);
    Ok(RegionsView {
        items: in_force.map(|region| view(city, region)).collect(),
    })
}

/// The county of a point and the known places around it.
///
/// # Errors
/// `Invalid` for coordinates that are not on earth.
pub fn near(city: &City, today: NaiveDate, query: &NearQuery) -> Result<NearView, Failure> {
    let datum = query.datum.unwrap_or(Datum::Wgs84);
    let point = GeoPoint::from_declared(query.latitude, query.longitude, datum)
        .map_err(|_| Failure::invalid("latitude", "坐标不在地球范围内"))?;
    let Some(county) = city.county_at(point).and_then(|code| city.regions.get(code)) else {
        return Ok(NearView {
            in_city: false,
            county: None,
            places: Vec::new(),
        });
    };
    let nearest = city.regions.nearest(point, CENTRES_NEAR).into_iter();
    let here =
        nearest.filter(|(region, _)| region.in_force_on(today) && city.regions.contains(&county.code, &region.code));
    let place = |(region, metres): (&Region, f64)| NearPlaceView {
        region: view(city, region),
        metres: whole_metres(metres),
    };
    Ok(NearView {
        in_city: true,
        county: Some(view(city, county)),
        places: here.take(PLACES_NEAR).map(place).collect(),
    })
}

/// One place with those around it.
///
/// # Errors
/// `NotFound` for an unknown code.
pub fn region(city: &City, code: &str) -> Result<RegionDetailView, Failure> {
    let region = city.regions.get(code).ok_or(ProblemCode::NotFound)?;
    let ancestors = city.regions.ancestors(code).into_iter();
    Ok(RegionDetailView {
        region: view(city, region),
        ancestors: ancestors.map(|above| view(city, above)).collect(),
    })
}

fn view(city: &City, region: &Region) -> RegionView {
    RegionView {
        code: region.code.clone(),
        parent: region.parent.clone(),
        level: region.level,
        name: region.spoken_name(),
        full_name: city.regions.full_name(&region.code).unwrap_or_default().to_owned(),
        aliases: region.aliases.clone(),
        has_children: region.level < RegionLevel::NaturalVillage && !city.regions.children(&region.code).is_empty(),
        centre: region.centre,
        centre_source: region.centre_source,
    }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a distance on earth is positive and below 21 million metres"
)]
fn whole_metres(metres: f64) -> u32 {
    metres.round().clamp(0.0, 21_000_000.0) as u32
}
