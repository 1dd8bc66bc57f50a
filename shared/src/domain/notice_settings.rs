//! What reaches a resident outside of the inbox, and when: by group push and text message on or off, and the hours in which a
//! push waits. The inbox always gets everything. Which notice belongs to which group is decided where notices are delivered.

use std::collections::BTreeMap;

use chrono::{Days, NaiveTime, Timelike};
use serde::{Deserialize, Serialize};

use crate::domain::{case::words::closed_list, time::Timestamp};

closed_list! {
    /// What notices are about, as a resident chooses.
    pub enum NoticeGroup as "notice group" {
        /// Progress of the own cases.
        OwnCases = "own_cases", "我的诉求";
        /// Progress of cases that the resident follows.
        FollowedCases = "followed_cases", "我关注的诉求";
        /// What the city announces.
        Announcements = "announcements", "公告";
    }
}

/// The ways beside the inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channels {
    /// Pushed to the devices, if the person agreed to push messages.
    pub push: bool,
    /// A text message that says that there is news; it holds nothing of the matter.
    pub sms: bool,
}

impl Default for Channels {
    fn default() -> Self {
        Self { push: true, sms: false }
    }
}

/// Hours of the city's day in which nothing makes a sound; they may go over midnight. The same beginning and end means none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    /// From then on.
    pub from: NaiveTime,
    /// Until then.
    pub until: NaiveTime,
}

impl Default for QuietHours {
    /// 22:00 to 07:00.
    fn default() -> Self {
        Self::of_minutes(22 * 60, 7 * 60)
    }
}

impl QuietHours {
    /// From minutes since midnight; what lies beyond a day counts as midnight.
    #[must_use]
    pub fn of_minutes(from: u32, until: u32) -> Self {
        let time = |minutes: u32| NaiveTime::from_hms_opt(minutes / 60, minutes % 60, 0).unwrap_or_default();
        Self {
            from: time(from),
            until: time(until),
        }
    }

    /// Beginning and end in minutes since midnight.
    #[must_use]
    pub fn minutes(self) -> (u32, u32) {
        let minutes = |time: NaiveTime| time.hour() * 60 + time.minute();
        (minutes(self.from), minutes(self.until))
    }

    /// When the quiet ends that reigns at `now`; `None` when there is none.
    #[must_use]
    pub fn end_of_quiet(self, now: Timestamp) -> Option<Timestamp> {
        let (civil, day) = (now.city_time(), now.city_date());
        let time = civil.time();
        let over_midnight = self.from > self.until;
        let quiet = if over_midnight {
            time >= self.from || time < self.until
        } else {
            time >= self.from && time < self.until
        };
        let days = u64::from(over_midnight && time >= self.from);
        let last = day.checked_add_days(Days::new(days)).unwrap_or(day);
        quiet.then(|| Timestamp::from_city_time(last.and_time(self.until)))
    }
}

/// What one resident chose.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NoticeSettings {
    /// By group; what is absent is as at the beginning.
    pub channels: BTreeMap<NoticeGroup, Channels>,
    /// When pushes wait.
    pub quiet: QuietHours,
}

impl NoticeSettings {
    /// The ways for a group.
    #[must_use]
    pub fn of(&self, group: NoticeGroup) -> Channels {
        self.channels.get(&group).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        serde_json::from_str(&format!("\"2026-11-{text}:00+08:00\"")).unwrap()
    }

    #[test]
    fn quiet_hours_go_over_midnight_and_end_in_the_morning() {
        let night = QuietHours::default();
        for (now, end) in [
            ("23T21:59", None),
            ("23T22:00", Some("24T07:00")),
            ("24T06:59", Some("24T07:00")),
            ("24T07:00", None),
        ] {
            assert_eq!(night.end_of_quiet(at(now)), end.map(at), "{now}");
        }
        let noon = QuietHours::of_minutes(12 * 60, 14 * 60);
        assert_eq!(noon.end_of_quiet(at("23T13:00")), Some(at("23T14:00")));
        assert_eq!(noon.end_of_quiet(at("23T14:00")), None);
        assert_eq!(QuietHours::of_minutes(0, 0).end_of_quiet(at("23T00:00")), None);
    }
}
