//! How long a clock runs, as people write it: `15min`, `24h`, `4wh`, `5wd`, `30d`, `none`. Which limit applies is the policy's matter.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::due::moment_after;
use crate::domain::calendar::{Calendar, MAX_WORKING_DAYS, WorkingHours};
use crate::domain::time::Timestamp;

/// The most that each unit may say: about a year, ten years for calendar days (archives).
const MAX_MINUTES: u16 = 60 * 24 * 7;
const MAX_HOURS: u16 = 24 * 366;
const MAX_WORKING_HOURS: u16 = 2_000;
const MAX_DAYS: u16 = 3_660;

/// A length of time with the way it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Limit {
    /// `15min`: wall-clock minutes, any day.
    Minutes(u16),
    /// `24h`: wall-clock hours, any day.
    Hours(u16),
    /// `4wh`: hours of working time.
    WorkingHours(u16),
    /// `5wd`: until 24:00 city time of the nth working day; the first day is not counted.
    WorkingDays(u16),
    /// `30d`: until 24:00 city time of the nth day of the calendar; the first day is not counted.
    Days(u16),
    /// `none`: there is no such clock here.
    None,
}

/// A text that is no limit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a limit such as 15min, 24h, 4wh, 5wd, 30d or none, or is too long")]
pub struct LimitError(String);

impl Limit {
    /// Whether the limit is counted in working time, so that nights and holidays do not use it up.
    #[must_use]
    pub const fn runs_in_working_time(self) -> bool {
        matches!(self, Self::WorkingHours(_) | Self::WorkingDays(_))
    }

    /// When the limit is used up, counted from `start`; nothing for no limit.
    #[must_use]
    pub fn end(self, calendar: &Calendar, hours: &WorkingHours, start: Timestamp) -> Option<Timestamp> {
        moment_after(self, calendar, hours, start).map(|moment| moment.at)
    }

    /// The shorter of two limits of the same way of counting; nothing when they are counted differently.
    #[must_use]
    pub fn shorter_of(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Minutes(a), Self::Minutes(b)) => Some(Self::Minutes(a.min(b))),
            (Self::Hours(a), Self::Hours(b)) => Some(Self::Hours(a.min(b))),
            (Self::WorkingHours(a), Self::WorkingHours(b)) => Some(Self::WorkingHours(a.min(b))),
            (Self::WorkingDays(a), Self::WorkingDays(b)) => Some(Self::WorkingDays(a.min(b))),
            (Self::Days(a), Self::Days(b)) => Some(Self::Days(a.min(b))),
            _ => None,
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Minutes(n) => write!(f, "{n}min"),
            Self::Hours(n) => write!(f, "{n}h"),
            Self::WorkingHours(n) => write!(f, "{n}wh"),
            Self::WorkingDays(n) => write!(f, "{n}wd"),
            Self::Days(n) => write!(f, "{n}d"),
            Self::None => f.write_str("none"),
        }
    }
}

impl FromStr for Limit {
    type Err = LimitError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || LimitError(text.chars().take(20).collect());
        if text == "none" {
            return Ok(Self::None);
        }
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let number: u16 = number.parse().map_err(|_| refused())?;
        let (limit, most) = match unit {
            "min" => (Self::Minutes(number), MAX_MINUTES),
            "h" => (Self::Hours(number), MAX_HOURS),
            "wh" => (Self::WorkingHours(number), MAX_WORKING_HOURS),
            "wd" => (Self::WorkingDays(number), MAX_WORKING_DAYS),
            "d" => (Self::Days(number), MAX_DAYS),
            _ => return Err(refused()),
        };
        if (1..=most).contains(&number) {
            Ok(limit)
        } else {
            Err(refused())
        }
    }
}

impl TryFrom<String> for Limit {
    type Error = LimitError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Limit> for String {
    fn from(limit: Limit) -> Self {
        limit.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_read_as_it_is_written() {
        for text in ["15min", "24h", "4wh", "5wd", "30d", "none"] {
            assert_eq!(text.parse::<Limit>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "5",
            "wd",
            "0wd",
            "401wd",
            "-1d",
            "5 wd",
            "5WD",
            "5工作日",
            "99999999h",
            "１d",
        ] {
            assert!(text.parse::<Limit>().is_err(), "{text} was taken for a limit");
        }
    }

    #[test]
    fn what_is_asked_is_cut_to_what_is_allowed() {
        assert_eq!(
            Limit::WorkingDays(12).shorter_of(Limit::WorkingDays(10)),
            Some(Limit::WorkingDays(10))
        );
        assert_eq!(Limit::WorkingDays(3).shorter_of(Limit::Hours(24)), None);
    }
}
