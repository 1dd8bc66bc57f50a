//! One year's holiday notice in the `holiday-cn` JSON form, read and checked. What the days mean for a count is the calendar's matter.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// Years for which a notice can be imported.
const YEARS: std::ops::RangeInclusive<i32> = 1990..=2199;
/// The longest file that is read, in bytes; a real year has about 3,000.
pub(super) const MAX_FILE_BYTES: usize = 256 * 1024;
/// The most days that one notice can name.
const MAX_DAYS: usize = 366;
/// The most notices that one year can cite.
const MAX_PAPERS: usize = 20;
/// The longest name of a holiday and address of a notice, in characters.
const MAX_TEXT_CHARS: usize = 300;

/// Why a calendar file was refused. Positions count from 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// Too many files at once, or a file too large.
    #[error("calendar file {file} is larger than {MAX_FILE_BYTES} bytes, or there are too many files")]
    TooLarge {
        /// Position of the file.
        file: usize,
    },
    /// Not JSON of the expected shape.
    #[error("calendar file {file} is not in the holiday-cn form: {reason}")]
    Malformed {
        /// Position of the file.
        file: usize,
        /// What the parser found, with line and column.
        reason: String,
    },
    /// A year that nobody plans for.
    #[error("{year} is not a year between 1990 and 2199")]
    YearOutOfRange {
        /// The year given.
        year: i32,
    },
    /// Two files for one year.
    #[error("the year {year} is given twice")]
    YearTwice {
        /// The year given twice.
        year: i32,
    },
    /// A day that the notice of that year cannot settle.
    #[error("the notice of {year} cannot settle {date}")]
    ForeignDay {
        /// The notice's year.
        year: i32,
        /// The day in question.
        date: NaiveDate,
    },
    /// One day named as a holiday and as a working day.
    #[error("the notice of {year} contradicts itself about {date}")]
    Contradiction {
        /// The notice's year.
        year: i32,
        /// The day in question.
        date: NaiveDate,
    },
    /// More days, more notices or longer names than a notice has.
    #[error("the notice of {year} is longer than a notice can be")]
    TooMuch {
        /// The notice's year.
        year: i32,
    },
}

/// A year's notice as `holiday-cn` writes it. Its year is the notice's: it may settle days of the December before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolidayYear {
    /// The year of the notice.
    pub year: i32,
    /// Addresses of the notices that it was taken from; may be empty.
    #[serde(default)]
    pub papers: Vec<String>,
    /// The days that differ from an ordinary week; empty as long as the notice is not out.
    pub days: Vec<HolidayDay>,
}

/// A day on which a notice decides: a holiday, or a weekend day worked in exchange.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolidayDay {
    /// The holiday's Chinese name, e.g. 春节; a make-up working day bears the name of its holiday.
    pub name: String,
    /// The day.
    pub date: NaiveDate,
    /// Off, or worked.
    #[serde(rename = "isOffDay")]
    pub is_off_day: bool,
}

impl HolidayYear {
    /// Reads one file; `position` is named in errors.
    pub(super) fn parse(position: usize, text: &str) -> Result<Self, CalendarError> {
        if text.len() > MAX_FILE_BYTES {
            return Err(CalendarError::TooLarge { file: position });
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        serde_json::from_str(text).map_err(|error| CalendarError::Malformed {
            file: position,
            reason: error.to_string(),
        })
    }

    /// Whether the notice is out: a file without days is a placeholder and settles nothing.
    #[must_use]
    pub fn is_announced(&self) -> bool {
        !self.days.is_empty()
    }

    /// Checks bounds, that each day is one this notice can settle, and that no day is both off and worked.
    pub(super) fn check(&self) -> Result<(), CalendarError> {
        let year = self.year;
        if !YEARS.contains(&year) {
            return Err(CalendarError::YearOutOfRange { year });
        }
        let too_long = |text: &str| text.chars().count() > MAX_TEXT_CHARS;
        if self.days.len() > MAX_DAYS
            || self.papers.len() > MAX_PAPERS
            || self.papers.iter().any(|paper| too_long(paper))
            || self.days.iter().any(|day| too_long(&day.name))
        {
            return Err(CalendarError::TooMuch { year });
        }
        let mut seen = BTreeMap::new();
        for day in &self.days {
            if !may_settle(year, day.date) {
                return Err(CalendarError::ForeignDay { year, date: day.date });
            }
            if seen
                .insert(day.date, day.is_off_day)
                .is_some_and(|earlier| earlier != day.is_off_day)
            {
                return Err(CalendarError::Contradiction { year, date: day.date });
            }
        }
        Ok(())
    }
}

/// A notice settles its own year, the December before (New Year's exchange days) and the January after (as some old notices did).
fn may_settle(year: i32, date: NaiveDate) -> bool {
    date.year() == year
        || (date.year() == year - 1 && date.month() == 12)
        || (date.year() == year + 1 && date.month() == 1)
}
