//! Integrity signs (rule book 6.10): what in a case's history may mean that a rating was pressed for, or that something was closed
//! or left unsigned for show. A sign blames nobody: it is evidence for a person who decides. Reading the history, and keeping
//! what was found, are the server's matter.

use serde::{Deserialize, Serialize};

use crate::domain::case::words::closed_list;
use crate::domain::case::{Action, CaseFacts};
use crate::domain::id::EventId;
use crate::domain::supervision::{Cause, LookBackFinding};
use crate::domain::time::Timestamp;

/// The largest of the figures.
const MAX_FIGURE: u32 = 1_000;

closed_list! {
    /// What was noticed.
    pub enum Sign as "sign" {
        /// The unit was in touch again and again after a bad rating.
        Pressure = "pressure", "差评后反复联系";
        /// It telephoned many times within a day after a bad rating.
        ManyCalls = "many_calls", "差评后频繁通话";
        /// The rating rose soon after the unit had been in touch.
        RatingRaised = "rating_raised", "联系后改高评价";
        /// The case was withdrawn soon after the unit had been in touch.
        Withdrawn = "withdrawn", "联系后撤回";
        /// What was reported as done came back, or was not done.
        FalseClosing = "false_closing", "疑似虚假办结";
        /// The unit lets its orders count as signed, again and again.
        Unsigned = "unsigned", "多次不签收";
    }
}

closed_list! {
    /// What a person decides about a sign.
    pub enum FlagDecision as "decision" {
        /// It was what it looked like.
        Confirmed = "confirmed", "属实";
        /// It was not.
        Dismissed = "dismissed", "不属实";
    }
}

impl Sign {
    /// The cause of supervision that a confirmed sign is, if it is one.
    #[must_use]
    pub const fn cause(self) -> Option<Cause> {
        match self {
            Self::Pressure | Self::ManyCalls | Self::RatingRaised | Self::Withdrawn => Some(Cause::Pressure),
            Self::FalseClosing => Some(Cause::FalseClosing),
            Self::Unsigned => None,
        }
    }
}

/// From when on something is a sign: part of the ladder, which the city changes as data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignFigures {
    /// `pressure`: so many contacts by the unit after a bad rating, before it is answered.
    pub contacts: u32,
    /// `many_calls`: so many telephone calls after a bad rating…
    pub calls: u32,
    /// …within so many hours.
    pub calls_hours: u32,
    /// `rating_raised`: a better rating so many minutes after a contact at most.
    pub raised_minutes: u32,
    /// `withdrawn`: a withdrawal so many hours after a contact at most.
    pub withdrawn_hours: u32,
    /// `false_closing`: the same requester reports the same matter again within so many days of its closing.
    pub repeat_days: u32,
    /// `unsigned`: so many orders of a unit that counted as signed…
    pub unsigned_orders: u32,
    /// …within so many days.
    pub unsigned_days: u32,
}

impl SignFigures {
    /// The first figure that is zero or out of bounds.
    #[must_use]
    pub fn unsound(&self) -> Option<&'static str> {
        let named = [
            ("contacts", self.contacts),
            ("calls", self.calls),
            ("calls_hours", self.calls_hours),
            ("raised_minutes", self.raised_minutes),
            ("withdrawn_hours", self.withdrawn_hours),
            ("repeat_days", self.repeat_days),
            ("unsigned_orders", self.unsigned_orders),
            ("unsigned_days", self.unsigned_days),
        ];
        let unsound = named.iter().find(|(_, figure)| !(1..=MAX_FIGURE).contains(figure));
        unsound.map(|(name, _)| *name)
    }
}

/// An entry of a case's history, as far as signs are seen in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Happening {
    /// The entry.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub action: Action,
    /// For the requester's ratings, given in person or on the phone: the grade.
    pub grade: Option<u8>,
    /// For contacts: by telephone.
    pub by_phone: bool,
}

