//! What staff see, by their roles and how far those reach: lists, a case, what waits for moderation, search.

pub mod case;
mod entries;
pub mod flags;
pub mod moderation;
pub mod queues;
pub mod reply_templates;
pub mod search;
pub mod supervisions;

use shared::{
    contract::staff_queue::DueState,
    domain::{
        case::{CaseKind, Urgency},
        deadline::ClockKind,
        time::Timestamp,
    },
};

use crate::{city::City, stores::clock_store::ClockRow};

/// What the colour of a limit depends on besides the clock.
#[derive(Debug, Clone, Copy)]
struct Hurry<'a> {
    kind: CaseKind,
    urgency: Urgency,
    category: Option<&'a str>,
    now: Timestamp,
}

/// Green, yellow or red.
fn due_state(city: &City, hurry: &Hurry<'_>, clock: &ClockRow) -> DueState {
    let (start, due) = (Timestamp(clock.started_at), Timestamp(clock.due_at));
    if hurry.now >= due {
        return DueState::Late;
    }
    let soon = ClockKind::parse(&clock.kind).map(|kind| {
        let limit = city.policy.limit(kind, hurry.kind, hurry.urgency, hurry.category);
        city.policy
            .due_soon_at(&city.calendar, hurry.urgency, limit, start, due)
    });
    if soon.is_some_and(|soon| hurry.now >= soon) {
        DueState::Soon
    } else {
        DueState::Ok
    }
}
