//! The kinds of city data: their names in the table, the files a person edits, and how a version is read and compared.

use std::cmp::Ordering;

use serde::Deserialize;
use shared::domain::calendar::Calendar;

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $variant:ident = $name:literal, $file:literal;)*) => {
        /// One kind of city data; each has versions of its own.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum CityKind {
            $($(#[doc = $doc])* $variant,)*
        }

        impl CityKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name in the table and in commands.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// The file that a person edits; for the calendar the folder of its years' files.
            #[must_use]
            pub const fn file(self) -> &'static str {
                match self { $(Self::$variant => $file),* }
            }
        }
    };
}

kinds! {
    /// The statistical table of divisions.
    Regions = "regions", "regions.json";
    /// Places, names and centres that the operator added.
    RegionsCustom = "regions_custom", "regions-custom.toml";
    /// Units and their templates.
    Units = "units", "units.toml";
    /// The category tree.
    Categories = "categories", "categories.toml";
    /// The dispatch catalogue.
    Catalogue = "catalogue", "catalogue.toml";
    /// The deadline policy.
    Deadlines = "deadlines", "deadlines.toml";
    /// The five tiers of supervision.
    Ladder = "ladder", "ladder.toml";
    /// The working-day calendar: a JSON list of the texts of its years' files, in the order of years.
    Calendar = "calendar", "calendar";
    /// Articles for direct answers.
    Knowledge = "knowledge", "knowledge.toml";
    /// Words of danger.
    Emergency = "emergency", "emergency.toml";
    /// County outlines.
    Outlines = "outlines", "outlines.geojson";
}

/// A table of units, which are taken into the units' file.
const UNITS_TABLE: &str = "units.csv";

/// Only what names the version; everything else in the file is passed over.
#[derive(Deserialize)]
struct Versioned {
    version: Option<String>,
    about: Option<AboutVersion>,
}

#[derive(Deserialize)]
struct AboutVersion {
    version: String,
}

impl CityKind {
    /// The kind of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
    }

    /// The kind that a file's own name tells; a calendar's year has its year for a name (`2027.json`).
    #[must_use]
    pub fn of_file(name: &str) -> Option<Self> {
        let year = name
            .strip_suffix(".json")
            .is_some_and(|stem| stem.len() == 4 && stem.bytes().all(|byte| byte.is_ascii_digit()));
        if year {
            return Some(Self::Calendar);
        }
        if name == UNITS_TABLE {
            return Some(Self::Units);
        }
        Self::ALL.iter().copied().find(|kind| kind.file() == name)
    }

    /// The version that the content gives itself; for the calendar its years and a fingerprint of their days. `None` when
    /// the content cannot be read.
    #[must_use]
    pub fn version_of(self, content: &str) -> Option<String> {
        let versioned: Option<Versioned> = match self {
            Self::Calendar => {
                let years: Vec<String> = serde_json::from_str(content).ok()?;
                let texts: Vec<&str> = years.iter().map(String::as_str).collect();
                return Calendar::from_holiday_cn(&texts)
                    .ok()
                    .map(|calendar| calendar.version().to_owned());
            }
            Self::Regions | Self::Outlines => serde_json::from_str(content).ok(),
            _ => toml::from_str(content).ok(),
        };
        let versioned = versioned?;
        versioned.version.or_else(|| versioned.about.map(|about| about.version))
    }

    /// Whether a shipped version replaces an earlier shipped one. A calendar of the same years with other days does: a
    /// notice was amended.
    #[must_use]
    pub fn is_newer(self, shipped: &str, stored: &str) -> bool {
        if self == Self::Calendar {
            let years = |version: &str| version.split('.').next().unwrap_or_default().to_owned();
            return shipped != stored && natural_order(&years(shipped), &years(stored)) != Ordering::Less;
        }
        natural_order(shipped, stored) == Ordering::Greater
    }
}

impl std::fmt::Display for CityKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Compares versions as people count them: runs of digits by their number, so that `2026-11-23.10` comes after `.9`.
fn natural_order(one: &str, other: &str) -> Ordering {
    natural_parts(one).cmp(&natural_parts(other))
}

/// Words and numbers in turn. Numbers too long to count are compared as the largest.
fn natural_parts(version: &str) -> Vec<(String, u64)> {
    let mut parts = Vec::new();
    let mut rest = version;
    while !rest.is_empty() {
        let digits_at = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (word, after) = rest.split_at(digits_at);
        let digits_end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let (digits, next) = after.split_at(digits_end);
        let number = if digits.is_empty() {
            0
        } else {
            digits.parse().unwrap_or(u64::MAX)
        };
        parts.push((word.to_owned(), number));
        rest = next;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tenth_version_of_a_day_comes_after_the_ninth() {
        assert!(CityKind::Units.is_newer("2026-11-23.10", "2026-11-23.9"));
        assert!(CityKind::Units.is_newer("2026-12-01.1", "2026-11-23.9"));
        assert!(CityKind::Deadlines.is_newer("shandong-2026.2", "shandong-2026.1"));
        assert!(!CityKind::Units.is_newer("2026-11-23.1", "2026-11-23.1"));
        assert!(!CityKind::Units.is_newer("2026-11-22.9", "2026-11-23.1"));
    }

    #[test]
    fn a_calendar_with_one_more_year_or_an_amended_notice_is_newer() {
        assert!(CityKind::Calendar.is_newer("2024-2027.aa", "2024-2026.ff"));
        assert!(CityKind::Calendar.is_newer("2024-2026.aa", "2024-2026.ff"));
        assert!(!CityKind::Calendar.is_newer("2024-2026.aa", "2024-2026.aa"));
        assert!(!CityKind::Calendar.is_newer("2024-2025.aa", "2024-2026.ff"));
    }

    #[test]
    fn a_file_tells_its_kind_by_its_name() {
        assert_eq!(CityKind::of_file("2027.json"), Some(CityKind::Calendar));
        assert_eq!(CityKind::of_file("regions.json"), Some(CityKind::Regions));
        assert_eq!(CityKind::of_file("regions-custom.toml"), Some(CityKind::RegionsCustom));
        assert_eq!(CityKind::of_file("units.csv"), Some(CityKind::Units));
        assert_eq!(CityKind::of_file("notes.txt"), None);
        for kind in CityKind::ALL {
            assert_eq!(CityKind::parse(kind.as_str()), Some(*kind));
        }
    }
}
