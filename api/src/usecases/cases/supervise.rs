//! A case and the tiers: what a step, a clock or a supervisor gives cause for is taken up by the tier that the ladder names,
//! and a supervision whose limit is over is settled or climbs. The case keeps its own state meanwhile.
//!
//! What a tier does with its tools is `usecases::supervisions`.

use std::collections::BTreeSet;

use serde_json::json;
use shared::domain::{
    case::{Action, CaseFacts},
    deadline::{ClockKind, Due},
    id::SupervisionId,
    role::{Reach, Role},
    supervision::{Cause, OpenSupervision, SupervisionResult, Tier, cause_of_step, is_late},
    time::Timestamp,
};

use super::{
    clocks::{Limits, go_on},
    known::Known,
    perform::Scene,
    step::{Act, Stepped},
    telling::notify,
};
use crate::{
    access::RequestContext,
    city::City,
    database::{StoreError, Transaction},
    errors::Failure,
    services::Services,
    stores::{
        case_store::{self, CaseRow},
        clock_store::{self, ClockRow},
        order_store::WorkOrderRow,
        staff_store,
        supervision_store::{self, Ending, Opening, SupervisionRow},
    },
};

/// The clocks of a supervision.
pub(crate) const CLOCKS: &[ClockKind] = &[ClockKind::SupervisionAnswer, ClockKind::Supervision];
/// Staff of one role that are told at most.
const MOST_HOLDERS: i64 = 200;

/// What a step does to the supervision of its case.
#[derive(Debug, Clone, Copy)]
pub enum Supervising {
    /// This one holds it now; one of a lower tier is over.
    Open(OpenSupervision),
    /// Its result is due later.
    Postpone(Timestamp),
    /// It is over.
    End(SupervisionResult),
}

impl Supervising {
    /// Changes the case's facts; answers the supervision concerned.
    pub(super) fn apply(self, facts: &mut CaseFacts) -> Option<OpenSupervision> {
        let memory = &mut facts.memory;
        match self {
            Self::Open(supervision) => {
                facts.tier = facts.tier.max(supervision.tier.number());
                memory.supervisions = memory.supervisions.saturating_add(1);
                memory.supervision = Some(supervision);
                Some(supervision)
            }
            Self::Postpone(until) => {
                let supervision = memory.supervision.as_mut()?;
                supervision.until = until;
                Some(*supervision)
            }
            Self::End(_) => memory.supervision.take(),
        }
    }

    pub(super) const fn result(self) -> Option<SupervisionResult> {
        match self {
            Self::End(result) => Some(result),
            _ => None,
        }
    }
}

/// A cause that was found.
pub(crate) struct Found<'a> {
    pub(crate) cause: Cause,
    /// What it happened at: one cause opens once for each.
    pub(crate) occasion: String,
    /// In a supervisor's words.
    pub(crate) reason: Option<&'a str>,
    /// Why the tier that holds the matter gives it up, in its words; without, it ends because another one takes over.
    pub(crate) given_up: Option<&'a str>,
}

impl Found<'_> {
    /// A cause that the platform found.
    pub(crate) const fn of(cause: Cause, occasion: String) -> Self {
        Self {
            cause,
            occasion,
            reason: None,
            given_up: None,
        }
    }
}

/// What a step gives cause for is taken up in the same write.
pub(super) fn after_step(
    services: &Services,
    city: &City,
    transaction: &mut Transaction<'_>,
    (orders, openings): (&[WorkOrderRow], Option<Vec<Opening>>),
    stepped: &mut Stepped,
) -> Result<(), Failure> {
    let returned = |order: &&WorkOrderRow| matches!(order.stage.as_str(), "returned" | "return_requested");
    let returning: BTreeSet<&str> = orders
        .iter()
        .filter(returned)
        .chain(&stepped.order)
        .map(|order| order.unit.as_str())
        .collect();
    let counts = &city.ladder.counts;
    let Some(cause) = cause_of_step(&stepped.step, &stepped.facts, returning.len(), counts) else {
        return Ok(());
    };
    if !stepped.facts.state.is_open() {
        return Ok(());
    }
    let context = RequestContext::default();
    let mut scene = Scene::of_platform(services, city, transaction, &context);
    let found = Found::of(cause, format!("cycle {}", stepped.facts.cycle));
    let known = Known {
        openings,
        ..stepped.now.clone().into()
    };
    if let Some(opened) = scene.open_from(known, &found)? {
        stepped.now = opened.now;
        stepped.facts = opened.facts;
    }
    Ok(())
}

impl Scene<'_, '_> {
    /// Has the tier take the matter up that the ladder names for the cause; none when nothing opens.
    ///
    /// # Errors
    /// What the rules refuse; `Stale`; the database's failure.
    pub(crate) fn open(&mut self, case_id: i64, found: &Found<'_>) -> Result<Option<Stepped>, Failure> {
        let row = self
            .transaction
            .read(|connection| case_store::get_case(connection, case_id))?;
        self.open_from(row.into(), found)
    }

