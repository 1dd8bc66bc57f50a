//! Which days are worked in China, and counting in working days.
//!
//! The days come from the yearly notices, imported as data. What no notice has settled yet is counted as Monday to Friday
//! and marked provisional, so that it can be computed again after the next import. Limits and their sizes are the
//! deadline policy's matter.

mod holiday_file;
mod working_hours;

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

pub use holiday_file::{CalendarError, HolidayDay, HolidayYear};
pub use working_hours::{Moment, WorkingHours, WorkingHoursError};
pub(crate) use working_hours::{bounded, midnight};

/// The most working days that are counted forward; a larger count is cut to it.
pub const MAX_WORKING_DAYS: u16 = 400;
/// The longest span, in days, over which working time is counted between two moments: about 55 years.
pub const MAX_SPAN_DAYS: usize = 20_000;
/// The most years that one calendar holds.
const MAX_YEARS: usize = 210;
/// The month of the State Council's notice for the year that follows.
const NOTICE_MONTH: u32 = 11;

/// What is known of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayKind {
    /// Worked: an ordinary weekday, or a weekend day worked in exchange.
    pub working: bool,
    /// No notice has settled the day yet; a later import may change it.
    pub provisional: bool,
}

/// The last day of a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueDate {
    /// The day, which counts until 24:00 city time.
    pub date: NaiveDate,
    /// A day on the way to it, or the day itself, is provisional.
    pub provisional: bool,
}

/// The working-day calendar: the notices that are known, and what follows from them.
///
/// Serialised as the list of its years in the `holiday-cn` form, and checked like an import when read back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<HolidayYear>", into = "Vec<HolidayYear>")]
pub struct Calendar {
    version: String,
    notices: BTreeMap<i32, HolidayYear>,
    /// Every named day: `true` when worked. Where two notices name a day, the later one's word.
    named: BTreeMap<NaiveDate, bool>,
}

impl Default for Calendar {
    /// A calendar without notices: Monday to Friday, all provisional.
    fn default() -> Self {
        Self::from_notices(BTreeMap::new())
    }
}

impl Calendar {
    /// Reads one or several years in the `holiday-cn` JSON form, in any order.
    ///
    /// # Errors
    /// When a file is too large or not in that form, a year is given twice, or a notice names days that it cannot settle.
    pub fn from_holiday_cn(files: &[&str]) -> Result<Self, CalendarError> {
        if files.len() > MAX_YEARS {
            return Err(CalendarError::TooLarge { file: MAX_YEARS });
        }
        let years = files
            .iter()
            .enumerate()
            .map(|(position, text)| HolidayYear::parse(position, text));
        Self::from_years(years.collect::<Result<Vec<_>, _>>()?)
    }

    /// Builds the calendar of these notices, in any order. Years whose notice is not out yet (no days) settle nothing.
    ///
    /// # Errors
    /// When a year is given twice or out of range, or a notice names days that it cannot settle or contradicts itself.
    pub fn from_years(years: Vec<HolidayYear>) -> Result<Self, CalendarError> {
        if years.len() > MAX_YEARS {
            return Err(CalendarError::TooLarge { file: MAX_YEARS });
        }
        let mut notices = BTreeMap::new();
        for year in years {
            year.check()?;
            let number = year.year;
            if notices.insert(number, year).is_some() {
                return Err(CalendarError::YearTwice { year: number });
            }
        }
        Ok(Self::from_notices(notices))
    }

    /// The calendar with one more year, or with that year's notice replaced by an amended one.
    ///
    /// # Errors
    /// As [`Calendar::from_years`].
    pub fn with_year(&self, year: HolidayYear) -> Result<Self, CalendarError> {
        year.check()?;
        let mut notices = self.notices.clone();
        notices.insert(year.year, year);
        if notices.len() > MAX_YEARS {
            return Err(CalendarError::TooLarge { file: MAX_YEARS });
        }
        Ok(Self::from_notices(notices))
    }

    fn from_notices(mut notices: BTreeMap<i32, HolidayYear>) -> Self {
        notices.retain(|_, notice| notice.is_announced());
        let mut named = BTreeMap::new();
        // In the order of years, so that the later notice has the last word.
        for notice in notices.values() {
            for day in &notice.days {
                named.insert(day.date, !day.is_off_day);
            }
        }
        let version = version_of(&notices, &named);
        Self {
            version,
            notices,
            named,
        }
    }

