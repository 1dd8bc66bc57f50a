//! Units from a spreadsheet, taken into the units' document: a line adds the unit of its code or takes its place. What the city
//! had before and the table does not name stays; whether all fits together is checked with the whole city.

use std::collections::HashMap;

use shared::domain::unit::{Unit, UnitFile, UnitLevel};

use super::ImportError;
use crate::usecases::csv_table::{self, Column, Line};

/// Lines of a table at most.
const MOST_LINES: usize = 20_000;

const COLUMNS: &[Column] = &[
    column("code", "编码", true),
    column("name", "全称", true),
    column("short_name", "简称", true),
    column("level", "级别", true),
    column("parent", "上级单位", false),
    column("region", "地区", true),
    column("duties", "职责", false),
    column("phone", "电话", false),
];

const fn column(name: &'static str, chinese: &'static str, required: bool) -> Column {
    Column {
        name,
        chinese,
        required,
    }
}

/// The document with the table's units, under the next version; the document as it is when nothing changes.
pub(super) fn taken_in(table_name: &str, table: &str, stored: &str) -> Result<String, ImportError> {
    let unsound = |problems: Vec<String>| {
        let named = problems.iter().map(|problem| format!("{table_name}: {problem}"));
        ImportError::Unsound(named.collect())
    };
    let mut file: UnitFile =
        toml::from_str(stored).map_err(|_| unsound(vec!["the units in force cannot be read".to_owned()]))?;
    let in_words = |problems: Vec<csv_table::LineProblem>| problems.iter().map(ToString::to_string).collect();
    let lines =
        csv_table::read(table.as_bytes(), COLUMNS, MOST_LINES).map_err(|problems| unsound(in_words(problems)))?;
    let before = file.unit.clone();
    let mut places: HashMap<String, usize> = before.iter().map(|unit| unit.code.clone()).zip(0..).collect();
    let mut named: HashMap<&str, u64> = HashMap::new();
    let mut problems = Vec::new();
    for line in &lines {
        if let Some(earlier) = named.insert(line.get("code"), line.number) {
            problems.push(format!("line {}: the unit of line {earlier} again", line.number));
            continue;
        }
        let place = places.get(line.get("code")).copied();
        match unit(line, place.and_then(|place| before.get(place))) {
            Err(problem) => problems.push(format!("line {}: {problem}", line.number)),
            Ok(unit) => {
                if let Some(known) = place.and_then(|place| file.unit.get_mut(place)) {
                    *known = unit;
                } else {
                    places.insert(unit.code.clone(), file.unit.len());
                    file.unit.push(unit);
                }
            }
        }
    }
    if !problems.is_empty() {
        return Err(unsound(problems));
    }
    if file.unit == before {
        return Ok(stored.to_owned());
    }
    file.about.version = next_version(&file.about.version);
    toml::to_string_pretty(&file).map_err(|error| unsound(vec![error.to_string()]))
}

/// The unit of a line. Which one is the hotline centre is not said in tables.
fn unit(line: &Line, before: Option<&Unit>) -> Result<Unit, String> {
    let level = line.get("level");
    let some = |column: &str| Some(line.get(column).to_owned()).filter(|text| !text.is_empty());
    Ok(Unit {
        code: line.get("code").to_owned(),
        name: line.get("name").to_owned(),
        short_name: line.get("short_name").to_owned(),
        level: level_named(level).ok_or_else(|| format!("level: there is no level {level:?}"))?,
        parent: some("parent"),
        region: line.get("region").to_owned(),
        duties: line.list("duties").into_iter().map(str::to_owned).collect(),
        phone: some("phone"),
        hotline: before
            .iter()
            .any(|known| known.code == line.get("code") && known.hotline),
    })
}

fn level_named(word: &str) -> Option<UnitLevel> {
    Some(match word {
        "city" | "市" => UnitLevel::City,
        "county" | "县区" => UnitLevel::County,
        "township" | "乡镇街道" => UnitLevel::Township,
        "village" | "村社区" => UnitLevel::Village,
        "department" | "部门" => UnitLevel::Department,
        "enterprise" | "企业" => UnitLevel::Enterprise,
        _ => return None,
    })
}

/// The same with its last number one higher: `2026-11-23.1` becomes `2026-11-23.2`.
fn next_version(version: &str) -> String {
    let split = version.rsplit_once('.');
    match split.and_then(|(stem, last)| Some((stem, last.parse::<u64>().ok()?))) {
        Some((stem, last)) => format!("{stem}.{}", last.saturating_add(1)),
        None => format!("{version}.1"),
    }
}
