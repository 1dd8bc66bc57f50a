//! The city's data files fit together: counts, codes, references, and that every category finds somebody responsible.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what loads the files for these tests fails loudly"
)]

use std::path::PathBuf;

use chrono::NaiveDate;
use serde::de::DeserializeOwned;
use shared::domain::catalogue::Catalogue;
use shared::domain::category::{Categories, Category, CategoryFile};
use shared::domain::emergency::EmergencyWords;
use shared::domain::knowledge::{KnowledgeBase, search};
use shared::domain::region::{RegionAdditions, RegionFile, RegionLevel, Regions};
use shared::domain::unit::{UnitFile, UnitLevel, Units};

fn read(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../api/city").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn from_toml<T: DeserializeOwned>(name: &str) -> T {
    toml::from_str(&read(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

struct City {
    regions: Regions,
    units: Units,
    categories: Categories,
    catalogue: Catalogue,
    knowledge: KnowledgeBase,
    emergency: EmergencyWords,
}

fn city() -> City {
    let table: RegionFile = serde_json::from_str(&read("regions.json")).unwrap();
    let additions: RegionAdditions = from_toml("regions-custom.toml");
    let regions = Regions::from_files(&table, &additions).unwrap();
    let unit_file: UnitFile = from_toml("units.toml");
    let category_file: CategoryFile = from_toml("categories.toml");
    City {
        units: Units::from_file(&unit_file, &regions).unwrap(),
        categories: Categories::from_file(&category_file).unwrap(),
        catalogue: from_toml("catalogue.toml"),
        knowledge: from_toml("knowledge.toml"),
        emergency: from_toml("emergency.toml"),
        regions,
    }
}

impl City {
    fn suggest(
        &self,
        category: &str,
        region: Option<&str>,
        excluded: &[String],
    ) -> Vec<shared::domain::catalogue::DispatchSuggestion> {
        self.catalogue
            .suggest(category, region, &self.regions, &self.units, excluded)
    }

    fn is_township_duty(&self, rule_id: &str) -> bool {
        self.catalogue
            .rule
            .iter()
            .any(|rule| rule.id == rule_id && rule.township_duty)
    }
}

fn the_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

#[test]
fn linyi_has_its_13_counties_156_townships_and_4186_villages() {
    let regions = city().regions;
    assert_eq!(regions.count(RegionLevel::City), 1);
    assert_eq!(regions.count(RegionLevel::County), 13);
    assert_eq!(regions.count(RegionLevel::Township), 156);
    assert_eq!(regions.count(RegionLevel::Village), 4186);
    let villages_of = |county| {
        regions
            .iter()
            .filter(|r| r.level == RegionLevel::Village && r.code.starts_with(county))
            .count()
    };
    assert_eq!(villages_of("371323"), 386);
    assert_eq!(villages_of("371371"), 39);
}

#[test]
fn the_village_of_the_street_light_case_is_found_though_the_table_lacks_it() {
    let regions = city().regions;
    let found = regions.find("沂水县沂城街道罗家庄", None, 3);
    assert_eq!(found[0].code, "371323001x001");
    assert_eq!(regions.full_name(&found[0].code), Some("沂水县沂城街道罗家庄"));
    assert!(!regions.neighbours("371323001x001").is_empty());
}

#[test]
fn all_files_fit_together() {
    let city = city();
    assert_eq!(
        city.catalogue.validate(&city.categories, &city.regions, &city.units),
        Vec::<String>::new(),
        "the catalogue names only what exists, and every category has a rule or the clerk's queue"
    );
    assert_eq!(city.knowledge.validate(), Vec::<String>::new());
    assert_eq!(city.emergency.validate(), Vec::<String>::new());
    assert!(city.knowledge.article.len() >= 25);
    for article in &city.knowledge.article {
        assert!(
            city.units.get(&article.owner_unit).is_some(),
            "{}: no unit {}",
            article.id,
            article.owner_unit
        );
        let category = city.categories.get(&article.category);
        assert!(
            category.is_some_and(Category::is_leaf),
            "{}: no leaf {}",
            article.id,
            article.category
        );
    }
}

#[test]
fn the_unit_tree_covers_every_county_and_township() {
    let city = city();
    let count = |level| city.units.iter().filter(|unit| unit.level == level).count();
    assert_eq!(count(UnitLevel::Township), 156);
    assert_eq!(count(UnitLevel::County), 13);
    assert_eq!(city.units.iter().filter(|unit| unit.hotline).count(), 1);
    for county in city.regions.iter().filter(|region| region.level == RegionLevel::County) {
        assert!(
            city.units.by_region(&county.code).len() >= 14,
            "{} has too few units",
            county.name
        );
    }
    assert!(city.units.in_subtree("371323.gov", "371323001.office"));
    assert!(!city.units.in_subtree("371328.gov", "371323001.office"));
    assert_eq!(
        city.units.get("371323.housing").map(|unit| unit.short_name.as_str()),
        Some("沂水住建局")
    );
    assert_eq!(
        city.units.get("371371.gov").map(|unit| unit.short_name.as_str()),
        Some("高新区管委会")
    );
}

#[test]
fn every_category_has_somebody_responsible_in_every_township_or_waits_for_a_clerk() {
    let city = city();
    let townships: Vec<&str> = city
        .regions
        .iter()
        .filter(|r| r.level == RegionLevel::Township)
        .map(|r| r.code.as_str())
        .collect();
    for leaf in city.categories.leaves() {
        let for_clerk = city.catalogue.clerk.contains(&leaf.code);
        for township in &townships {
            let found = city.suggest(&leaf.code, Some(township), &[]);
            assert_eq!(found.is_empty(), for_clerk, "{} in {township}", leaf.code);
        }
    }
}

#[test]
fn a_dark_lamp_in_luojiazhuang_goes_to_the_county_nearest_line_first() {
    let city = city();
    let found = city.suggest("facilities.street_light", Some("371323001x001"), &[]);
    assert_eq!(found[0].rule_id, "street-light-yishui");
    assert_eq!(found[0].lead, "371323.urban");
    assert_eq!(found[0].co, ["371323001.office", "371323.power"]);
    assert!(found[0].reason.contains("沂水县"));
    assert!(found.windows(2).all(|pair| pair[0].specificity >= pair[1].specificity));
}

#[test]
fn without_a_known_place_the_citys_own_department_is_proposed() {
    let city = city();
    assert_eq!(city.suggest("facilities.street_light", None, &[])[0].lead, "3713.urban");
    assert_eq!(
        city.suggest("government.housing_fund", None, &[])[0].lead,
        "3713.housing-fund"
    );
}

#[test]
fn the_unit_complained_of_never_leads_but_may_help() {
    let city = city();
    let excluded = ["371323.urban".to_owned()];
    let found = city.suggest("facilities.street_light", Some("371323001"), &excluded);
    assert_eq!(found[0].lead, "3713.urban");
    assert!(found[0].co.contains(&excluded[0]));
    assert!(found.iter().all(|suggestion| suggestion.lead != excluded[0]));
}

#[test]
fn a_matter_with_no_line_waits_for_a_clerk() {
    let city = city();
    assert!(city.suggest("other.unclear", Some("371323001"), &[]).is_empty());
    assert!(city.suggest("no.such_thing", Some("371323001"), &[]).is_empty());
}

#[test]
fn only_what_is_on_the_townships_own_list_goes_to_a_township() {
    let city = city();
    for leaf in city.categories.leaves() {
        for suggestion in city.suggest(&leaf.code, Some("371323001288"), &[]) {
            let level = city.units.get(&suggestion.lead).unwrap().level;
            assert!(
                level != UnitLevel::Township || city.is_township_duty(&suggestion.rule_id),
                "{suggestion:?}"
            );
        }
    }
    let rule = city.catalogue.rule.iter().position(|rule| rule.township_duty).unwrap();
    let mut careless = city.catalogue.clone();
    careless.rule[rule].township_duty = false;
    assert_eq!(careless.validate(&city.categories, &city.regions, &city.units).len(), 1);
}

#[test]
fn people_find_the_answer_in_their_own_words() {
    let knowledge = city().knowledge;
    for (question, article) in [
        ("租房子能不能把公积金提取出来", "fund-withdrawal"),
        ("今年暖气几号开始供热啊", "heating-time"),
        ("宝宝刚出生怎么上户口", "household-newborn"),
        ("老板拖欠工资不发", "wages"),
        ("半夜施工吵得睡不着", "noise-night"),
    ] {
        let hits = search(&knowledge.article, question, the_day(), 3);
        assert_eq!(
            hits.first().map(|hit| hit.article.id.as_str()),
            Some(article),
            "{question}"
        );
    }
    assert!(search(&knowledge.article, "村头的狗丢了", the_day(), 3).is_empty());
}

#[test]
fn danger_in_the_words_is_answered_with_whom_to_call() {
    let emergency = city().emergency;
    for (text, number) in [
        ("三楼着火了冒浓烟", "119"),
        ("厨房里有很重的燃气味", "119"),
        ("有人掉河里了", "120"),
        ("路口发生车祸有人受伤", "122"),
        ("隔壁有人持刀打架", "110"),
        ("电线断了落在路上", "95598"),
    ] {
        let advice = emergency.check(text).unwrap_or_else(|| panic!("{text}: nothing shown"));
        assert!(
            advice.numbers.iter().any(|known| known == number),
            "{text}: {:?}",
            advice.numbers
        );
    }
    for text in [
        "村口的路灯不亮了",
        "楼道消防栓没水有火灾隐患",
        "商场跳楼价虚假宣传",
        "落水管坏了",
    ] {
        assert_eq!(emergency.check(text), None, "{text}");
    }
}

#[test]
fn what_people_write_leads_to_the_right_category() {
    let classifier = shared::domain::classify::Classifier::new(&city().categories.words());
    for (text, category) in [
        ("村口路灯坏了,晚上看不见路", "facilities.street_light"),
        ("家里暖气不热,室温才十五度", "utilities.heating"),
        ("包工头拖欠工资三个月了", "labour.unpaid_wages"),
        ("小区物业不管,楼道灯也不修", "housing.property"),
        ("和邻居因为地头踩了庄稼闹矛盾", "mediation.land_dispute"),
    ] {
        let found = classifier.suggest(text);
        assert_eq!(
            found.first().map(|suggestion| suggestion.code.as_str()),
            Some(category),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn protected_matters_are_never_public_by_default_and_reports_of_breaches_are_confidential() {
    use shared::domain::case::{CaseKind, Visibility};
    for category in city().categories.iter() {
        assert!(
            !category.protected || category.default_visibility != Visibility::Public,
            "{}",
            category.code
        );
        assert!(
            category.default_kind != CaseKind::ViolationReport
                || category.default_visibility == Visibility::Confidential,
            "{}",
            category.code
        );
    }
}

#[test]
fn the_outlines_are_those_of_the_twelve_counties() {
    let outlines: serde_json::Value = serde_json::from_str(&read("outlines.geojson")).unwrap();
    let regions = city().regions;
    let features = outlines["features"].as_array().unwrap();
    assert_eq!(features.len(), 12);
    for feature in features {
        let region = regions.get(feature["properties"]["code"].as_str().unwrap()).unwrap();
        assert_eq!(feature["properties"]["name"], region.name.as_str());
        let centre = region.centre.unwrap_or_else(|| panic!("{} has no centre", region.name));
        assert_eq!(
            feature["properties"]["centre"],
            serde_json::json!([centre.longitude(), centre.latitude()])
        );
    }
    assert_eq!(outlines["about"]["map_review_number"], "GS(2024)0650");
}
