//! Turns the texts of all kinds into one city, checking each file and all of them against each other. Reads no database.

use std::{collections::BTreeMap, sync::Arc};

use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use shared::domain::{
    calendar::Calendar,
    catalogue::Catalogue,
    category::{Categories, Category, CategoryFile},
    classify::Classifier,
    deadline::DeadlinePolicy,
    emergency::EmergencyWords,
    hexadecimal::lower_hex,
    knowledge::KnowledgeBase,
    region::{RegionAdditions, RegionFile, Regions},
    supervision::Ladder,
    unit::{UnitFile, Units},
};

use super::{City, CityKind, EarlierPolicies, Outlines, PartVersion, shipped};

/// Largest content of one kind, in bytes: about 20 times the shipped table of regions.
pub const LARGEST_CONTENT: usize = 4 * 1024 * 1024;
/// Most problems that are told at once.
const MOST_PROBLEMS: usize = 100;

impl City {
    /// The city of the data that come with the program.
    ///
    /// # Errors
    /// As [`City::from_content`].
    pub fn shipped() -> Result<Self, Vec<String>> {
        Self::from_content(&shipped::contents())
    }

    /// Builds the city from the content of every kind.
    ///
    /// # Errors
    /// Every fault found, each a sentence that begins with the file and, where it is known, the line.
    pub fn from_content(contents: &BTreeMap<CityKind, String>) -> Result<Self, Vec<String>> {
        let mut reading = Reading {
            contents,
            problems: Vec::new(),
        };
        let city = reading.city();
        reading.problems.truncate(MOST_PROBLEMS);
        match city {
            Some(city) if reading.problems.is_empty() => Ok(city),
            _ => Err(reading.problems),
        }
    }
}

/// SHA-256 of a content in hexadecimal, as the table keeps it.
#[must_use]
pub fn fingerprint(content: &str) -> String {
    lower_hex(&Sha256::digest(content.as_bytes()))
}

/// The contents and what was found wrong with them so far.
struct Reading<'c> {
    contents: &'c BTreeMap<CityKind, String>,
    problems: Vec<String>,
}