    /// Names the content: the years and a fingerprint of their days, e.g. `2024-2026.5f0c9a…`. Same days, same version.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The years whose notice is known, in order.
    pub fn years(&self) -> impl Iterator<Item = i32> + '_ {
        self.notices.keys().copied()
    }

    /// The notice of one year, as it can be exported.
    #[must_use]
    pub fn notice(&self, year: i32) -> Option<&HolidayYear> {
        self.notices.get(&year)
    }

    /// Whether administrators must be told to import the next year: from 1 November on, as long as it is missing.
    /// Also when the current year itself is missing.
    #[must_use]
    pub fn missing_next_year(&self, today: NaiveDate) -> bool {
        let year = today.year();
        !self.notices.contains_key(&year)
            || (today.month() >= NOTICE_MONTH && !self.notices.contains_key(&year.saturating_add(1)))
    }

    /// Whether a day is worked, and whether that is settled.
    ///
    /// A year without a notice counts Monday to Friday. December stays provisional until the next year's notice is
    /// known, because that notice may move its last days.
    #[must_use]
    pub fn is_working_day(&self, date: NaiveDate) -> DayKind {
        let year = date.year();
        let next_known = self.notices.contains_key(&year.saturating_add(1));
        let named = self.named.get(&date).copied();
        let settled = if date.month() == 12 {
            next_known && (named.is_some() || self.notices.contains_key(&year))
        } else {
            named.is_some() || self.notices.contains_key(&year)
        };
        DayKind {
            working: named.unwrap_or(!matches!(date.weekday(), Weekday::Sat | Weekday::Sun)),
            provisional: !settled,
        }
    }

    /// The `n`th working day after `start`. The day of `start` is not counted (Civil Code, article 201).
    ///
    /// `n` is cut to [`MAX_WORKING_DAYS`]; 0 gives `start` itself, worked or not.
    #[must_use]
    pub fn add_working_days(&self, start: NaiveDate, n: u16) -> DueDate {
        let mut left = n.min(MAX_WORKING_DAYS);
        let mut due = DueDate {
            date: start,
            provisional: false,
        };
        while left > 0 {
            let Some(next) = due.date.succ_opt() else {
                // The end of the date type: no real limit gets here.
                due.provisional = true;
                return due;
            };
            let kind = self.is_working_day(next);
            due = DueDate {
                date: next,
                provisional: due.provisional || kind.provisional,
            };
            left -= u16::from(kind.working);
        }
        due
    }

    /// The first working day after `date`.
    #[must_use]
    pub fn next_working_day(&self, date: NaiveDate) -> DueDate {
        self.add_working_days(date, 1)
    }

    /// The last working day before `date`.
    #[must_use]
    pub fn previous_working_day(&self, date: NaiveDate) -> DueDate {
        let mut day = DueDate {
            date,
            provisional: false,
        };
        while let Some(earlier) = day.date.pred_opt() {
            let kind = self.is_working_day(earlier);
            day = DueDate {
                date: earlier,
                provisional: day.provisional || kind.provisional,
            };
            if kind.working {
                break;
            }
        }
        day
    }

    /// Working days after `from` up to and including `to`: what [`Calendar::add_working_days`] would need. 0 when `to` is
    /// not later. At most [`MAX_SPAN_DAYS`] days are looked at.
    #[must_use]
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> u32 {
        let worked = from
            .iter_days()
            .skip(1)
            .take(MAX_SPAN_DAYS)
            .take_while(|day| *day <= to)
            .filter(|day| self.is_working_day(*day).working)
            .count();
        u32::try_from(worked).unwrap_or(u32::MAX)
    }
}

impl TryFrom<Vec<HolidayYear>> for Calendar {
    type Error = CalendarError;

    fn try_from(years: Vec<HolidayYear>) -> Result<Self, Self::Error> {
        Self::from_years(years)
    }
}

impl From<Calendar> for Vec<HolidayYear> {
    fn from(calendar: Calendar) -> Self {
        calendar.notices.into_values().collect()
    }
}

/// The years and a 64-bit FNV-1a fingerprint of the named days. It tells versions apart; it protects against nobody.
fn version_of(notices: &BTreeMap<i32, HolidayYear>, named: &BTreeMap<NaiveDate, bool>) -> String {
    let (Some(first), Some(last)) = (notices.keys().next(), notices.keys().next_back()) else {
        return "none".to_owned();
    };
    let years = notices.keys().flat_map(|year| year.to_le_bytes());
    let days = named.iter().flat_map(|(date, worked)| {
        date.num_days_from_ce()
            .to_le_bytes()
            .into_iter()
            .chain([u8::from(*worked)])
    });
    let fingerprint = years.chain(days).fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{first}-{last}.{fingerprint:016x}")
}
