//! From files to the content of each kind: a file replaces its kind, a year's calendar its year, a table's units their units.

use std::collections::BTreeMap;

use shared::domain::calendar::{Calendar, HolidayYear};

use super::{ImportError, units_table};
use crate::city::CityKind;

/// One file to import.
#[derive(Debug, Clone)]
pub struct DataFile {
    /// Its own name without folders, for its kind and for messages.
    pub name: String,
    /// The kind, when the person said it; else the name tells.
    pub kind: Option<CityKind>,
    /// What it holds.
    pub text: String,
}

impl DataFile {
    /// What the person said, or what the name tells.
    pub(super) fn kind(&self) -> Result<CityKind, ImportError> {
        self.kind
            .or_else(|| CityKind::of_file(&self.name))
            .ok_or_else(|| ImportError::UnknownKind(self.name.clone()))
    }

    /// Whether it is a table from a spreadsheet and not a whole document.
    fn is_table(&self) -> bool {
        std::path::Path::new(&self.name)
            .extension()
            .is_some_and(|end| end.eq_ignore_ascii_case("csv"))
    }
}

/// The new content of each kind that the files name.
pub(super) fn new_contents(
    files: &[DataFile],
    present: &BTreeMap<CityKind, String>,
) -> Result<BTreeMap<CityKind, String>, ImportError> {
    let mut contents = BTreeMap::new();
    let mut years: Vec<(i32, String)> = Vec::new();
    for file in files {
        let kind = file.kind()?;
        if kind == CityKind::Calendar {
            let year = read_year(file)?;
            if years.iter().any(|(known, _)| *known == year) {
                return Err(ImportError::Twice(file.name.clone()));
            }
            years.push((year, file.text.clone()));
        } else {
            let stored = present.get(&kind).map_or("", String::as_str);
            let content = match kind {
                CityKind::Units if file.is_table() => units_table::taken_in(&file.name, &file.text, stored)?,
                _ => file.text.clone(),
            };
            if contents.insert(kind, content).is_some() {
                return Err(ImportError::Twice(file.name.clone()));
            }
        }
    }
    if !years.is_empty() {
        let stored = present.get(&CityKind::Calendar).map_or("[]", String::as_str);
        contents.insert(CityKind::Calendar, with_years(stored, years)?);
    }
    Ok(contents)
}

/// The year of a file in the `holiday-cn` form, after the calendar has checked it on its own.
fn read_year(file: &DataFile) -> Result<i32, ImportError> {
    let unsound = |reason: String| ImportError::Unsound(vec![format!("{}: {reason}", file.name)]);
    Calendar::from_holiday_cn(&[&file.text]).map_err(|error| unsound(error.to_string()))?;
    let text = file.text.strip_prefix('\u{feff}').unwrap_or(&file.text);
    serde_json::from_str(text)
        .map(|year: HolidayYear| year.year)
        .map_err(|error| unsound(error.to_string()))
}

/// The stored years with these in their places, in the order of years.
fn with_years(stored: &str, years: Vec<(i32, String)>) -> Result<String, ImportError> {
    let mut all: BTreeMap<i32, String> = calendar_years(stored)
        .ok_or_else(|| ImportError::Unsound(vec!["calendar: the stored years cannot be read".to_owned()]))?;
    all.extend(years);
    let texts: Vec<String> = all.into_values().collect();
    Ok(serde_json::json!(texts).to_string())
}

/// The calendar's files by year, from its stored content; `None` when that cannot be read.
pub(super) fn calendar_years(content: &str) -> Option<BTreeMap<i32, String>> {
    let texts: Vec<String> = serde_json::from_str(content).ok()?;
    texts
        .into_iter()
        .map(|text| {
            let year: HolidayYear = serde_json::from_str(text.strip_prefix('\u{feff}').unwrap_or(&text)).ok()?;
            Some((year.year, text))
        })
        .collect()
}

/// The files that a person edits, by their place in the folder, from the contents of all kinds.
#[must_use]
pub fn exported_files(contents: &BTreeMap<CityKind, String>) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for (kind, content) in contents {
        if *kind == CityKind::Calendar {
            for (year, text) in calendar_years(content).unwrap_or_default() {
                files.insert(format!("{}/{year}.json", kind.file()), text);
            }
        } else {
            files.insert(kind.file().to_owned(), content.clone());
        }
    }
    files
}