impl Reading<'_> {
    /// Reads every file that can be read, so that all faults are told at once; `None` when one is missing or unreadable.
    fn city(&mut self) -> Option<City> {
        let policy: Option<DeadlinePolicy> = self.toml(CityKind::Deadlines);
        let ladder: Option<Ladder> = self.toml(CityKind::Ladder);
        let calendar = self.calendar();
        let emergency: Option<EmergencyWords> = self.toml(CityKind::Emergency);
        let knowledge: Option<KnowledgeBase> = self.toml(CityKind::Knowledge);
        let catalogue: Option<Catalogue> = self.toml(CityKind::Catalogue);
        let categories: Option<CategoryFile> = self.toml(CityKind::Categories);
        let categories = categories.and_then(|file| self.kept(CityKind::Categories, Categories::from_file(&file)));
        let table: Option<RegionFile> = self.json(CityKind::Regions);
        let additions: Option<RegionAdditions> = self.toml(CityKind::RegionsCustom);
        let regions = table
            .zip(additions)
            .and_then(|(table, additions)| self.kept(CityKind::Regions, Regions::from_files(&table, &additions)));
        let units: Option<UnitFile> = self.toml(CityKind::Units);
        let regions = regions?;
        let outlines = self
            .text(CityKind::Outlines)
            .map(|text| Outlines::from_text(text, &regions));
        let outlines = outlines.and_then(|read| self.kept(CityKind::Outlines, read));
        let units = units.and_then(|file| self.kept(CityKind::Units, Units::from_file(&file, &regions)));
        let (units, categories) = (units?, categories?);
        let (policy, ladder, calendar, catalogue) = (policy?, ladder?, calendar?, catalogue?);
        let (emergency, knowledge, outlines) = (emergency?, knowledge?, outlines?);
        self.note(CityKind::Emergency, emergency.validate());
        self.note(CityKind::Catalogue, catalogue.validate(&categories, &regions, &units));
        self.note(CityKind::Knowledge, knowledge.validate());
        self.note(CityKind::Knowledge, strangers_in(&knowledge, &categories, &units));
        let exceptions = policy.category_limits.iter().map(|limit| &limit.category);
        self.note(CityKind::Deadlines, categories_without_leaf(exceptions, &categories));
        let guarded = ladder
            .no_publicity
            .categories
            .iter()
            .chain(&ladder.process_only.categories);
        self.note(CityKind::Ladder, categories_without_leaf(guarded, &categories));
        let classifier = Classifier::new(&categories.words());
        let parts = self.parts();
        Some(City {
            regions,
            units,
            categories,
            catalogue,
            policy: Arc::new(policy),
            earlier: EarlierPolicies::default(),
            ladder,
            calendar,
            knowledge,
            emergency,
            classifier,
            outlines,
            parts,
            newest: 0,
        })
    }

    fn text(&mut self, kind: CityKind) -> Option<&str> {
        match self.contents.get(&kind) {
            Some(text) if text.len() <= LARGEST_CONTENT => Some(text.strip_prefix('\u{feff}').unwrap_or(text)),
            Some(text) => {
                let size = text.len();
                self.note(kind, vec![format!("{size} bytes, allowed are {LARGEST_CONTENT}")]);
                None
            }
            None => {
                self.note(kind, vec!["missing".to_owned()]);
                None
            }
        }
    }

    fn toml<T: DeserializeOwned>(&mut self, kind: CityKind) -> Option<T> {
        let text = self.text(kind)?;
        let read = toml::from_str(text).map_err(|error| {
            let place = error.span().map(|span| line_at(text, span.start));
            let message = error.message().trim();
            vec![place.map_or_else(|| message.to_owned(), |line| format!("line {line}: {message}"))]
        });
        self.kept(kind, read)
    }

    fn json<T: DeserializeOwned>(&mut self, kind: CityKind) -> Option<T> {
        let text = self.text(kind)?;
        let read = serde_json::from_str(text).map_err(|error| vec![error.to_string()]);
        self.kept(kind, read)
    }

    fn calendar(&mut self) -> Option<Calendar> {
        let years: Vec<String> = self.json(CityKind::Calendar)?;
        let texts: Vec<&str> = years.iter().map(String::as_str).collect();
        let read = Calendar::from_holiday_cn(&texts).map_err(|error| vec![error.to_string()]);
        self.kept(CityKind::Calendar, read)
    }

    fn kept<T>(&mut self, kind: CityKind, read: Result<T, Vec<String>>) -> Option<T> {
        read.map_err(|problems| self.note(kind, problems)).ok()
    }

    fn note(&mut self, kind: CityKind, problems: Vec<String>) {
        let sentences = problems
            .into_iter()
            .map(|problem| format!("{}: {problem}", kind.file()));
        self.problems.extend(sentences);
    }

    fn parts(&self) -> BTreeMap<CityKind, PartVersion> {
        let part = |kind: CityKind, content: &str| PartVersion {
            version: kind.version_of(content).unwrap_or_default(),
            fingerprint: fingerprint(content),
        };
        self.contents
            .iter()
            .map(|(kind, content)| (*kind, part(*kind, content)))
            .collect()
    }
}

/// The line, counted from 1, that the byte at `position` stands on.
fn line_at(text: &str, position: usize) -> usize {
    let before = text.get(..position).unwrap_or_default();
    1 + before.matches('\n').count()
}

/// Articles whose owner or category does not exist.
fn strangers_in(knowledge: &KnowledgeBase, categories: &Categories, units: &Units) -> Vec<String> {
    let mut problems = Vec::new();
    for article in &knowledge.article {
        if units.get(&article.owner_unit).is_none() {
            problems.push(format!("article {}: no unit {}", article.id, article.owner_unit));
        }
        if !categories.get(&article.category).is_some_and(Category::is_leaf) {
            problems.push(format!("article {}: no category {}", article.id, article.category));
        }
    }
    problems
}

/// Patterns that fit no category at all: a mistyped code would silently never apply.
fn categories_without_leaf<'p>(patterns: impl Iterator<Item = &'p String>, categories: &Categories) -> Vec<String> {
    let fits = |pattern: &str| match pattern.strip_suffix('*') {
        Some(beginning) => categories.iter().any(|category| category.code.starts_with(beginning)),
        None => categories.get(pattern).is_some(),
    };
    patterns
        .filter(|pattern| !fits(pattern))
        .map(|pattern| format!("no category {pattern}"))
        .collect()
}