    /// As [`Scene::open`], from what was read of the case already.
    ///
    /// # Errors
    /// As [`Scene::open`].
    pub(super) fn open_from(&mut self, known: Known, found: &Found<'_>) -> Result<Option<Stepped>, Failure> {
        let Known { row, openings, .. } = known;
        let (case_id, cycle) = (row.id, row.cycle);
        let facts = row.facts()?;
        let Some(opening) = self.city.ladder.opening(found.cause, &facts, row.category.as_deref()) else {
            return Ok(None);
        };
        let (tier, cause, now) = (opening.tier, opening.cause, self.services.now());
        let openings = match openings {
            Some(openings) => openings,
            None => self
                .transaction
                .read(|connection| supervision_store::list_openings(connection, &[case_id]))?,
        };
        let opened = |opening: &Opening| opening.cause == cause.as_str() && opening.occasion == found.occasion;
        if openings.iter().any(opened) {
            return Ok(None);
        }
        let Dues { answer, result } = self.dues(tier, now)?;
        let supervision = OpenSupervision {
            id: SupervisionId(self.services.next_id()),
            tier,
            cause,
            owner: self.city.ladder.rule(tier).owner,
            until: result.at,
        };
        if let Some(held) = facts.memory.supervision {
            let result = if found.given_up.is_some() {
                SupervisionResult::Failed
            } else {
                SupervisionResult::Climbed
            };
            self.end_row(case_id, held, result, found.given_up)?;
        }
        let act = Act {
            supervising: Some(Supervising::Open(supervision)),
            detail: json!({ "tier": tier, "cause": (tier != Tier::Discipline).then_some(cause) }),
            ..Act::new(case_id, Action::Supervise)
        };
        let stepped = self.take_from(row.into(), &act)?;
        let new = SupervisionRow {
            id: supervision.id.0,
            version: 1,
            case_id,
            cycle,
            tier: tier.as_str().to_owned(),
            cause: cause.as_str().to_owned(),
            occasion: found.occasion.clone(),
            owner: supervision.owner.as_str().to_owned(),
            policy_version: result.policy_version.clone(),
            calendar_version: result.calendar_version.clone(),
            opened_by: self.actor.id(),
            reason: found.reason.map(str::to_owned),
            leader: None,
            answer_due_at: answer.as_ref().map(|due| due.at.0),
            answered_at: None,
            due_at: result.at.0,
            postponements: 0,
            postpone_days: None,
            postpone_reason: None,
            postpone_by: None,
            result: None,
            result_words: None,
            closed_by: None,
            closed_at: None,
        };
        supervision_store::insert_supervision(self.transaction, new);
        self.start(&stepped, ClockKind::Supervision, &result, now);
        if let Some(answer) = answer {
            self.start(&stepped, ClockKind::SupervisionAnswer, &answer, now);
        }
        self.transaction.count("supervisions_by_tier", tier.as_str(), 1);
        let words = format!("有新的督办件（{}），原因是{}。", tier.name_zh(), cause.name_zh());
        self.tell_holders(&stepped.row, supervision.owner, "supervise", &words)?;
        Ok(Some(stepped))
    }

    /// One more complaint of the same matter came in. After a dissatisfied rating for which it was redone, the highest tier
    /// takes it up when there are enough of them.
    ///
    /// # Errors
    /// As [`Scene::open`].
    pub(super) fn complained_again(&mut self, primary_id: i64) -> Result<(), Failure> {
        let row = self
            .transaction
            .read(|connection| case_store::get_case(connection, primary_id))?;
        if row.redo_count == 0 {
            return Ok(());
        }
        let complaints = self
            .transaction
            .read(|connection| case_store::count_members_since_redo(connection, primary_id))?;
        if complaints >= i64::from(self.city.ladder.counts.complaints) {
            let found = Found::of(Cause::RepeatedComplaints, format!("cycle {}", row.cycle));
            let context = RequestContext::default();
            Scene::of_platform(self.services, self.city, self.transaction, &context).open(primary_id, &found)?;
        }
        Ok(())
    }

    /// Ends the supervision of a case with a result, as a step of the case.
    ///
    /// # Errors
    /// As [`Scene::open`].
    pub(crate) fn end(
        &mut self,
        case_id: i64,
        held: OpenSupervision,
        result: SupervisionResult,
        words: Option<&str>,
    ) -> Result<Stepped, Failure> {
        self.end_row(case_id, held, result, words)?;
        let act = Act {
            supervising: Some(Supervising::End(result)),
            detail: json!({ "tier": held.tier, "result": result }),
            ..Act::new(case_id, Action::EndSupervision)
        };
        self.take(&act)
    }

    /// Starts a clock of the supervision.
    pub(crate) fn start(&mut self, stepped: &Stepped, clock: ClockKind, due: &Due, now: Timestamp) {
        let row = self.clock(stepped, clock, due, now);
        self.transaction.append(row);
    }

