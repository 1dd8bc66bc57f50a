//! When a holder is reminded while a clock runs, and when yellow and red cards are shown. Who is told, and how, is decided elsewhere.

use serde::{Deserialize, Serialize};

use super::due::last_day;
use super::limit::Limit;
use super::policy::{DeadlinePolicy, PolicyError};
use crate::domain::calendar::Calendar;
use crate::domain::case::Urgency;
use crate::domain::time::Timestamp;

/// The most reminders for one clock.
const MAX_REMINDERS: usize = 8;
/// The largest distance of a card from the due day, in working days.
const MAX_CARD_DAYS: u16 = 20;

/// Reminders and cards for one urgency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReminderRule {
    /// Shares of the limit, in percent, after which the holder is reminded; ascending, may be empty.
    #[serde(default)]
    pub at_percent: Vec<u8>,
    /// The yellow card: this many working days before the due day, at the opening of work; none when 0.
    pub yellow_working_days_before: u16,
    /// The red card: this many working days after the due day, at the opening of work; when 0, the moment the limit ends.
    pub red_working_days_after: u16,
}

/// Reminders and cards by urgency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReminderPolicy {
    /// Life or property in danger.
    pub emergency: ReminderRule,
    /// Water, power, gas or heat.
    pub livelihood: ReminderRule,
    /// Everything else.
    pub routine: ReminderRule,
}

/// What there is to do about a running clock at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wake {
    /// The holder is reminded: at a share of the limit, or when it is due soon.
    Reminder,
    /// The limit is over.
    Due,
    /// The red card.
    Red,
}

impl ReminderPolicy {
    /// The rule for an urgency.
    #[must_use]
    pub const fn rule(&self, urgency: Urgency) -> &ReminderRule {
        match urgency {
            Urgency::Emergency => &self.emergency,
            Urgency::Livelihood => &self.livelihood,
            Urgency::Routine => &self.routine,
        }
    }

    pub(super) fn check(&self) -> Result<(), PolicyError> {
        for rule in [&self.emergency, &self.livelihood, &self.routine] {
            let percent = &rule.at_percent;
            let in_order = percent.is_sorted_by(|earlier, later| earlier < later);
            if !in_order || percent.len() > MAX_REMINDERS || percent.iter().any(|share| !(1..=99).contains(share)) {
                return Err(PolicyError::Number("at_percent"));
            }
            if rule.yellow_working_days_before.max(rule.red_working_days_after) > MAX_CARD_DAYS {
                return Err(PolicyError::Number(
                    "yellow_working_days_before or red_working_days_after",
                ));
            }
        }
        Ok(())
    }
}

impl DeadlinePolicy {
    /// The instants at which the holder is reminded of a clock that runs from `start` to `due`: shares of working time
    /// for limits counted in working time, of wall-clock time otherwise.
    #[must_use]
    pub fn reminders(
        &self,
        calendar: &Calendar,
        urgency: Urgency,
        limit: Limit,
        start: Timestamp,
        due: Timestamp,
    ) -> Vec<Timestamp> {
        let shares = self.reminders.rule(urgency).at_percent.iter();
        shares
            .filter_map(|&percent| self.share(calendar, limit, start, due, percent))
            .collect()
    }

    /// The yellow card: the opening of work some working days before the due day; nothing when the clock had not
    /// started by then or the urgency has no yellow card.
    #[must_use]
    pub fn yellow_at(
        &self,
        calendar: &Calendar,
        urgency: Urgency,
        start: Timestamp,
        due: Timestamp,
    ) -> Option<Timestamp> {
        let days = self.reminders.rule(urgency).yellow_working_days_before;
        if days == 0 {
            return None;
        }
        let day = (0..days).fold(last_day(due), |day, _| calendar.previous_working_day(day).date);
        let at = self.working_hours.opening(day);
        (at > start).then_some(at)
    }

    /// The red card: late. The opening of work some working days after the due day, or the end of the limit itself.
    #[must_use]
    pub fn red_at(&self, calendar: &Calendar, urgency: Urgency, due: Timestamp) -> Timestamp {
        match self.reminders.rule(urgency).red_working_days_after {
            0 => due,
            days => self
                .working_hours
                .opening(calendar.add_working_days(last_day(due), days).date)
                .max(due),
        }
    }

    /// Every instant at which a clock that runs from `start` to `due` is looked at, with what there is to do, in order.
    #[must_use]
    pub fn wakes(
        &self,
        calendar: &Calendar,
        urgency: Urgency,
        limit: Limit,
        start: Timestamp,
        due: Timestamp,
    ) -> Vec<(Timestamp, Wake)> {
        let early = self.reminders(calendar, urgency, limit, start, due).into_iter();
        let soon = self.due_soon_at(calendar, urgency, limit, start, due);
        let mut wakes: Vec<_> = early
            .chain([soon])
            .filter(|at| (start..due).contains(at))
            .map(|at| (at, Wake::Reminder))
            .collect();
        wakes.push((due, Wake::Due));
        wakes.push((self.red_at(calendar, urgency, due), Wake::Red));
        wakes.sort_unstable();
        wakes.dedup();
        wakes
    }

    /// The same for a clock that runs to the end of a named day, whatever the urgency: its holder is reminded at the opening of work
    /// on the working day before.
    #[must_use]
    pub fn wakes_before_day(&self, calendar: &Calendar, start: Timestamp, due: Timestamp) -> Vec<(Timestamp, Wake)> {
        let before = calendar.previous_working_day(last_day(due)).date;
        let opening = self.working_hours.opening(before);
        let reminder = (opening > start).then_some((opening, Wake::Reminder));
        reminder.into_iter().chain([(due, Wake::Due)]).collect()
    }

    /// From when an order is shown as due soon: the yellow card where there is one, else the last reminder, else four
    /// fifths of the limit.
    #[must_use]
    pub fn due_soon_at(
        &self,
        calendar: &Calendar,
        urgency: Urgency,
        limit: Limit,
        start: Timestamp,
        due: Timestamp,
    ) -> Timestamp {
        let yellow = self.yellow_at(calendar, urgency, start, due);
        let last_reminder = || self.reminders(calendar, urgency, limit, start, due).pop();
        let four_fifths = || self.share(calendar, limit, start, due, FOUR_FIFTHS);
        yellow.or_else(last_reminder).or_else(four_fifths).unwrap_or(due)
    }

    /// The instant at which `percent` of the time from `start` to `due` has passed; nothing when there is no such time.
    fn share(
        &self,
        calendar: &Calendar,
        limit: Limit,
        start: Timestamp,
        due: Timestamp,
        percent: u8,
    ) -> Option<Timestamp> {
        let hours = &self.working_hours;
        let working = limit.runs_in_working_time();
        let whole = if working {
            calendar.working_micros_between(hours, start, due)
        } else {
            due.micros_since(start)
        };
        // Divided first: the product of a long span and a percentage must not overflow.
        let part = whole / 100 * i64::from(percent);
        match (part > 0, working) {
            (false, _) => None,
            (true, true) => Some(calendar.add_working_micros(hours, start, part).at),
            (true, false) => Some(Timestamp(start.0.saturating_add(part))),
        }
    }
}

/// The share after which an order is due soon where the policy names no reminder and no yellow card fits.
const FOUR_FIFTHS: u8 = 80;
