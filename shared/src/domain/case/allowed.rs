//! What a person can do with a case now, and why not what he cannot: the same decision, asked for every act.

use crate::domain::calendar::Calendar;
use crate::domain::case::transition::{concerns, decide};
use crate::domain::case::{Action, ActorFacts, CaseFacts, Refusal};
use crate::domain::time::Timestamp;

/// One act and whether it is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActionVerdict {
    /// The act.
    pub action: Action,
    /// Whether it can be done now.
    pub allowed: bool,
    /// Why not, when it cannot.
    pub refusal: Option<Refusal>,
}

/// The acts that belong to the actor's roles on this case, in the order of the rule book.
#[must_use]
pub fn allowed_actions(
    facts: &CaseFacts,
    actor: &ActorFacts,
    now: Timestamp,
    calendar: &Calendar,
) -> Vec<ActionVerdict> {
    let verdict = |action: &Action| {
        let refusal = decide(*action, facts, actor, now, calendar).err();
        ActionVerdict {
            action: *action,
            allowed: refusal.is_none(),
            refusal,
        }
    };
    Action::ALL
        .iter()
        .filter(|action| concerns(**action, actor))
        .map(verdict)
        .collect()
}
