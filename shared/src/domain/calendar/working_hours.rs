//! The hours that are worked on a working day, and counting in working minutes. Which days are worked is the calendar's matter.

use std::fmt;
use std::str::FromStr;

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use super::{Calendar, MAX_SPAN_DAYS};
use crate::domain::time::Timestamp;

/// Microseconds in a minute.
const MINUTE: i64 = 60_000_000;
/// Minutes in a day.
const DAY_MINUTES: u16 = 24 * 60;
/// The least that can be worked in a day, in minutes, so that a count always ends soon.
const MIN_DAILY_MINUTES: u16 = 60;
/// The most sessions in a day.
const MAX_SESSIONS: usize = 8;
/// The most working minutes that are counted forward; a larger count is cut to it.
pub(super) const MAX_WORKING_MINUTES: u32 = 400 * 24 * 60;
/// Instants outside 1970 to 9999 are moved to the nearer end before they are counted with.
const FIRST_INSTANT: Timestamp = Timestamp(0);
const LAST_INSTANT: Timestamp = Timestamp(253_402_300_799_000_000);

/// An instant that a count leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The instant.
    pub at: Timestamp,
    /// A day on the way is provisional.
    pub provisional: bool,
}

/// Why working hours were refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkingHoursError {
    /// Not `HH:MM-HH:MM`, or it ends before it begins.
    #[error("\"{0}\" is not a session such as 08:30-12:00")]
    NotASession(String),
    /// Sessions overlap or are out of order.
    #[error("the working sessions overlap or are not in order")]
    OutOfOrder,
    /// Less than an hour a day, or more than eight sessions.
    #[error("working hours need at least one hour a day in at most eight sessions")]
    OutOfBounds,
}

/// One session, in minutes after midnight, city time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Session {
    from: u16,
    to: u16,
}

/// The sessions of a working day, city time; in data files a list such as `["08:30-12:00", "14:00-18:00"]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct WorkingHours {
    sessions: Vec<Session>,
}

impl Default for WorkingHours {
    /// 08:30–12:00 and 14:00–18:00, the hours that the city's offices keep.
    fn default() -> Self {
        Self {
            sessions: vec![
                Session {
                    from: 8 * 60 + 30,
                    to: 12 * 60,
                },
                Session {
                    from: 14 * 60,
                    to: 18 * 60,
                },
            ],
        }
    }
}

impl WorkingHours {
    /// Minutes worked on a working day.
    #[must_use]
    pub fn daily_minutes(&self) -> u16 {
        self.sessions.iter().map(|session| session.to - session.from).sum()
    }

    /// When work begins on `date`.
    #[must_use]
    pub fn opening(&self, date: NaiveDate) -> Timestamp {
        midnight(date).plus_minutes(self.sessions.first().map_or(0, |session| i64::from(session.from)))
    }

    /// The sessions of `date` as instants.
    fn on(&self, date: NaiveDate) -> impl Iterator<Item = (Timestamp, Timestamp)> + '_ {
        let start = midnight(date);
        self.sessions.iter().map(move |session| {
            (
                start.plus_minutes(i64::from(session.from)),
                start.plus_minutes(i64::from(session.to)),
            )
        })
    }
}

impl TryFrom<Vec<String>> for WorkingHours {
    type Error = WorkingHoursError;

    fn try_from(texts: Vec<String>) -> Result<Self, Self::Error> {
        if texts.len() > MAX_SESSIONS {
            return Err(WorkingHoursError::OutOfBounds);
        }
        let sessions = texts
            .iter()
            .map(|text| text.parse())
            .collect::<Result<Vec<Session>, _>>()?;
        if sessions.is_sorted_by(|earlier, later| earlier.to <= later.from) {
            let hours = Self { sessions };
            if hours.daily_minutes() >= MIN_DAILY_MINUTES {
                Ok(hours)
            } else {
                Err(WorkingHoursError::OutOfBounds)
            }
        } else {
            Err(WorkingHoursError::OutOfOrder)
        }
    }
}