/// A sign with the entries that show it, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raised {
    /// What was noticed.
    pub sign: Sign,
    /// Where.
    pub evidence: Vec<EventId>,
}

/// The acts among which signs are seen.
pub const TELLING: &[Action] = &[
    Action::RecordContact,
    Action::Redo,
    Action::RateSatisfied,
    Action::ExpireRating,
    Action::CloseExplained,
];

/// Whether an act can show a sign in its case's own history, so that this is worth reading. `by_requester`: the requester did it.
#[must_use]
pub const fn may_show(
    action: Action,
    by_requester: bool,
    finding: Option<LookBackFinding>,
    before: &CaseFacts,
) -> bool {
    match action {
        Action::RecordContact | Action::RateSatisfied | Action::Redo => before.redo_count > 0,
        Action::Withdraw => before.dispatch_count > 0,
        Action::Reopen => by_requester && before.ended_as_solved(),
        Action::LookBack => matches!(finding, Some(LookBackFinding::Undone)) && before.ended_as_solved(),
        _ => false,
    }
}

/// The signs that an act shows, for which [`may_show`] holds. `history` is what came before it of [`TELLING`], oldest first.
#[must_use]
pub fn signs(act: &Happening, history: &[Happening], figures: &SignFigures) -> Vec<Raised> {
    let seen = match act.action {
        Action::RecordContact => return after_bad_rating(act, history, figures),
        Action::RateSatisfied | Action::Redo => raised_rating(act, history, figures),
        Action::Withdraw => {
            let soon = i64::from(figures.withdrawn_hours) * 60;
            last_contact(act, history, soon).map(|contact| (Sign::Withdrawn, vec![contact, act.id]))
        }
        Action::Reopen | Action::LookBack => {
            let closing = history.iter().rfind(|one| one.action != Action::RecordContact);
            let evidence = closing.map(|one| one.id).into_iter().chain([act.id]).collect();
            Some((Sign::FalseClosing, evidence))
        }
        _ => None,
    };
    seen.map(|(sign, evidence)| Raised { sign, evidence })
        .into_iter()
        .collect()
}

fn minutes_between(earlier: Timestamp, later: Timestamp) -> i64 {
    later.micros_since(earlier) / 60_000_000
}

fn last_contact(act: &Happening, history: &[Happening], within_minutes: i64) -> Option<EventId> {
    let contact = history.iter().rfind(|one| one.action == Action::RecordContact)?;
    (minutes_between(contact.at, act.at) <= within_minutes).then_some(contact.id)
}

fn raised_rating(act: &Happening, history: &[Happening], figures: &SignFigures) -> Option<(Sign, Vec<EventId>)> {
    let before = history.iter().rfind(|one| one.grade.is_some())?;
    if act.grade <= before.grade {
        return None;
    }
    let contact = last_contact(act, history, i64::from(figures.raised_minutes))?;
    (contact > before.id).then(|| (Sign::RatingRaised, vec![before.id, contact, act.id]))
}

