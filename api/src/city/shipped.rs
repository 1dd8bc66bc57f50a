//! The data files that come with the program: the first version of each kind, and later ones after an update of the program.

use std::collections::BTreeMap;

use super::CityKind;

/// The calendar's years, in order.
const CALENDAR_YEARS: [&str; 3] = [
    include_str!("../../city/calendar/2024.json"),
    include_str!("../../city/calendar/2025.json"),
    include_str!("../../city/calendar/2026.json"),
];

/// Every kind with its content, as it is stored in the table.
#[must_use]
pub fn contents() -> BTreeMap<CityKind, String> {
    let file = |kind| match kind {
        CityKind::Regions => include_str!("../../city/regions.json").to_owned(),
        CityKind::RegionsCustom => include_str!("../../city/regions-custom.toml").to_owned(),
        CityKind::Units => include_str!("../../city/units.toml").to_owned(),
        CityKind::Categories => include_str!("../../city/categories.toml").to_owned(),
        CityKind::Catalogue => include_str!("../../city/catalogue.toml").to_owned(),
        CityKind::Deadlines => include_str!("../../city/deadlines.toml").to_owned(),
        CityKind::Ladder => include_str!("../../city/ladder.toml").to_owned(),
        CityKind::Calendar => serde_json::json!(CALENDAR_YEARS).to_string(),
        CityKind::Knowledge => include_str!("../../city/knowledge.toml").to_owned(),
        CityKind::Emergency => include_str!("../../city/emergency.toml").to_owned(),
        CityKind::Outlines => include_str!("../../city/outlines.geojson").to_owned(),
    };
    CityKind::ALL.iter().map(|kind| (*kind, file(*kind))).collect()
}
