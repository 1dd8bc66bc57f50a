//! What residents find before they sign in, in their own words.

use chrono::NaiveDate;
use shared::{
    contract::{
        problem::ProblemCode,
        reference::{KnowledgeQuery, NearQuery, RegionSearchQuery},
    },
    domain::{
        case::{CaseKind, Visibility},
        location::{Datum, GeoPoint, wgs84_to_gcj02},
        region::RegionLevel,
    },
};

use super::{
    categories, emergency_numbers, knowledge_article, knowledge_list, near, region, regions, search_regions, unit,
    units,
};
use crate::city::{Articles, City};

fn city() -> City {
    City::shipped().unwrap()
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

fn at(latitude: f64, longitude: f64, datum: Option<Datum>) -> NearQuery {
    NearQuery {
        latitude,
        longitude,
        datum,
    }
}

#[test]
fn the_category_tree_tells_what_a_report_needs_and_hides_the_words_behind_it() {
    let view = categories(&city());
    let group = view.groups.iter().find(|group| group.name == "市政设施").unwrap();
    let lamp = group
        .categories
        .iter()
        .find(|leaf| leaf.code == "facilities.street_light")
        .unwrap();
    assert_eq!(lamp.default_kind, CaseKind::Assistance);
    assert_eq!(lamp.default_visibility, Visibility::Public);
    assert!(!lamp.questions.is_empty());
    let text = serde_json::to_string(&view).unwrap();
    assert!(!text.contains("\"words\""), "words that suggest a category stay inside");
    let danger = serde_json::to_string(&emergency_numbers(&city())).unwrap();
    assert!(danger.contains("119") && !danger.contains("\"words\"") && !danger.contains("harmless"));
}

#[test]
fn the_tree_of_places_is_walked_from_the_city_to_the_village() {
    let city = city();
    let root = regions(&city, today(), None).unwrap().items;
    assert_eq!(root.len(), 1);
    assert_eq!(root[0].name, "临沂市");
    assert_eq!(regions(&city, today(), Some("3713")).unwrap().items.len(), 13);
    let townships = regions(&city, today(), Some("371323")).unwrap().items;
    assert!(
        townships
            .iter()
            .all(|place| place.level == RegionLevel::Township && place.has_children)
    );
    let village = region(&city, "371323001x001").unwrap();
    assert_eq!(village.region.full_name, "沂水县沂城街道罗家庄");
    let above: Vec<&str> = village.ancestors.iter().map(|place| place.name.as_str()).collect();
    assert_eq!(above, ["沂城街道", "沂水县", "临沂市"]);
    let unknown = regions(&city, today(), Some("999999")).unwrap_err();
    assert_eq!(unknown.code, ProblemCode::NotFound);
}

#[test]
fn a_village_is_found_as_people_say_it() {
    let search = |q: &str, within: Option<&str>| {
        let query = RegionSearchQuery {
            q: q.to_owned(),
            within: within.map(str::to_owned),
            limit: Some(3),
        };
        search_regions(&city(), today(), &query)
    };
    assert_eq!(search("沂水 罗家庄", None).unwrap().items[0].code, "371323001x001");
    assert!(
        search("罗家庄", Some("371323"))
            .unwrap()
            .items
            .iter()
            .all(|place| place.code.starts_with("371323"))
    );
    assert!(search("没有这个地方", None).unwrap().items.is_empty());
    assert_eq!(search(" ", None).unwrap_err().field, Some("q"));
    assert_eq!(search(&"庄".repeat(61), None).unwrap_err().field, Some("q"));
    assert_eq!(search("罗家庄", Some("x")).unwrap_err().code, ProblemCode::NotFound);
}

#[test]
fn a_point_is_told_its_county_whatever_datum_the_phone_has_and_outside_is_said_to_be_outside() {
    let city = city();
    let lamp = GeoPoint::new(35.7712, 118.6405).unwrap();
    let view = near(&city, today(), &at(lamp.latitude(), lamp.longitude(), None)).unwrap();
    assert!(view.in_city);
    assert_eq!(view.county.unwrap().name, "沂水县");
    assert_eq!(view.places[0].region.code, "371323001x001");
    assert_eq!(view.places[0].metres, 0);
    let shifted = wgs84_to_gcj02(lamp);
    let same = near(
        &city,
        today(),
        &at(shifted.latitude(), shifted.longitude(), Some(Datum::Gcj02)),
    )
    .unwrap();
    assert!(same.places[0].metres <= 2, "{:?}", same.places[0]);
    let beijing = near(&city, today(), &at(39.9, 116.4, None)).unwrap();
    assert!(!beijing.in_city && beijing.county.is_none() && beijing.places.is_empty());
    assert_eq!(
        near(&city, today(), &at(91.0, 0.0, None)).unwrap_err().code,
        ProblemCode::Invalid
    );
}

#[test]
fn only_answers_that_hold_today_are_given() {
    let city = city();
    let list = city.knowledge.article.clone();
    let articles = Articles { changes: 1, list };
    let ask = |q: &str, day| {
        let query = KnowledgeQuery {
            q: Some(q.to_owned()),
            limit: None,
        };
        knowledge_list(&city, &articles, day, &query).unwrap().items
    };
    let found = ask("租房子能不能把公积金提取出来", today());
    assert_eq!(found[0].id, "fund-withdrawal");
    assert!(found[0].owner.contains("公积金"), "{}", found[0].owner);
    let before = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap();
    assert!(ask("租房子能不能把公积金提取出来", before).is_empty());
    assert!(knowledge_article(&city, &articles, today(), "fund-withdrawal").is_ok());
    let early = knowledge_article(&city, &articles, before, "fund-withdrawal").unwrap_err();
    assert_eq!(early.code, ProblemCode::NotFound);
    assert_eq!(
        knowledge_list(&city, &articles, today(), &KnowledgeQuery::default())
            .unwrap()
            .items
            .len(),
        20
    );
}

#[test]
fn a_region_names_its_own_units() {
    let city = city();
    let yishui = units(&city, Some("371323")).unwrap().items;
    assert!(yishui.iter().any(|unit| unit.short_name == "沂水住建局"));
    assert!(yishui.iter().all(|unit| unit.region == "371323"));
    assert!(
        units(&city, None)
            .unwrap()
            .items
            .iter()
            .any(|unit| unit.code == "3713.gov")
    );
    assert_eq!(unit(&city, "371323.housing").unwrap().region, "371323");
    assert_eq!(unit(&city, "371323.nobody").unwrap_err().code, ProblemCode::NotFound);
}
