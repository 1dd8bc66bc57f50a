//! Raises integrity signs in the write of the step that shows them. Most steps can show none, and read nothing for it; the others
//! read one bounded list along an index. A flag is seen by the first tier alone: no entry of the timeline, no notice.

use std::collections::BTreeSet;

use serde_json::Value;
use shared::domain::{
    case::{CaseFacts, CaseState},
    id::EventId,
    integrity::{Happening, Raised, Sign, TELLING, may_show, signs},
    role::Role,
    time::Timestamp,
};

use super::{
    perform::Scene,
    step::{Act, Stepped},
};
use crate::{
    access::Actor,
    city::City,
    database::{
        StoreError, Transaction,
        ids::{first_id_at, made_at},
    },
    errors::Failure,
    services::Services,
    stores::{
        case_store::{self, CaseRow},
        flag_store::{self, Evidence, FlagRow},
        order_store::{self, WorkOrderRow},
        timeline_store::{self, CaseEventRow},
        to_json,
    },
};

/// Entries of a history, and earlier cases of a requester, that are looked at.
const MOST_LOOKED_AT: i64 = 50;
const MINUTES_A_DAY: i64 = 24 * 60;

/// Raises what a step shows. `before` is the case as it was.
pub(super) fn after_step(
    services: &Services,
    city: &City,
    transaction: &mut Transaction<'_>,
    (actor, act, before): (&Actor, &Act, &CaseFacts),
    stepped: &Stepped,
) -> Result<(), Failure> {
    let shown = Shown {
        services,
        city,
        actor,
        act,
        before,
        stepped,
    };
    shown.raise(transaction)
}

/// A step that was taken.
struct Shown<'a> {
    services: &'a Services,
    city: &'a City,
    actor: &'a Actor,
    act: &'a Act,
    before: &'a CaseFacts,
    stepped: &'a Stepped,
}

impl Shown<'_> {
    fn raise(&self, transaction: &mut Transaction<'_>) -> Result<(), Failure> {
        let (row, action) = (&self.stepped.row, self.stepped.step.action);
        if self.taken_on() {
            return self.repeated(transaction);
        }
        let by_requester = matches!(self.actor, Actor::Person(person) if row.requester_id == Some(person.id));
        let finding = self.act.particulars.look_back;
        // What a member does to the primary says nothing about the primary's requester.
        if self.act.as_member || !may_show(action, by_requester, finding, self.before) {
            return Ok(());
        }
        let events = history(transaction, row.id)?;
        let before: Vec<Happening> = events.iter().filter_map(|event| happening(event, row)).collect();
        let rating = self.act.rating.as_ref().map(|rating| rating.grade);
        let act = Happening {
            id: EventId(self.stepped.event_id),
            at: self.services.now(),
            action,
            grade: rating,
            by_phone: is_by_phone(&self.act.detail),
        };
        for Raised { sign, evidence } in signs(&act, &before, &self.city.ladder.signs) {
            let evidence: Vec<Evidence> = evidence.iter().map(|id| Evidence::Event(id.0)).collect();
            self.flag(transaction, sign, self.before.lead_unit.as_deref(), &evidence)?;
        }
        Ok(())
    }

    /// A clerk decides on a new report for the first time: its category and place are certain now.
    fn taken_on(&self) -> bool {
        let fresh = self.before.state == CaseState::Submitted && !self.before.memory.appealed;
        let left = !matches!(
            self.stepped.facts.state,
            CaseState::Submitted | CaseState::NeedsInformation
        );
        fresh && left && matches!(self.actor, Actor::Staff(_))
    }

    /// The same requester, the same category, the same place, soon after it was reported as done.
    fn repeated(&self, transaction: &mut Transaction<'_>) -> Result<(), Failure> {
        let row = &self.stepped.row;
        let (Some(requester), Some(category)) = (row.requester_id, row.category.as_deref()) else {
            return Ok(());
        };
        let earlier = transaction.read(|connection| {
            case_store::list_closed_of_requester(connection, requester, row.id, category, MOST_LOOKED_AT)
        })?;
        let (sent, days) = (made_at(row.id), i64::from(self.city.ladder.signs.repeat_days));
        for case in earlier.iter().filter(|case| same_place(case, row)) {
            let facts = case.facts()?;
            let lately =
                |closed: Timestamp| (0..=days * MINUTES_A_DAY).contains(&(sent.micros_since(closed) / 60_000_000));
            if !facts.ended_as_solved() || !facts.memory.closed_at.is_some_and(lately) {
                continue;
            }
            let events = history(transaction, case.id)?;
            let closing = events
                .iter()
                .rfind(|event| event.state_after == CaseState::Closed.as_str());
            let shown = closing.map(|event| event.id).into_iter().chain([self.stepped.event_id]);
            let evidence: Vec<Evidence> = shown.map(Evidence::Event).collect();
            return Ok(self.flag(transaction, Sign::FalseClosing, case.lead_unit.as_deref(), &evidence)?);
        }
        Ok(())
    }

    fn flag(
        &self,
        transaction: &mut Transaction<'_>,
        sign: Sign,
        unit: Option<&str>,
        evidence: &[Evidence],
    ) -> Result<(), StoreError> {
        let case = (self.stepped.row.id, i64::from(self.before.cycle));
        flag(self.services, transaction, case, sign, unit, evidence)
    }
}

