//! A new calendar is in force: the provisional due instants of one case's running clocks are counted again from their stored
//! starts, limits and working hours, and those concerned are told once, with both days.
//!
//! Nobody is made late by it: a due instant moves back at most to the end of the next working day. One that moves on has its
//! reminders again. What was done because the earlier one was over stays done; a supervision ends by itself when nobody is
//! late any more.

use std::sync::Arc;

use serde_json::json;
use shared::{
    contract::problem::ProblemCode,
    domain::{
        calendar::{Moment, WorkingHours},
        case::{Action, CaseFacts, timeline::day},
        deadline::{ClockKind, CountedClock, Limit, moved_fairly, recount},
        time::Timestamp,
    },
};

use super::{
    clocks::{policy_named, wakes},
    perform::Scene,
    step::{Act, Stepped},
    sweep::work,
    telling::tell_unit,
};
use crate::{
    access::{Actor, RequestContext},
    city::CityKind,
    database::StoreError,
    errors::Failure,
    services::Services,
    stores::{
        case_store, city_store,
        clock_store::{self, ClockRow, Recounting},
        order_store, parse_word, supervision_store,
    },
};

/// Clocks that go on from each other, at most: a limit, its extensions, its rests.
const LONGEST_CHAIN: usize = 50;

/// A due instant that moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MovedDue {
    /// Of this clock.
    pub clock: ClockKind,
    /// What it was.
    pub before: Timestamp,
    /// What it is.
    pub after: Timestamp,
}

/// What became of the provisional clocks of one case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recounted {
    /// Clocks counted again.
    pub clocks: usize,
    /// Of these, how many are due at another instant.
    pub moved: usize,
}

/// Counts the provisional clocks of a case again that run by another calendar than the one in force, in one write.
///
/// # Errors
/// `Stale` when this process does not know the newest calendar yet, or the case changed meanwhile; the database's failure.
pub async fn recount_case(services: &Arc<Services>, case_id: i64) -> Result<Recounted, Failure> {
    let (held, city) = (Arc::clone(services), services.city());
    services
        .database
        .writer
        .write(move |transaction| {
            let newest = transaction
                .read(|connection| city_store::find_newest_version(connection, CityKind::Calendar.as_str()))?;
            if newest.as_deref() != Some(city.calendar.version()) {
                return Err(ProblemCode::Stale.into());
            }
            let (actor, context) = (Actor::System, RequestContext::default());
            let mut scene = Scene {
                services: &held,
                city: &city,
                transaction,
                actor: &actor,
                context: &context,
            };
            recount_all(&mut scene, case_id)
        })
        .await
}

fn recount_all(scene: &mut Scene<'_, '_>, case_id: i64) -> Result<Recounted, Failure> {
    let version = scene.city.calendar.version();
    let running = scene
        .transaction
        .read(|connection| clock_store::list_running(connection, case_id))?;
    let mut outdated = running
        .into_iter()
        .filter(|clock| clock.provisional && clock.calendar_version != version)
        .peekable();
    if outdated.peek().is_none() {
        return Ok(Recounted::default());
    }
    let row = scene
        .transaction
        .read(|connection| case_store::get_case(connection, case_id))?;
    let facts = row.facts()?;
    let (mut moved, mut clocks) = (Vec::new(), 0);
    for clock in outdated {
        moved.extend(recount_one(scene, &facts, &clock)?);
        clocks += 1;
    }
    if !moved.is_empty() {
        move_elsewhere(scene, case_id, &facts, &moved)?;
        let act = Act {
            detail: detail(version, &moved),
            moved: moved.clone(),
            ..Act::new(case_id, Action::RecountDues)
        };
        let stepped = scene.take(&act)?;
        tell(scene, &stepped, &moved)?;
    }
    Ok(Recounted {
        clocks,
        moved: moved.len(),
    })
}

/// Stores what one clock's due instant is by the calendar in force; answers when it moved.
fn recount_one(scene: &mut Scene<'_, '_>, facts: &CaseFacts, clock: &ClockRow) -> Result<Option<MovedDue>, Failure> {
    let (city, now) = (scene.city, scene.services.now());
    let kind: ClockKind = parse_word("clocks.kind", &clock.kind)?;
    let chain = chain(scene, clock)?;
    let before = Timestamp(clock.due_at);
    let counted = recount(&chain.counted(), &city.calendar).unwrap_or(Moment {
        at: before,
        provisional: false,
    });
    let after = moved_fairly(before, counted.at, &city.calendar, now);
    let span = (Timestamp(clock.started_at), after);
    let policy = policy_named(scene.transaction, city, clock.policy())?;
    let wakes = wakes(city, &policy, facts.urgency, kind, chain.limit(), span);
    let recounting = Recounting {
        due_at: after.0,
        provisional: counted.provisional,
        calendar_version: city.calendar.version(),
        wake_at: wakes.iter().map(|(at, _)| at.0).find(|at| *at > clock.told_until),
    };
    clock_store::recount(scene.transaction, clock, &recounting)?;
    Ok((after != before).then_some(MovedDue {
        clock: kind,
        before,
        after,
    }))
}

