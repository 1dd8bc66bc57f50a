//! What a unit promises when a matter cannot be done within its limit: steps on the way to a day, shown to everybody who may
//! see the case. The promised day itself is the case's `promise_until`.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::case::Refusal;
use crate::domain::redaction;
use crate::domain::time::Timestamp;

/// The most steps of one promise.
pub const MILESTONES_MAX: usize = 10;
/// The longest step, in characters.
pub const MILESTONE_LIMIT: usize = 60;

/// One step on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Milestone {
    /// The day by which it is done.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub day: NaiveDate,
    /// What is done by then, at most 60 characters, without anything about persons.
    pub text: String,
}

/// The first instant after a promised day.
#[must_use]
pub fn end_of(day: NaiveDate) -> Option<Timestamp> {
    day.succ_opt()?.and_hms_opt(0, 0, 0).map(Timestamp::from_city_time)
}

/// Whether the steps lead from now to the promised instant in order, and hold nothing that would be masked: they are public
/// as soon as the promise is approved.
///
/// # Errors
/// `needs_milestones`, `text_too_long` or `milestone_names_somebody`.
pub fn check_milestones(milestones: &[Milestone], now: Timestamp, until: Timestamp) -> Result<(), Refusal> {
    let in_order = milestones.is_sorted_by_key(|milestone| milestone.day);
    let within = |milestone: &Milestone| {
        let over = end_of(milestone.day);
        !milestone.text.trim().is_empty() && over.is_some_and(|over| over > now && over <= until)
    };
    if milestones.is_empty() || milestones.len() > MILESTONES_MAX || !in_order || !milestones.iter().all(within) {
        return Err(Refusal::NeedsMilestones);
    }
    for milestone in milestones {
        if milestone.text.chars().count() > MILESTONE_LIMIT {
            return Err(Refusal::TextTooLong);
        }
        if !redaction::propose(&milestone.text).is_empty() {
            return Err(Refusal::MilestoneNamesSomebody);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 12, day).unwrap()
    }

    fn step(on: u32, text: &str) -> Milestone {
        Milestone {
            day: day(on),
            text: text.to_owned(),
        }
    }

    fn checked(milestones: &[Milestone]) -> Result<(), Refusal> {
        let now = end_of(day(1)).unwrap();
        check_milestones(milestones, now, end_of(day(20)).unwrap())
    }

    #[test]
    fn steps_lead_in_order_from_today_to_the_promised_day() {
        assert_eq!(checked(&[step(2, "完成招标"), step(20, "全部亮灯")]), Ok(()));
        for bad in [
            vec![],
            vec![step(1, "昨天的事")],
            vec![step(21, "全部亮灯")],
            vec![step(20, "全部亮灯"), step(5, "完成招标")],
            vec![step(5, " ")],
            vec![step(5, "换灯"); MILESTONES_MAX + 1],
        ] {
            assert_eq!(checked(&bad), Err(Refusal::NeedsMilestones), "{bad:?}");
        }
        assert_eq!(checked(&[step(5, &"灯".repeat(61))]), Err(Refusal::TextTooLong));
    }

    #[test]
    fn what_everybody_reads_names_nobody() {
        let named = [step(5, "联系电话13853900021")];
        assert_eq!(checked(&named), Err(Refusal::MilestoneNamesSomebody));
    }
}