fn after_bad_rating(act: &Happening, history: &[Happening], figures: &SignFigures) -> Vec<Raised> {
    let Some(bad) = history.iter().rposition(|one| one.action == Action::Redo) else {
        return Vec::new();
    };
    let (rating, later) = (history[bad].id, &history[bad + 1..]);
    let contacts: Vec<&Happening> = later
        .iter()
        .chain([act])
        .filter(|one| one.action == Action::RecordContact)
        .collect();
    let lately = i64::from(figures.calls_hours) * 60;
    let call = |one: &&&Happening| one.by_phone && minutes_between(one.at, act.at) <= lately;
    let calls: Vec<EventId> = contacts.iter().filter(call).map(|one| one.id).collect();
    let contacts: Vec<EventId> = contacts.iter().map(|one| one.id).collect();
    let enough = |many: &[EventId], figure: u32| u32::try_from(many.len()).unwrap_or(u32::MAX) >= figure;
    let seen = [
        (Sign::Pressure, enough(&contacts, figures.contacts), contacts),
        (Sign::ManyCalls, act.by_phone && enough(&calls, figures.calls), calls),
    ];
    let raised = seen.into_iter().filter(|(_, enough, _)| *enough);
    raised
        .map(|(sign, _, evidence)| Raised {
            sign,
            evidence: std::iter::once(rating).chain(evidence).collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIGURES: SignFigures = SignFigures {
        contacts: 4,
        calls: 3,
        calls_hours: 24,
        raised_minutes: 60,
        withdrawn_hours: 24,
        repeat_days: 60,
        unsigned_orders: 3,
        unsigned_days: 30,
    };

    /// Something that happened so many minutes after the beginning, which is also its id.
    fn at(minutes: i64, action: Action) -> Happening {
        Happening {
            id: EventId(minutes),
            at: Timestamp(0).plus_minutes(minutes),
            action,
            grade: None,
            by_phone: false,
        }
    }

    fn rated(minutes: i64, grade: u8) -> Happening {
        let action = if grade < 3 { Action::Redo } else { Action::RateSatisfied };
        Happening {
            grade: Some(grade),
            ..at(minutes, action)
        }
    }

    fn called(minutes: i64) -> Happening {
        Happening {
            by_phone: true,
            ..at(minutes, Action::RecordContact)
        }
    }

    fn seen(history: &[Happening]) -> Vec<(Sign, Vec<i64>)> {
        let (act, before) = history.split_last().unwrap();
        let raised = signs(act, before, &FIGURES).into_iter();
        raised
            .map(|one| (one.sign, one.evidence.iter().map(|id| id.0).collect()))
            .collect()
    }

    #[test]
    fn many_contacts_count_only_after_the_bad_rating_and_many_calls_only_within_a_day() {
        let visit = |minutes| at(minutes, Action::RecordContact);
        assert_eq!(seen(&[called(1), called(2), rated(10, 1), called(20), called(30)]), []);
        assert_eq!(
            seen(&[rated(10, 1), called(20), called(30), called(40)]),
            [(Sign::ManyCalls, vec![10, 20, 30, 40])]
        );
        let day = 24 * 60;
        assert_eq!(seen(&[rated(10, 1), called(20), called(30), called(31 + day)]), []);
        assert_eq!(
            seen(&[
                rated(10, 1),
                visit(20),
                visit(30 + day),
                called(40 + day),
                visit(50 + day)
            ]),
            [(Sign::Pressure, vec![10, 20, 30 + day, 40 + day, 50 + day])]
        );
    }

    #[test]
    fn a_rating_that_rises_within_the_hour_after_a_contact_is_a_sign_and_a_later_or_a_lower_one_is_not() {
        let sign = (Sign::RatingRaised, vec![10, 20, 80]);
        assert_eq!(seen(&[rated(10, 1), called(20), rated(80, 5)]), [sign]);
        assert_eq!(seen(&[rated(10, 1), called(20), rated(81, 5)]), []);
        assert_eq!(seen(&[rated(10, 2), called(20), rated(30, 2)]), []);
        assert_eq!(
            seen(&[called(5), rated(10, 1), rated(30, 5)]),
            [],
            "the contact came before"
        );
        assert_eq!(seen(&[called(20), rated(30, 5)]), [], "the first rating is not raised");
    }

    #[test]
    fn withdrawing_within_a_day_of_a_contact_is_a_sign() {
        let day = 24 * 60;
        let withdrawal = |minutes| at(minutes, Action::Withdraw);
        assert_eq!(seen(&[called(0), withdrawal(day)]), [(Sign::Withdrawn, vec![0, day])]);
        assert_eq!(seen(&[called(0), withdrawal(day + 1)]), []);
        assert_eq!(seen(&[withdrawal(5)]), []);
    }

    #[test]
    fn what_comes_back_points_to_its_closing() {
        let history = [called(5), rated(10, 4), at(90, Action::Reopen)];
        assert_eq!(seen(&history), [(Sign::FalseClosing, vec![10, 90])]);
    }
}
