//! Public cases on the map.

use actix_web::{HttpRequest, get, web};
use shared::{
    contract::public_case::{PublicMapQuery, PublicMapView, RADIUS_MAX_METRES},
    domain::location::{Bounds, Datum, GeoPoint},
};

use super::kept;
use crate::{
    errors::Failure,
    routes::answer::{Answer, Given},
    views::public::{MapArea, map_of_public_cases},
};

/// Metres around a point when none are given.
const USUAL_RADIUS_METRES: f64 = 1_000.0;

/// Public cases in a box or around a point
///
/// A large box answers how many cases lie where. Homes are shown, and found, by the middle of a 200 m cell.
#[utoipa::path(tag = "public", operation_id = "show_public_map", security(()), params(PublicMapQuery),
    responses((status = 200, description = "Cases, or clusters", body = PublicMapView)))]
#[get("/api/v1/public/map")]
pub(crate) async fn show_public_map(
    services: Given,
    request: HttpRequest,
    query: web::Query<PublicMapQuery>,
) -> Answer {
    let area = area(&query)?;
    kept(&request, &map_of_public_cases(&services, area).await?)
}

fn area(query: &PublicMapQuery) -> Result<MapArea, Failure> {
    let datum = query.datum.unwrap_or(Datum::Wgs84);
    match (&query.bbox, query.latitude, query.longitude) {
        (Some(text), None, None) => bounds(text, datum).map(MapArea::Within),
        (None, Some(latitude), Some(longitude)) => {
            let centre = GeoPoint::from_declared(latitude, longitude, datum)
                .map_err(|_| Failure::invalid("latitude", "坐标不在范围内"))?;
            let radius = query.radius.unwrap_or(USUAL_RADIUS_METRES);
            if !(1.0..=RADIUS_MAX_METRES).contains(&radius) {
                return Err(Failure::invalid("radius", format!("1 至 {RADIUS_MAX_METRES} 米")));
            }
            Ok(MapArea::Around { centre, radius })
        }
        _ => Err(Failure::invalid("bbox", "请给出 bbox，或者 latitude 和 longitude")),
    }
}

fn bounds(text: &str, datum: Datum) -> Result<Bounds, Failure> {
    let wrong = || Failure::invalid("bbox", "格式为 西,南,东,北，单位为度");
    let numbers: Result<Vec<f64>, _> = text.split(',').map(|part| part.trim().parse()).collect();
    let numbers = numbers.map_err(|_| wrong())?;
    let [west, south, east, north] = numbers.as_slice() else {
        return Err(wrong());
    };
    let corner = |latitude, longitude| GeoPoint::from_declared(latitude, longitude, datum).map_err(|_| wrong());
    Bounds::new(corner(*south, *west)?, corner(*north, *east)?).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_has_four_numbers_the_right_way_round() {
        assert!(bounds("118.3,35.0,118.4,35.1", Datum::Wgs84).is_ok());
        for text in [
            "",
            "118.3,35.0,118.4",
            "118.3,35.0,118.4,35.1,1",
            "118.4,35.0,118.3,35.1",
            "a,b,c,d",
            "NaN,35.0,118.4,35.1",
            "35.0,118.3,35.1,118.4",
        ] {
            assert!(bounds(text, Datum::Wgs84).is_err(), "{text}");
        }
    }

    #[test]
    fn either_a_box_or_a_point_is_asked_for() {
        let point = PublicMapQuery {
            latitude: Some(35.1),
            longitude: Some(118.35),
            ..PublicMapQuery::default()
        };
        assert!(area(&point).is_ok());
        for wrong in [
            PublicMapQuery::default(),
            PublicMapQuery {
                bbox: Some("118.3,35.0,118.4,35.1".to_owned()),
                ..point.clone()
            },
            PublicMapQuery {
                radius: Some(f64::NAN),
                ..point.clone()
            },
            PublicMapQuery {
                radius: Some(5_001.0),
                ..point
            },
        ] {
            assert!(area(&wrong).is_err(), "{wrong:?}");
        }
    }
}
