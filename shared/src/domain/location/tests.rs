//! Places keep their accuracy through both datums, and lie inside or outside as a map shows.

use proptest::prelude::*;

use super::*;

fn point(latitude: f64, longitude: f64) -> GeoPoint {
    GeoPoint::new(latitude, longitude).unwrap()
}

#[test]
fn known_places_shift_as_the_maps_show_them() {
    for (longitude, latitude, east, north) in [
        (118.3564, 35.1047, 118.362_154, 35.104_308),
        (118.627, 35.787, 118.632_391, 35.786_821),
        (121.47, 31.23, 121.474_535, 31.228_067),
        (114.17, 22.30, 114.17, 22.30),
    ] {
        let shifted = wgs84_to_gcj02(point(latitude, longitude));
        assert!(
            (shifted.longitude() - east).abs() < 1e-6,
            "{longitude} became {}",
            shifted.longitude()
        );
        assert!(
            (shifted.latitude() - north).abs() < 1e-6,
            "{latitude} became {}",
            shifted.latitude()
        );
    }
}

#[test]
fn places_without_the_offset_stay_where_they_are() {
    for (latitude, longitude, name) in [
        (22.1987, 113.5439, "Macao"),
        (25.0330, 121.5654, "Taipei"),
        (24.4365, 118.3186, "Kinmen"),
        (23.5655, 119.5664, "Penghu"),
        (37.5665, 126.9780, "Seoul"),
        (35.6762, 139.6503, "Tokyo"),
        (21.0278, 105.8342, "Hanoi"),
        (43.1155, 131.8855, "Vladivostok"),
        (51.5072, -0.1276, "London"),
    ] {
        let shifted = wgs84_to_gcj02(point(latitude, longitude));
        let moved = (shifted.latitude() - latitude).abs() + (shifted.longitude() - longitude).abs();
        assert!(moved < 1e-12, "{name}");
    }
    for (latitude, longitude, name) in [
        (22.5431, 114.0579, "Shenzhen"),
        (22.2710, 113.5767, "Zhuhai"),
        (24.4798, 118.0894, "Xiamen"),
        (39.9042, 116.4074, "Beijing"),
        (43.8256, 87.6168, "Urumqi"),
        (29.6525, 91.1721, "Lhasa"),
        (45.8038, 126.5350, "Harbin"),
        (20.0444, 110.1999, "Haikou"),
    ] {
        let moved = wgs84_to_gcj02(point(latitude, longitude)).longitude() - longitude;
        assert!(moved.abs() > 1e-4, "{name}");
    }
}

#[test]
fn impossible_coordinates_are_refused() {
    for (latitude, longitude) in [
        (f64::NAN, 118.0),
        (35.0, f64::INFINITY),
        (90.1, 0.0),
        (118.3, 35.1),
        (0.0, -180.5),
    ] {
        assert_eq!(GeoPoint::new(latitude, longitude), Err(LocationError::OutOfRange));
    }
    assert!(serde_json::from_str::<GeoPoint>(r#"{"latitude":118.3,"longitude":35.1}"#).is_err());
    let read: GeoPoint = serde_json::from_str(r#"{"latitude":35.1,"longitude":118.3}"#).unwrap();
    assert_eq!(
        serde_json::to_string(&read).unwrap(),
        r#"{"latitude":35.1,"longitude":118.3}"#
    );
}

#[test]
fn a_declared_gcj02_point_is_stored_without_its_offset() {
    let stored = GeoPoint::from_declared(35.104_308, 118.362_154, Datum::Gcj02).unwrap();
    assert!(distance_metres(stored, point(35.1047, 118.3564)) < 0.2);
    assert_eq!("gcj02".parse(), Ok(Datum::Gcj02));
    assert_eq!(serde_json::to_string(&Datum::Wgs84).unwrap(), "\"wgs84\"");
}

#[test]
fn the_wrong_datum_would_put_a_lamp_half_a_kilometre_away() {
    let true_place = point(35.1047, 118.3564);
    let shifted = wgs84_to_gcj02(true_place);
    let metres = distance_metres(true_place, point(shifted.latitude(), shifted.longitude()));
    assert!((500.0..560.0).contains(&metres), "{metres}");
}

#[test]
fn outlines_contain_what_lies_inside_and_not_their_holes() {
    let square = vec![
        [118.0, 35.0],
        [119.0, 35.0],
        [119.0, 36.0],
        [118.0, 36.0],
        [118.0, 35.0],
    ];
    let hole = vec![
        [118.4, 35.4],
        [118.6, 35.4],
        [118.6, 35.6],
        [118.4, 35.6],
        [118.4, 35.4],
    ];
    assert!(ring_contains(&square, point(35.5, 118.5)));
    assert!(!ring_contains(&square, point(36.5, 118.5)));
    assert!(!ring_contains(&[], point(36.5, 118.5)));
    assert!(!polygon_contains(&[square.clone(), hole.clone()], point(35.5, 118.5)));
    assert!(polygon_contains(&[square.clone(), hole.clone()], point(35.2, 118.5)));
    let island = vec![[120.0, 35.0], [120.1, 35.0], [120.1, 35.1]];
    assert!(multipolygon_contains(
        &[vec![square, hole], vec![island]],
        point(35.02, 120.08)
    ));
}

#[test]
fn a_box_holds_its_edges_and_must_stand_upright() {
    let bounds = Bounds::new(point(35.0, 118.0), point(36.0, 119.0)).unwrap();
    assert!(in_bounds(point(35.0, 119.0), &bounds));
    assert!(!in_bounds(point(34.999, 118.5), &bounds));
    assert_eq!(
        Bounds::new(point(36.0, 118.0), point(35.0, 119.0)),
        Err(LocationError::InvertedBounds)
    );
}

proptest! {
    #[test]
    fn shifting_there_and_back_returns(latitude in 34.3f64..36.3, longitude in 117.3f64..119.3) {
        let start = point(latitude, longitude);
        let back = gcj02_to_wgs84(wgs84_to_gcj02(start));
        prop_assert!((back.latitude() - latitude).abs() < 1e-7);
        prop_assert!((back.longitude() - longitude).abs() < 1e-7);
    }

    #[test]
    fn a_home_is_shown_by_the_middle_of_its_cell(latitude in -89.0f64..89.0, longitude in -179.0f64..179.0) {
        let home = point(latitude, longitude);
        let shown = home.coarse();
        prop_assert!(distance_metres(home, shown) <= HOME_CELL_METRES * 0.75);
        prop_assert!(distance_metres(shown, shown.coarse()) < 0.01);
    }

    #[test]
    fn any_two_numbers_are_a_point_or_refused(latitude: f64, longitude: f64) {
        if let Ok(valid) = GeoPoint::new(latitude, longitude) {
            let back = gcj02_to_wgs84(wgs84_to_gcj02(valid));
            prop_assert!(back.latitude().is_finite() && back.longitude().is_finite());
            prop_assert!(valid.coarse().latitude().is_finite());
        }
    }
}
