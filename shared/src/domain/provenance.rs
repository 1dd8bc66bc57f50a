//! Where a data file comes from. Decides nothing about its contents; each file's own room does.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The `about` table that opens every versioned data file of the city.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// Version of the data, `YYYY-MM-DD.n`; cases keep it beside what was decided with it.
    pub version: String,
    /// Who or what the data was taken from.
    pub source: String,
    /// Licence of the data.
    pub licence: String,
    /// The day the data describes.
    pub as_of: NaiveDate,
}

impl Provenance {
    /// Every fault as a readable sentence; empty when sound.
    #[must_use]
    pub fn validate(&self) -> Vec<String> {
        let mut problems = Vec::new();
        check_text(&mut problems, "about.version", &self.version, 1, 32);
        check_text(&mut problems, "about.source", &self.source, 1, 300);
        check_text(&mut problems, "about.licence", &self.licence, 1, 200);
        problems
    }
}

/// Adds a sentence to `problems` unless `text` has between `least` and `most` characters and neither leading nor
/// trailing space.
pub(crate) fn check_text(problems: &mut Vec<String>, what: &str, text: &str, least: usize, most: usize) {
    let length = text.chars().count();
    if length < least || length > most {
        problems.push(format!("{what}: {length} characters, allowed are {least} to {most}"));
    }
    if text.trim() != text {
        problems.push(format!("{what}: begins or ends with space"));
    }
}

/// Adds a sentence unless there are at most `most` entries, each of 1 to `longest` characters.
pub(crate) fn check_words(problems: &mut Vec<String>, what: &str, words: &[String], most: usize, longest: usize) {
    if words.len() > most {
        problems.push(format!("{what}: {} entries, allowed are {most}", words.len()));
    }
    for word in words {
        check_text(problems, what, word, 1, longest);
    }
}
