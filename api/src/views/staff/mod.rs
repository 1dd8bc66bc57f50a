//! What staff see, by their roles and how far those reach: lists, a case, what waits for moderation, search.

pub mod case;
mod entries;
pub mod flags;
pub mod knowledge;
pub mod live;
pub mod moderation;
pub mod queues;
pub mod reply_templates;
pub mod search;
pub mod supervisions;
pub mod unit_people;

use shared::{
    contract::staff_queue::DueState,
    domain::{
        case::{CaseKind, Urgency},
        deadline::ClockKind,
        time::Timestamp,
    },
};

use crate::{
    city::City,
    database::{DbConnection, StoreError},
    stores::{city_store, clock_store::ClockRow, parse_word},
};

/// What the colour of a limit depends on besides the clock.
#[derive(Debug, Clone, Copy)]
struct Hurry<'a> {
    kind: CaseKind,
    urgency: Urgency,
    category: Option<&'a str>,
    now: Timestamp,
}

/// Green, yellow or red, by the limit and the policy that the clock was started under.
fn due_state(
    connection: &mut DbConnection,
    city: &City,
    hurry: &Hurry<'_>,
    clock: &ClockRow,
) -> Result<DueState, StoreError> {
    let (start, due) = (Timestamp(clock.started_at), Timestamp(clock.due_at));
    if hurry.now >= due {
        return Ok(DueState::Late);
    }
    let kind: ClockKind = parse_word("clocks.kind", &clock.kind)?;
    let policy = city.policy_of(clock.policy(), |kind, version| {
        city_store::find_content(connection, kind, version)
    })?;
    let usual = || policy.limit(kind, hurry.kind, hurry.urgency, hurry.category);
    let limit = clock.limit()?.unwrap_or_else(usual);
    let soon = policy.due_soon_at(&city.calendar, hurry.urgency, limit, start, due);
    Ok(if hurry.now >= soon {
        DueState::Soon
    } else {
        DueState::Ok
    })
}
