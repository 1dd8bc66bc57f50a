//! The people and the cases that the tests start from.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use shared::domain::calendar::Calendar;
use shared::domain::case::facts::{ActorFacts, CaseFacts, PendingRequest, PrimaryFacts};
use shared::domain::case::{Action, CaseKind, CaseState, Outcome, Urgency, Visibility};
use shared::domain::deadline::ClockKind;
use shared::domain::id::{AccountId, CaseId, SupervisionId};
use shared::domain::role::Role;
use shared::domain::supervision::{Cause, OpenSupervision, Tier};
use shared::domain::time::Timestamp;

pub(crate) const ACTOR: AccountId = AccountId(7);
pub(crate) const SOMEBODY: AccountId = AccountId(8);

pub(crate) fn on(year: i32, month: u32, day: u32) -> Timestamp {
    Timestamp::from_city_time(
        NaiveDate::from_ymd_opt(year, month, day)
            .unwrap()
            .and_hms_opt(12, 0, 0)
            .unwrap(),
    )
}

/// A Monday noon.
pub(crate) fn now() -> Timestamp {
    on(2026, 11, 23)
}

/// Weekdays only: what matters here is not which days are holidays.
pub(crate) fn calendar() -> Calendar {
    Calendar::from_holiday_cn(&[]).unwrap()
}

/// A case in `state` to which nothing has happened that would stand in the way: all windows open, no limit passed.
pub(crate) fn plain(state: CaseState) -> CaseFacts {
    let mut facts = CaseFacts::submitted(CaseKind::Assistance, Urgency::Routine, Visibility::Public);
    facts.state = state;
    facts.lead_unit = Some("371323001".to_owned());
    facts.memory.has_work_order = true;
    facts.memory.dispatched_by = Some(SOMEBODY);
    facts.memory.promise_until = Some(now().plus_minutes(60));
    facts.memory.clocks = ClockKind::ALL
        .iter()
        .filter(|clock| !clock.is_look_back())
        .map(|clock| (*clock, now().plus_minutes(60)))
        .collect();
    if state == CaseState::Closed {
        facts.outcome = Some(Outcome::Resolved);
    }
    if state == CaseState::Merged {
        facts.primary = Some(PrimaryFacts {
            id: CaseId(1),
            state: CaseState::Replied,
            cycle: 1,
            rating_until: None,
        });
    }
    facts
}

/// The facts that the table names.
pub(crate) fn world(given: &str, state: CaseState, action: Action) -> CaseFacts {
    let mut facts = plain(state);
    let request = action.answers().unwrap_or(Action::RequestCloseExplained);
    let asked = PendingRequest {
        action: request,
        by: SOMEBODY,
        at: now(),
        until: Some(now().plus_minutes(60)),
    };
    let memory = &mut facts.memory;
    match given {
        "plain" => {}
        "late" => {
            let clocks = ClockKind::ALL.iter().filter(|clock| !clock.is_look_back());
            memory.clocks = clocks.map(|clock| (*clock, now())).collect();
            memory.promise_until = Some(now());
        }
        "was accepted" => memory.former_state = Some(CaseState::Accepted),
        "was dispatched" => memory.former_state = Some(CaseState::Dispatched),
        "no order" => memory.has_work_order = false,
        "from mediation" => memory.from_mediation = true,
        "after a promise" => {
            memory.clocks.remove(&ClockKind::Handle);
            memory.clocks.remove(&ClockKind::Redo);
        }
        "asked" => memory.pending.push(asked),
        "asked a second time" => {
            memory.pending.push(asked);
            memory.extensions = 1;
        }
        "demand" => memory.demand_since = Some(now()),
        "demand without order" => {
            memory.demand_since = Some(now());
            memory.has_work_order = false;
        }
        "late demand" => {
            memory.demand_since = Some(now());
            memory.clocks.insert(ClockKind::JudgeDemand, now());
        }
        "asked after demand" => {
            memory.demand_since = Some(now());
            memory.pending.push(asked);
        }
        "late request" => memory.pending.push(PendingRequest {
            until: Some(now()),
            ..asked
        }),
        "late request after demand" => {
            memory.demand_since = Some(now());
            memory.pending.push(PendingRequest {
                until: Some(now()),
                ..asked
            });
        }
        "look-back due" => {
            memory.clocks.insert(ClockKind::FirstLookBack, now());
        }
        "look-back due without publicity" => {
            memory.clocks.insert(ClockKind::FirstLookBack, now());
            facts.no_publicity = true;
        }
        "incomplete" => facts.outcome = Some(Outcome::Incomplete),
        "inquiry" => facts.kind = CaseKind::Inquiry,
        "third" => facts.redo_count = 2,
        "supervised" => {
            memory.supervision = Some(OpenSupervision {
                id: SupervisionId(1),
                tier: Tier::Hotline,
                cause: Cause::Late,
                owner: Role::HotlineSupervisor,
                until: now().plus_minutes(60),
            });
        }
        other => panic!("no such facts: {other}"),
    }
    facts
}

pub(crate) fn actor(who: &str) -> ActorFacts {
    let mut actor = ActorFacts {
        id: Some(ACTOR),
        roles: BTreeSet::new(),
        ..ActorFacts::visitor()
    };
    match who {
        "owner" => actor.is_requester = true,
        "member" => actor.is_member = true,
        "resident" => actor.roles = BTreeSet::from([Role::Requester]),
        "callers_clerk" => {
            actor.roles = BTreeSet::from([Role::Clerk]);
            actor.speaks_for_requester = true;
        }
        role => actor.roles = BTreeSet::from([role.parse().unwrap()]),
    }
    actor
}

/// Everybody who can try: the owner, a member, a resident, a clerk on the phone, and one person for each other role.
pub(crate) fn everybody() -> Vec<String> {
    let roles = Role::ALL
        .iter()
        .filter(|role| **role != Role::Requester)
        .map(ToString::to_string);
    ["owner", "member", "resident", "callers_clerk"]
        .iter()
        .map(ToString::to_string)
        .chain(roles)
        .collect()
}
