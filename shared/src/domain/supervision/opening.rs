//! Which tier a cause opens for one case now: named causes skip upwards, guards pass the media by, a tier never falls, and what
//! a tier already holds opens nothing.

use super::{Cause, Ladder, Tier};
use crate::domain::case::CaseFacts;
use crate::domain::deadline::ClockKind;
use crate::domain::time::Timestamp;

/// A tier to be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// The tier.
    pub tier: Tier,
    /// Why: the cause given, or that there were too many redos and supervisions.
    pub cause: Cause,
}

/// The clocks whose red card is a cause. Those of the requester, and windows, are nobody's fault.
#[must_use]
pub const fn watched(clock: ClockKind) -> bool {
    matches!(
        clock,
        ClockKind::Accept
            | ClockKind::AppealDecision
            | ClockKind::Dispatch
            | ClockKind::FirstAction
            | ClockKind::Handle
            | ClockKind::Redo
            | ClockKind::ReturnDecision
            | ClockKind::ReplyReview
    )
}

/// Whether somebody who has to act lets a limit pass.
#[must_use]
pub fn is_late(facts: &CaseFacts, now: Timestamp) -> bool {
    let over = |(clock, due): (&ClockKind, &Timestamp)| {
        (watched(*clock) || matches!(clock, ClockKind::SignFor | ClockKind::FirstContact)) && now >= *due
    };
    facts.state.is_open() && facts.memory.clocks.iter().any(over)
}

impl Ladder {
    /// The tier that `cause` opens for this case; none when the cause does not count for such a case, or a tier as high holds it.
    #[must_use]
    pub fn opening(&self, cause: Cause, facts: &CaseFacts, category: Option<&str>) -> Option<Opening> {
        if cause.is_about_result() && self.process_only.covers(facts, category) {
            return None;
        }
        let held = facts.memory.supervision.map(|supervision| supervision.tier);
        let named = self.opened_by(cause);
        let climbs = |tier: &Tier| self.rule(*tier).climbs.contains(&cause);
        // A look-back comes when the supervision is over: the matter goes to above the tier that climbs for it.
        let climbing = if held.is_none() && cause == Cause::LookBackUndone {
            let reached = |tier: &Tier| facts.tier >= tier.number();
            Tier::ALL.iter().copied().find(climbs).filter(reached)
        } else {
            held.filter(climbs)
        };
        let climbed = climbing.and_then(Tier::next);
        let reached = Tier::of_number(facts.tier).filter(|_| held.is_none());
        let meant = named.max(climbed).map(|tier| tier.max(reached.unwrap_or(tier)));
        let opens = |tier: Tier| held.is_none_or(|held| tier > held);
        let too_many = meant != Some(Tier::Discipline) && self.are_too_many(facts, meant.is_some_and(opens));
        let opening = if too_many {
            Opening {
                tier: Tier::Discipline,
                cause: Cause::TooMany,
            }
        } else {
            let tier = self.passing_media_by(meant?, facts, category);
            Opening { tier, cause }
        };
        opens(opening.tier).then_some(opening)
    }

    /// Whether there are enough redos and supervisions for the highest tier, with one more where one would open.
    fn are_too_many(&self, facts: &CaseFacts, one_more: bool) -> bool {
        let supervisions = facts.memory.supervisions.saturating_add(u32::from(one_more));
        facts.redo_count.saturating_add(supervisions) >= self.counts.redos_and_supervisions
    }

    fn passing_media_by(&self, tier: Tier, facts: &CaseFacts, category: Option<&str>) -> Tier {
        if tier == Tier::Media && self.no_publicity.covers(facts, category) {
            Tier::Government
        } else {
            tier
        }
    }
}
