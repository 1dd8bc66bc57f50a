//! The city's data load, fit together, survive the database, and give way to an import only when the whole city is sound.

use std::time::Instant;

use shared::domain::{location::GeoPoint, region::RegionLevel, time::Timestamp};

use super::{
    City, CityKind, CurrentCity, shipped,
    versions::{self, CityError},
};
use crate::{
    database::{Database, tests::on_both},
    stores::city_store,
};

const NOON: Timestamp = Timestamp(1_795_000_000_000_000);

fn broken(kind: CityKind, from: &str, to: &str) -> Vec<String> {
    let mut contents = shipped::contents();
    let content = contents.get_mut(&kind).unwrap();
    assert!(content.contains(from), "{from}");
    *content = content.replacen(from, to, 1);
    City::from_content(&contents).err().unwrap_or_default()
}

#[test]
fn the_shipped_data_load_and_fit_together() {
    let begun = Instant::now();
    let city = City::shipped().unwrap_or_else(|problems| panic!("{problems:#?}"));
    println!("loaded in {:?}", begun.elapsed());
    assert_eq!(city.regions.count(RegionLevel::Village), 4186);
    assert!(city.categories.leaves().count() >= 55);
    assert_eq!(
        city.classifier.suggest("村口路灯不亮了")[0].code,
        "facilities.street_light"
    );
    assert_eq!(city.version(CityKind::Deadlines), "shandong-2026.1");
    assert!(city.version(CityKind::Calendar).starts_with("2024-2026."));
    for kind in CityKind::ALL {
        assert!(!city.version(*kind).is_empty(), "{kind} has no version");
    }
}

#[test]
fn a_point_lies_in_its_county_or_outside_the_city() {
    let city = City::shipped().unwrap();
    let county = |latitude, longitude| city.county_at(GeoPoint::new(latitude, longitude).unwrap());
    assert_eq!(county(35.7905, 118.6276), Some("371323"), "沂水县城");
    assert_eq!(county(35.7093, 117.9436), Some("371328"), "蒙阴县城");
    assert_eq!(county(39.9, 116.4), None, "北京");
    for region in city.regions.iter().filter(|region| region.level == RegionLevel::County) {
        if let Some(centre) = region.centre.filter(|_| region.code != "371371") {
            assert_eq!(city.county_at(centre), Some(region.code.as_str()), "{}", region.name);
        }
    }
}

#[test]
fn a_fault_is_told_with_its_file_and_place() {
    let unknown_unit = broken(CityKind::Catalogue, "lead = \"county:", "lead = \"county:nobody-");
    assert!(unknown_unit[0].starts_with("catalogue.toml: rule "), "{unknown_unit:?}");
    let not_toml = broken(CityKind::Units, "[about]", "[about");
    assert!(not_toml[0].starts_with("units.toml: line 7"), "{not_toml:?}");
    let not_json = broken(CityKind::Regions, "\"regions\":[", "\"regions\":[[");
    assert!(
        not_json[0].starts_with("regions.json: ") && not_json[0].contains("line"),
        "{not_json:?}"
    );
    let no_review_number = broken(
        CityKind::Outlines,
        "\"map_review_number\":\"GS(2024)0650\"",
        "\"map_review_number\":\"\"",
    );
    assert!(
        no_review_number[0].starts_with("outlines.geojson: "),
        "{no_review_number:?}"
    );
    let stranger = broken(CityKind::Knowledge, "owner_unit = \"3713.", "owner_unit = \"9999.");
    assert!(stranger[0].contains("no unit 9999."), "{stranger:?}");
}

#[test]
fn faults_of_several_files_are_told_at_once() {
    let mut contents = shipped::contents();
    contents.insert(CityKind::Emergency, "rule = 1".to_owned());
    contents.insert(CityKind::Calendar, "[\"{}\"]".to_owned());
    contents.remove(&CityKind::Knowledge);
    let problems = City::from_content(&contents).err().unwrap();
    for file in ["emergency.toml: ", "calendar: ", "knowledge.toml: missing"] {
        assert!(
            problems.iter().any(|problem| problem.starts_with(file)),
            "{file} in {problems:?}"
        );
    }
}

#[test]
fn the_first_start_stores_every_kind_and_the_second_adds_nothing() {
    on_both(async |database: Database| {
        let first = versions::load_current(&database, NOON).await.unwrap();
        let second = versions::load_current(&database, NOON.plus_minutes(1)).await.unwrap();
        assert_eq!(first.newest, second.newest);
        assert_eq!(first.parts, second.parts);
        let stored = versions::read_stored(&database).await.unwrap();
        assert_eq!(stored.contents, shipped::contents());
        assert!(stored.versions.values().all(|row| row.source == versions::SHIPPED));
    });
}

async fn store(database: &Database, kind: CityKind, content: &str, source: &str) {
    let row = versions::new_version(database, NOON, kind, content.to_owned(), source);
    database
        .writer
        .write(move |transaction| city_store::insert_versions(transaction, vec![row.clone()]))
        .await
        .unwrap();
}

#[test]
fn another_process_follows_an_import_and_keeps_what_it_has_when_that_is_broken() {
    on_both(async |database: Database| {
        let current = CurrentCity::new(versions::load_current(&database, NOON).await.unwrap());
        assert!(!versions::refresh_if_changed(&database, &current).await.unwrap());
        let words = shipped::contents()[&CityKind::Emergency].replacen("2026-11-23.1\"", "2026-12-01.1\"", 1);
        store(&database, CityKind::Emergency, &words, "emergency.toml").await;
        assert!(versions::refresh_if_changed(&database, &current).await.unwrap());
        assert_eq!(current.snapshot().version(CityKind::Emergency), "2026-12-01.1");
        store(&database, CityKind::Catalogue, "rule = 1", "catalogue.toml").await;
        let refused = versions::refresh_if_changed(&database, &current).await;
        assert!(matches!(refused, Err(CityError::Unsound(problems)) if problems[0].starts_with("catalogue.toml")));
        assert_eq!(current.snapshot().version(CityKind::Emergency), "2026-12-01.1");
    });
}

#[test]
fn an_update_of_the_program_brings_its_data_unless_somebody_imported_others() {
    on_both(async |database: Database| {
        let older = |kind: CityKind| shipped::contents()[&kind].replacen("2026-11-23.1\"", "2026-11-01.1\"", 1);
        store(&database, CityKind::Units, &older(CityKind::Units), versions::SHIPPED).await;
        store(
            &database,
            CityKind::Knowledge,
            &older(CityKind::Knowledge),
            "knowledge.toml",
        )
        .await;
        let city = versions::load_current(&database, NOON).await.unwrap();
        assert_eq!(city.version(CityKind::Units), "2026-11-23.1");
        assert_eq!(city.version(CityKind::Knowledge), "2026-11-01.1");
    });
}
