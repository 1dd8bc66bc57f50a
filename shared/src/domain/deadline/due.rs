//! From a limit and a start to an instant. Which limit applies is the policy's matter.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::limit::Limit;
use crate::domain::calendar::{Calendar, Moment, WorkingHours, bounded, midnight};
use crate::domain::time::Timestamp;

/// When a clock ends, stored once when it starts, with the versions it was computed from.
///
/// A limit in days ends at 24:00 city time of its last day, which is the first instant of the day after:
/// [`Due::last_day`] names the day that people are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The first instant that is too late.
    pub at: Timestamp,
    /// Computed over days that no notice has settled yet; compute it again after the calendar's next import.
    pub provisional: bool,
    /// The limit that was applied.
    pub limit: Limit,
    /// The deadline policy's version.
    pub policy_version: String,
    /// The calendar's version.
    pub calendar_version: String,
}

impl Due {
    /// The last civil day within the limit.
    #[must_use]
    pub fn last_day(&self) -> NaiveDate {
        last_day(self.at)
    }

    /// The end of `limit` from `start`, where the limit is not the deadline policy's but that of the rules of `version`.
    pub(crate) fn after(
        limit: Limit,
        calendar: &Calendar,
        hours: &WorkingHours,
        start: Timestamp,
        version: &str,
    ) -> Option<Self> {
        let moment = moment_after(limit, calendar, hours, start)?;
        Some(Self::counted(limit, calendar, moment, version))
    }

    /// As [`Due::after`], counted on from where an earlier limit ends.
    pub(crate) fn continued(
        limit: Limit,
        calendar: &Calendar,
        hours: &WorkingHours,
        earlier: Timestamp,
        version: &str,
    ) -> Option<Self> {
        let moment = moment_after_limit(limit, calendar, hours, earlier)?;
        Some(Self::counted(limit, calendar, moment, version))
    }

    pub(super) fn counted(limit: Limit, calendar: &Calendar, moment: Moment, version: &str) -> Self {
        Self {
            at: moment.at,
            provisional: moment.provisional,
            limit,
            policy_version: version.to_owned(),
            calendar_version: calendar.version().to_owned(),
        }
    }

    /// Whether the clock has run out.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        now >= self.at
    }
}

/// The last civil day before `at`: 24:00 still belongs to the day that it ends.
pub(super) fn last_day(at: Timestamp) -> NaiveDate {
    bounded(Timestamp(at.0.saturating_sub(1))).city_date()
}

/// The end of `date`: 24:00 city time.
pub(super) fn end_of(date: NaiveDate) -> Timestamp {
    date.succ_opt().map_or(Timestamp(i64::MAX), midnight)
}

/// The instant at which `limit` is used up, counted from `start`; `None` for no limit.
pub(super) fn moment_after(
    limit: Limit,
    calendar: &Calendar,
    hours: &WorkingHours,
    start: Timestamp,
) -> Option<Moment> {
    let start = bounded(start);
    Some(match limit {
        Limit::None => return None,
        Limit::WorkingHours(n) => calendar.add_working_minutes(hours, start, u32::from(n) * 60),
        Limit::Minutes(n) => settled(start.plus_minutes(i64::from(n))),
        Limit::Hours(n) => settled(start.plus_minutes(i64::from(n) * 60)),
        Limit::WorkingDays(_) | Limit::Days(_) => end_of_days(limit, calendar, start.city_date())?,
    })
}

/// As [`moment_after`], continuing where an earlier limit ended: the day after its last one is the first that counts.
pub(super) fn moment_after_limit(
    limit: Limit,
    calendar: &Calendar,
    hours: &WorkingHours,
    earlier: Timestamp,
) -> Option<Moment> {
    match limit {
        Limit::WorkingDays(_) | Limit::Days(_) => end_of_days(limit, calendar, last_day(earlier)),
        _ => moment_after(limit, calendar, hours, earlier),
    }
}

/// 24:00 of the nth day after `first`; `None` when the limit is not one in days.
fn end_of_days(limit: Limit, calendar: &Calendar, first: NaiveDate) -> Option<Moment> {
    match limit {
        Limit::WorkingDays(n) => {
            let due = calendar.add_working_days(first, n);
            Some(Moment {
                at: end_of(due.date),
                provisional: due.provisional,
            })
        }
        Limit::Days(n) => {
            let date = first
                .checked_add_days(Days::new(u64::from(n)))
                .unwrap_or(NaiveDate::MAX);
            Some(settled(end_of(date)))
        }
        _ => None,
    }
}

const fn settled(at: Timestamp) -> Moment {
    Moment { at, provisional: false }
}