/// Units that let their orders count as signed again and again: looked for once all those of a write have been. `orders` are these.
pub(super) fn unsigned(scene: &mut Scene<'_, '_>, orders: &[WorkOrderRow]) -> Result<(), Failure> {
    let figures = &scene.city.ladder.signs;
    let (days, most) = (i64::from(figures.unsigned_days), figures.unsigned_orders);
    let from = first_id_at(scene.services.now().plus_minutes(-days * MINUTES_A_DAY));
    let mut units = BTreeSet::new();
    for order in orders.iter().filter(|order| units.insert(&order.unit)) {
        let found = scene
            .transaction
            .read(|connection| order_store::list_unsigned(connection, &order.unit, from, i64::from(most)))?;
        if found.len() >= usize::try_from(most).unwrap_or(usize::MAX) {
            let evidence: Vec<Evidence> = found.into_iter().map(Evidence::Order).collect();
            let case = (order.case_id, order.cycle);
            flag(
                scene.services,
                scene.transaction,
                case,
                Sign::Unsigned,
                Some(&order.unit),
                &evidence,
            )?;
        }
    }
    Ok(())
}

fn flag(
    services: &Services,
    transaction: &mut Transaction<'_>,
    (case_id, cycle): (i64, i64),
    sign: Sign,
    unit: Option<&str>,
    evidence: &[Evidence],
) -> Result<(), StoreError> {
    let row = FlagRow {
        id: services.next_id(),
        case_id,
        cycle,
        sign: sign.as_str().to_owned(),
        unit: unit.map(str::to_owned),
        evidence: to_json(&evidence),
        decision: None,
        reason: None,
        decided_by: None,
        decided_at: None,
    };
    flag_store::insert_flag(transaction, &row)
}

/// What came last on a case of what can tell.
fn history(transaction: &mut Transaction<'_>, case_id: i64) -> Result<Vec<CaseEventRow>, StoreError> {
    let telling: Vec<&str> = TELLING.iter().map(|action| action.as_str()).collect();
    transaction.read(|connection| timeline_store::list_latest(connection, case_id, &telling, MOST_LOOKED_AT))
}

/// The same village, estate or street, or the same spot; a county is no place.
fn same_place(one: &CaseRow, other: &CaseRow) -> bool {
    let named = one.region.is_some() && one.region == other.region && one.region != one.county;
    named || (one.h3_cell.is_some() && one.h3_cell == other.h3_cell)
}

fn happening(event: &CaseEventRow, case: &CaseRow) -> Option<Happening> {
    let detail: Value = serde_json::from_str(&event.detail).unwrap_or_default();
    let of_requester = event.actor_id == case.requester_id || event.actor_role == Role::FollowUpClerk.as_str();
    let grade = detail["grade"].as_u64().and_then(|grade| u8::try_from(grade).ok());
    Some(Happening {
        id: EventId(event.id),
        at: made_at(event.id),
        action: event.action.parse().ok()?,
        grade: grade.filter(|_| of_requester),
        by_phone: is_by_phone(&detail),
    })
}

fn is_by_phone(detail: &Value) -> bool {
    detail["how"] == "phone"
}
