//! A running clock counted again with another calendar: from what was stored when it started, never from the day of the
//! counting. Which clocks are counted again, and who is told, is decided elsewhere.

use super::due::{end_of, moment_after, moment_after_limit};
use super::limit::Limit;
use crate::domain::calendar::{Calendar, Moment, WorkingHours};
use crate::domain::time::Timestamp;

/// A stored clock, as far as its due instant was worked out from it.
#[derive(Debug, Clone, Copy)]
pub struct CountedClock<'a> {
    /// The limit that it was counted by; none when it only goes on from where the one before it rested, or was set to a day.
    pub limit: Option<Limit>,
    /// The working hours of the policy that gave the limit.
    pub hours: &'a WorkingHours,
    /// When it started.
    pub started: Timestamp,
    /// When it was stopped.
    pub stopped: Option<Timestamp>,
    /// When it was due by the calendar of its start.
    pub due: Timestamp,
}

/// When the last of these clocks is due by `calendar`. Each one goes on from the one before it: extended, when it has a limit
/// of its own, else later by the time that the one before it rested. None when there is no clock, or no limit that ends.
#[must_use]
pub fn recount(clocks: &[CountedClock<'_>], calendar: &Calendar) -> Option<Moment> {
    let mut counted: Option<(Moment, &CountedClock<'_>)> = None;
    for clock in clocks {
        let moment = match (counted, clock.limit) {
            (None, Some(limit)) => moment_after(limit, calendar, clock.hours, clock.started)?,
            (None, None) => Moment {
                at: clock.due,
                provisional: false,
            },
            (Some((earlier, _)), Some(limit)) => {
                let moment = moment_after_limit(limit, calendar, clock.hours, earlier.at)?;
                Moment {
                    provisional: moment.provisional || earlier.provisional,
                    ..moment
                }
            }
            (Some((earlier, before)), None) => {
                let rested = clock.started.micros_since(before.stopped.unwrap_or(clock.started));
                Moment {
                    at: Timestamp(earlier.at.0.saturating_add(rested)),
                    ..earlier
                }
            }
        };
        counted = Some((moment, clock));
    }
    counted.map(|(moment, _)| moment)
}

/// What a due instant moves to at `now` when it is counted anew: later as counted; earlier never so far that who is told of it
/// has less than the next working day, and never into the past.
#[must_use]
pub fn moved_fairly(before: Timestamp, counted: Timestamp, calendar: &Calendar, now: Timestamp) -> Timestamp {
    let tomorrow = end_of(calendar.next_working_day(now.city_date()).date);
    counted.max(before.min(tomorrow))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::domain::calendar::{HolidayDay, HolidayYear};

    fn at(day: &str, hour: u32) -> Timestamp {
        let day: NaiveDate = day.parse().unwrap();
        Timestamp::from_city_time(day.and_hms_opt(hour, 0, 0).unwrap())
    }

    fn year(year: i32, off: &[&str], worked: &[&str]) -> HolidayYear {
        let day = |is_off_day: bool| {
            move |date: &&str| HolidayDay {
                name: "元旦".to_owned(),
                date: date.parse().unwrap(),
                is_off_day,
            }
        };
        HolidayYear {
            year,
            papers: Vec::new(),
            days: off.iter().map(day(true)).chain(worked.iter().map(day(false))).collect(),
        }
    }

    fn calendar(next: Option<HolidayYear>) -> Calendar {
        let this = year(2026, &["2026-10-01"], &[]);
        Calendar::from_years([this].into_iter().chain(next).collect()).unwrap()
    }

    fn clock(limit: Option<Limit>, started: Timestamp, hours: &WorkingHours) -> CountedClock<'_> {
        CountedClock {
            limit,
            hours,
            started,
            stopped: None,
            due: at("2027-03-01", 0),
        }
    }

    /// New Year's Day and the Monday after it off, the Saturday worked.
    fn announced() -> Calendar {
        calendar(Some(year(2027, &["2027-01-01", "2027-01-04"], &["2027-01-02"])))
    }

    #[test]
    fn what_is_counted_again_starts_where_it_started() {
        let hours = WorkingHours::default();
        let five = [clock(Some(Limit::WorkingDays(5)), at("2026-12-29", 10), &hours)];
        let unknown = recount(&five, &calendar(None)).unwrap();
        assert_eq!((unknown.at, unknown.provisional), (at("2027-01-06", 0), true));
        let known = recount(&five, &announced()).unwrap();
        assert_eq!((known.at, known.provisional), (at("2027-01-07", 0), false));
    }

    #[test]
    fn an_extended_clock_goes_on_from_the_new_end_and_a_rested_one_keeps_its_rest() {
        let hours = WorkingHours::default();
        let mut first = clock(Some(Limit::WorkingDays(5)), at("2026-12-29", 10), &hours);
        first.stopped = Some(at("2026-12-30", 9));
        let extended = clock(Some(Limit::WorkingDays(2)), at("2026-12-30", 9), &hours);
        assert_eq!(
            recount(&[first, extended], &announced()).unwrap().at,
            at("2027-01-09", 0)
        );
        let resumed = clock(None, at("2026-12-31", 9), &hours);
        assert_eq!(
            recount(&[first, resumed], &announced()).unwrap().at,
            at("2027-01-08", 0)
        );
        let promised = clock(None, at("2026-12-31", 9), &hours);
        assert_eq!(recount(&[promised], &announced()).unwrap().at, promised.due);
        assert!(recount(&[], &announced()).is_none());
    }

    #[test]
    fn nobody_loses_the_next_working_day_and_nobody_is_made_late() {
        let calendar = announced();
        let now = at("2027-01-05", 15);
        let moved = |before, counted| moved_fairly(at(before, 0), at(counted, 0), &calendar, now);
        assert_eq!(
            moved("2027-01-12", "2027-01-14"),
            at("2027-01-14", 0),
            "later as counted"
        );
        assert_eq!(
            moved("2027-01-12", "2027-01-11"),
            at("2027-01-11", 0),
            "earlier, and far off"
        );
        assert_eq!(
            moved("2027-01-12", "2027-01-06"),
            at("2027-01-07", 0),
            "not before tomorrow's end"
        );
        assert_eq!(
            moved("2027-01-06", "2027-01-05"),
            at("2027-01-06", 0),
            "not into the past"
        );
        assert_eq!(moved("2027-01-04", "2027-01-03"), at("2027-01-04", 0), "over is over");
        assert_eq!(moved("2027-01-04", "2027-01-05"), at("2027-01-05", 0), "both are over");
    }
}
