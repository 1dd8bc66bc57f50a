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
    let calendar = if city.calendar.missing_next_year(today) {
        Finding::warning(
            "calendar",
            format!(
                "holidays are missing for {} or {}: due dates that reach there are provisional",
                today.year(),
                today.year() + 1
            ),
            format!(
                "when the State Council has announced them: `shoufa data import --kind calendar {}.json`",
                today.year() + 1
            ),
        )
    } else {
        let known: Vec<String> = city.calendar.years().map(|year| year.to_string()).collect();
        Finding::ok("calendar", format!("holidays are known for {}", known.join(", ")))
    };
    vec![Finding::ok("city", "the data fit together"), calendar]
}