/// A clock with those that it goes on from, the oldest first.
struct Chain {
    links: Vec<(Option<Limit>, WorkingHours, ClockRow)>,
}

impl Chain {
    fn counted(&self) -> Vec<CountedClock<'_>> {
        let counted = self.links.iter().map(|(limit, hours, row)| CountedClock {
            limit: *limit,
            hours,
            started: Timestamp(row.started_at),
            stopped: row.stopped_at.map(Timestamp),
            due: Timestamp(row.due_at),
        });
        counted.collect()
    }

    /// The limit by whose way of counting its holder is reminded.
    fn limit(&self) -> Limit {
        let mut limits = self.links.iter().rev();
        limits.find_map(|(limit, ..)| *limit).unwrap_or(Limit::None)
    }
}

fn chain(scene: &mut Scene<'_, '_>, clock: &ClockRow) -> Result<Chain, Failure> {
    let mut links = Vec::new();
    let mut next = Some(clock.clone());
    while let Some(row) = next {
        let limit = row.limit()?;
        let hours = policy_named(scene.transaction, scene.city, row.policy())?
            .working_hours
            .clone();
        let earlier = row.follows.filter(|_| links.len() < LONGEST_CHAIN);
        links.push((limit, hours, row));
        next = earlier
            .map(|id| {
                scene
                    .transaction
                    .read(|connection| clock_store::get_clock(connection, id))
            })
            .transpose()?;
    }
    links.reverse();
    Ok(Chain { links })
}

/// Where else the due instants stand: in the orders and in the supervision.
fn move_elsewhere(
    scene: &mut Scene<'_, '_>,
    case_id: i64,
    facts: &CaseFacts,
    moved: &[MovedDue],
) -> Result<(), StoreError> {
    let find = |clock: ClockKind| moved.iter().find(|due| due.clock == clock);
    for due in [ClockKind::Handle, ClockKind::Redo].into_iter().filter_map(find) {
        order_store::move_dues(scene.transaction, case_id, due.before.0, due.after.0)?;
    }
    let result = find(ClockKind::Supervision).map(|due| due.after.0);
    let answer = find(ClockKind::SupervisionAnswer).map(|due| due.after.0);
    if let Some(held) = facts.memory.supervision.filter(|_| result.or(answer).is_some()) {
        let calendar = scene.city.calendar.version();
        supervision_store::move_dues(scene.transaction, held.id.0, (result, answer), calendar)?;
    }
    Ok(())
}

/// The facts with the moved due instants.
pub(super) fn apply(moved: &[MovedDue], facts: &mut CaseFacts) {
    let memory = &mut facts.memory;
    for due in moved {
        if let Some(kept) = memory.clocks.get_mut(&due.clock) {
            *kept = due.after;
        }
        let waiting = memory.pending.iter_mut();
        for request in waiting.filter(|request| request.action.decision_clock() == due.clock) {
            request.until = request.until.map(|_| due.after);
        }
        if let Some(held) = memory
            .supervision
            .as_mut()
            .filter(|_| due.clock == ClockKind::Supervision)
        {
            held.until = due.after;
        }
    }
}

/// What the timeline keeps for staff.
fn detail(calendar: &str, moved: &[MovedDue]) -> serde_json::Value {
    let moved: Vec<_> = moved
        .iter()
        .map(|due| json!({ "clock": due.clock, "before": due.before, "after": due.after }))
        .collect();
    json!({ "calendar": calendar, "moved": moved })
}

/// One notice for the unit with everything that it has to do by another day, one for whoever supervises or looks back. The
/// requester is told by the step; desks that nobody holds in person see the new day in their lists.
fn tell(scene: &mut Scene<'_, '_>, stepped: &Stepped, moved: &[MovedDue]) -> Result<(), Failure> {
    let topic = Action::RecountDues.as_str();
    let of_unit = moved.iter().filter_map(|due| Some((work(due.clock)?, due)));
    let parts: Vec<String> = of_unit
        .map(|(what, due)| format!("{what}的期限从{}改到{}", day(due.before), day(due.after)))
        .collect();
    if let Some(order) = stepped.order.as_ref().filter(|_| !parts.is_empty()) {
        let words = format!("节假日安排有更新，{}。", parts.join("，"));
        let now = scene.services.now();
        tell_unit(
            scene.services,
            scene.transaction,
            order,
            &stepped.row,
            topic,
            &words,
            now,
        )?;
    }
    let about = |clock: ClockKind, what: &str| {
        let due = moved.iter().find(|due| due.clock == clock)?;
        let (before, after) = (day(due.before), day(due.after));
        Some(format!("节假日安排有更新，{what}的期限从{before}改到{after}。"))
    };
    let held = stepped.facts.memory.supervision;
    if let Some((held, words)) = held.zip(about(ClockKind::Supervision, "督办件")) {
        scene.tell_holders(&stepped.row, held.owner, topic, &words)?;
    }
    if let Some(words) = about(ClockKind::LookBackVisit, "回访") {
        scene.tell_who_looks_back(&stepped.row, topic, &words)?;
    }
    Ok(())
}
