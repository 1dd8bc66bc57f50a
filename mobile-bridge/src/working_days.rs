//! The working-day count as the phone sees it: days as `YYYY-MM-DD` text, calendars as the JSON texts that the server hands
//! out. The counting itself, and what makes a day provisional, is `shared::domain::calendar`.

use chrono::NaiveDate;
use shared::domain::calendar::{Calendar, MAX_WORKING_DAYS};

/// The day on which a count of working days ends.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct WorkingDayCount {
    /// The last day, `YYYY-MM-DD`, which counts until 24:00 city time.
    pub date: String,
    /// A day on the way is not settled by a notice yet: show the date as expected, not as promised.
    pub provisional: bool,
}

/// Why no day could be given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum CalendarProblem {
    /// The first day is not a `YYYY-MM-DD` of the calendar.
    #[error("the first day is not a date of the form YYYY-MM-DD")]
    NotADate,
    /// More working days than any deadline has.
    #[error("at most {most} working days can be counted")]
    TooManyDays {
        /// The most that can be counted.
        most: u32,
    },
    /// A calendar text is not a year of the holiday-cn form, or too many or too large ones were given.
    #[error("the calendar cannot be read: {reason}")]
    NotACalendar {
        /// What is wrong and where, in English, for a developer.
        reason: String,
    },
}

/// The day that is `days` working days after `start` (`YYYY-MM-DD`, itself not counted). `calendar_json` holds one text
/// in the holiday-cn form per year, in any order; a year without one counts Monday to Friday and is provisional.
///
/// # Errors
/// [`CalendarProblem`], when an argument is not what it should be.
#[allow(
    clippy::needless_pass_by_value,
    reason = "the bridge's foreign side gives its arguments away"
)]
#[uniffi::export]
pub fn working_days_from(
    start: String,
    days: u32,
    calendar_json: Vec<String>,
) -> Result<WorkingDayCount, CalendarProblem> {
    let start = NaiveDate::parse_from_str(&start, "%Y-%m-%d").map_err(|_| CalendarProblem::NotADate)?;
    let too_many = || CalendarProblem::TooManyDays {
        most: u32::from(MAX_WORKING_DAYS),
    };
    let days = u16::try_from(days)
        .ok()
        .filter(|days| *days <= MAX_WORKING_DAYS)
        .ok_or_else(too_many)?;
    let texts: Vec<&str> = calendar_json.iter().map(String::as_str).collect();
    let calendar = Calendar::from_holiday_cn(&texts).map_err(|error| CalendarProblem::NotACalendar {
        reason: error.to_string(),
    })?;
    let due = calendar.add_working_days(start, days);
    Ok(WorkingDayCount {
        date: due.date.format("%Y-%m-%d").to_string(),
        provisional: due.provisional,
    })
}
