//! Whether the city's data fit together, and whether the calendar reaches far enough.

use std::collections::BTreeMap;

use chrono::Datelike;
use shared::domain::time::Timestamp;

use super::Finding;
use crate::city::{City, CityKind};

pub(super) fn examine(now: Timestamp, stored: &[(String, String)]) -> Vec<Finding> {
    let contents: BTreeMap<CityKind, String> = stored
        .iter()
        .filter_map(|(kind, content)| CityKind::parse(kind).map(|kind| (kind, content.clone())))
        .collect();
    // An empty database is filled with the shipped data at the first start.
    if contents.is_empty() {
        return Vec::new();
    }
    let city = match City::from_content(&contents) {
        Ok(city) => city,
        Err(problems) => {
            return vec![Finding::problem(
                "city",
                problems.join("; "),
                "`shoufa data export`, correct the files, `shoufa data import`",
            )];
        }
    };
    let today = now.city_date();
    let known: Vec<i32> = city.calendar.years().collect();
    let calendar = if city.calendar.missing_next_year(today) {
        let missing: Vec<i32> = [today.year(), today.year() + 1]
            .into_iter()
            .filter(|year| !known.contains(year))
            .collect();
        Finding::warning(
            "calendar",
            format!(
                "no holidays are known for {}: due dates that reach there are provisional",
                listed(&missing)
            ),
            format!(
                "when the State Council has announced them: `shoufa data import --kind calendar {}.json`",
                missing.first().unwrap_or(&today.year())
            ),
        )
    } else {
        Finding::ok("calendar", format!("holidays are known for {}", listed(&known)))
    };
    vec![Finding::ok("city", "the data fit together"), calendar]
}

fn listed(years: &[i32]) -> String {
    let years: Vec<String> = years.iter().map(ToString::to_string).collect();
    years.join(", ")
}