impl From<WorkingHours> for Vec<String> {
    fn from(hours: WorkingHours) -> Self {
        hours.sessions.iter().map(ToString::to_string).collect()
    }
}

impl FromStr for Session {
    type Err = WorkingHoursError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || WorkingHoursError::NotASession(text.chars().take(40).collect());
        let (from, to) = text.split_once('-').ok_or_else(refused)?;
        let session = Self {
            from: minute_of_day(from).ok_or_else(refused)?,
            to: minute_of_day(to).ok_or_else(refused)?,
        };
        if session.from < session.to {
            Ok(session)
        } else {
            Err(refused())
        }
    }
}

impl fmt::Display for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, to } = self;
        write!(f, "{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)
    }
}

/// `HH:MM` from 00:00 to 24:00, as minutes after midnight.
fn minute_of_day(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let two_digits = |part: &str| (part.len() == 2).then(|| part.parse::<u16>().ok()).flatten();
    let (hour, minute) = (two_digits(hour)?, two_digits(minute)?);
    let total = hour.checked_mul(60)?.checked_add(minute)?;
    (minute < 60 && total <= DAY_MINUTES).then_some(total)
}

/// The instant at which `date` begins in the city.
pub(crate) fn midnight(date: NaiveDate) -> Timestamp {
    Timestamp::from_city_time(date.and_time(NaiveTime::MIN))
}

/// Keeps an instant where civil dates exist.
pub(crate) fn bounded(at: Timestamp) -> Timestamp {
    at.clamp(FIRST_INSTANT, LAST_INSTANT)
}

impl Calendar {
    /// The instant at which `minutes` of working time have passed since `start`. Time outside sessions does not count;
    /// a count that ends with a session ends at its close, not at the next opening. 0 gives `start` itself.
    #[must_use]
    pub fn add_working_minutes(&self, hours: &WorkingHours, start: Timestamp, minutes: u32) -> Moment {
        self.add_working_micros(hours, start, i64::from(minutes.min(MAX_WORKING_MINUTES)) * MINUTE)
    }

    /// Whole minutes of working time from `from` to `to`; 0 when `to` is not later. At most [`MAX_SPAN_DAYS`] are looked at.
    #[must_use]
    pub fn working_minutes_between(&self, hours: &WorkingHours, from: Timestamp, to: Timestamp) -> i64 {
        self.working_micros_between(hours, from, to) / MINUTE
    }

    /// As [`Calendar::add_working_minutes`], exact to the microsecond.
    pub(crate) fn add_working_micros(&self, hours: &WorkingHours, start: Timestamp, micros: i64) -> Moment {
        let start = bounded(start);
        let mut moment = Moment {
            at: start,
            provisional: false,
        };
        let mut left = micros.min(i64::from(MAX_WORKING_MINUTES) * MINUTE);
        if left <= 0 {
            return moment;
        }
        for date in start.city_date().iter_days() {
            let kind = self.is_working_day(date);
            moment.provisional |= kind.provisional;
            if !kind.working {
                continue;
            }
            for (opens, closes) in hours.on(date) {
                let from = opens.max(start);
                let open_for = closes.micros_since(from).max(0);
                if open_for >= left {
                    moment.at = Timestamp(from.0 + left);
                    return moment;
                }
                left -= open_for;
            }
        }
        moment
    }

    /// Working time from `from` to `to` in microseconds; 0 when `to` is not later.
    pub(crate) fn working_micros_between(&self, hours: &WorkingHours, from: Timestamp, to: Timestamp) -> i64 {
        let (from, to) = (bounded(from), bounded(to));
        let last = to.city_date();
        let days = from
            .city_date()
            .iter_days()
            .take(MAX_SPAN_DAYS)
            .take_while(|date| *date <= last);
        days.filter(|date| self.is_working_day(*date).working)
            .flat_map(|date| hours.on(date))
            .map(|(opens, closes)| closes.min(to).micros_since(opens.max(from)).max(0))
            .sum()
    }
}
