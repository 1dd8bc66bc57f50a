//! The base map: none unless the operator names one; then its tiles come through us, from a source that only we ask, and stay when the
//! source falls silent.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

use api::config::BaseMapConfig;
use serde_json::json;
use shared::contract::{
    reference::{BaseMapKind, MapDatum},
    secret::Secret,
};
use system_tests::{
    fake_tiles::FakeTiles,
    server::{TestServer, on_sqlite_with},
};

/// A tile of Linyi's centre.
const LINYI: &str = "/api/v1/tiles/10/848/405";

fn from(source: &FakeTiles, tile: &str) -> BaseMapConfig {
    BaseMapConfig {
        kind: BaseMapKind::Xyz,
        url: Some(Secret::new(format!("{}{tile}", source.base()))),
        attribution: "天地图 审图号GS(2024)0650号".to_owned(),
        ..BaseMapConfig::default()
    }
}

#[test]
fn without_a_setting_there_is_no_base_map_and_nobody_is_asked() {
    on_sqlite_with(
        |_| (),
        async |server: TestServer| {
            let visitor = server.anonymous();
            let map = visitor.get("/api/v1/base-map").await.expect(200).value();
            assert_eq!(
                map,
                json!({ "kind": "none", "datum": "wgs84", "min_zoom": 6, "max_zoom": 18 })
            );
            visitor.get(LINYI).await.expect(404);
        },
    );
}

#[test]
fn tiles_come_through_us_once_and_stay_when_the_source_falls_silent() {
    let source = FakeTiles::start().unwrap();
    on_sqlite_with(
        |config| {
            config.base_map = BaseMapConfig {
                datum: MapDatum::Gcj02,
                cache_days: 0,
                ..from(&source, "/{z}/{x}/{y}.png?key=geheim")
            };
        },
        async |server: TestServer| {
            let visitor = server.anonymous();
            let map = visitor.get("/api/v1/base-map").await.expect(200);
            assert!(!String::from_utf8_lossy(&map.body).contains("geheim"));
            let map = map.value();
            assert_eq!(map["tiles"], "/api/v1/tiles/{z}/{x}/{y}");
            assert_eq!(
                (&map["datum"], &map["attribution"]),
                (&json!("gcj02"), &json!("天地图 审图号GS(2024)0650号"))
            );

            let first = visitor.get(LINYI).await.expect(200);
            assert_eq!(first.header("content-type"), Some("image/png"));
            assert_eq!(first.header("cache-control"), Some("public, max-age=604800"));
            assert_eq!(source.asked(), ["/10/848/405.png?key=geheim"]);

            source.fail();
            assert_eq!(
                visitor.get(LINYI).await.expect(200).body,
                first.body,
                "what was kept, however old"
            );
            let other = visitor.get("/api/v1/tiles/10/849/405").await.expect(503);
            assert_eq!(other.header("retry-after"), Some("30"));
        },
    );
}

#[test]
fn nothing_but_pictures_of_the_city_and_its_surroundings_is_fetched() {
    let source = FakeTiles::start().unwrap();
    on_sqlite_with(
        |config| {
            config.base_map = from(&source, "/{z}/{x}/{y}");
        },
        async |server: TestServer| {
            let visitor = server.anonymous();
            // Beijing, beyond the grid, farther and nearer than configured, and what is no number.
            for elsewhere in [
                "10/843/388",
                "10/1024/0",
                "5/26/12",
                "19/434300/207500",
                "10/848/..",
                "10/-1/405",
            ] {
                visitor.get(&format!("/api/v1/tiles/{elsewhere}")).await.expect(404);
            }
            assert!(source.asked().is_empty());

            visitor.get(LINYI).await.expect(200);
            visitor.get(LINYI).await.expect(200);
            assert_eq!(source.asked().len(), 1, "the second time it was kept");
            source.answer_with_a_page();
            visitor.get("/api/v1/tiles/10/847/405").await.expect(503);
        },
    );
}