    /// Has a clock of the supervision start anew from the end of its limit.
    ///
    /// # Errors
    /// The database's failure.
    pub(crate) fn prolong(
        &mut self,
        stepped: &Stepped,
        clock: ClockKind,
        due: &Due,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut row = self.clock(stepped, clock, due, now);
        go_on(self.transaction, &mut row, true)?;
        clock_store::stop_clocks(self.transaction, stepped.row.id, &[clock], now);
        self.transaction.append(row);
        Ok(())
    }

    fn clock(&self, stepped: &Stepped, clock: ClockKind, due: &Due, now: Timestamp) -> ClockRow {
        let limits = Limits {
            city: self.city,
            // The ladder is not frozen, and neither is how its holders are reminded.
            policy: &self.city.policy,
            facts: &stepped.facts,
            category: stepped.row.category.as_deref(),
            now,
        };
        limits.row(self.services.next_id(), stepped.row.id, None, clock, due)
    }

    /// Tells one member of staff.
    pub(crate) fn tell(&mut self, recipient: i64, case: &CaseRow, topic: &str, words: &str) {
        let now = self.services.now();
        notify(self.services, self.transaction, recipient, case, topic, words, now);
    }

    /// Tells those who hold the tier and whose reach the case is in.
    pub(crate) fn tell_holders(
        &mut self,
        case: &CaseRow,
        owner: Role,
        topic: &str,
        words: &str,
    ) -> Result<(), StoreError> {
        let city = self.city;
        let unit_path = case.lead_unit.as_deref().map(|code| city.unit_path(code));
        let region_path = case.region.as_deref().map(|code| city.region_path(code));
        let reach = Reach {
            unit_path: &unit_path.unwrap_or_default(),
            region_path: &region_path.unwrap_or_default(),
            kind: case.kind.parse().ok(),
        };
        let grants = self.transaction.read_once(("holders", owner.as_str()), |connection| {
            staff_store::list_role_holders(connection, owner, MOST_HOLDERS)
        })?;
        let covers = |row: &&staff_store::GrantRow| row.grant().is_some_and(|grant| grant.covers(&reach));
        let holders: BTreeSet<i64> = grants.iter().filter(covers).map(|row| row.account_id).collect();
        for holder in holders {
            self.tell(holder, case, topic, words);
        }
        Ok(())
    }

    /// The row and the clocks of a supervision that is over.
    fn end_row(
        &mut self,
        case_id: i64,
        held: OpenSupervision,
        result: SupervisionResult,
        words: Option<&str>,
    ) -> Result<(), StoreError> {
        let now = self.services.now();
        let ending = Ending {
            result,
            words,
            by: self.actor.id(),
        };
        supervision_store::end_supervision(self.transaction, held.id.0, &ending, now)?;
        self.transaction.count("supervisions_by_tier", held.tier.as_str(), -1);
        clock_store::stop_clocks(self.transaction, case_id, CLOCKS, now);
        Ok(())
    }

    fn dues(&self, tier: Tier, now: Timestamp) -> Result<Dues, Failure> {
        let City {
            ladder,
            calendar,
            policy,
            ..
        } = self.city;
        let hours = &policy.working_hours;
        Ok(Dues {
            answer: ladder.answer_due(tier, calendar, hours, now),
            result: ladder
                .result_due(tier, calendar, hours, now)
                .ok_or_else(|| Failure::internal("a tier without a limit"))?,
        })
    }

    /// The limit of a supervision's result is over: it is settled when nobody is late any more or the case has ended, else
    /// the next tier takes over, and above the highest its holders are told. `row` is the case's and stays it.
    pub(super) fn at_end(&mut self, row: &mut CaseRow) -> Result<AtEnd, Failure> {
        let facts = row.facts()?;
        // A supervision that climbed in the write that opened it leaves a clock behind, which is not the held one's.
        let now = self.services.now();
        let Some(held) = facts.memory.supervision.filter(|held| held.until <= now) else {
            return Ok(AtEnd::Over);
        };
        let put_right = held.cause.ends_with_lateness() && !is_late(&facts, now);
        // What the task force found out, it says itself.
        if held.tier < Tier::Discipline && (put_right || facts.state.has_ended()) {
            *row = self.end(row.id, held, SupervisionResult::Settled, None)?.now;
            return Ok(AtEnd::Over);
        }
        let found = Found::of(Cause::TierFailed, format!("supervision {}", held.id));
        if let Some(opened) = self.open_from(row.clone().into(), &found)? {
            *row = opened.now;
            return Ok(AtEnd::Climbed);
        }
        self.tell_holders(row, held.owner, "overdue", "督办件已经超期，请马上给出结果。")?;
        Ok(AtEnd::Stays)
    }
}

struct Dues {
    answer: Option<Due>,
    result: Due,
}

/// What became of a supervision at the end of its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AtEnd {
    /// It is settled, or was over before.
    Over,
    /// The next tier has it.
    Climbed,
    /// It stays with its holders, overdue.
    Stays,
}
