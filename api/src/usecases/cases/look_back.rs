//! Look-backs at what was supervised from the media's tier on: opened when their clock is due, recorded by whoever went. Undone, the
//! case is taken up again and the next tier has it.

use std::sync::Arc;

use serde_json::json;
use shared::domain::{
    case::{Action, Particulars, Refusal},
    deadline::ClockKind,
    supervision::{Cause, LookBackFinding},
};

use super::{
    clocks::{Limits, policy_of},
    perform::{Scene, StepOutcome, perform},
    step::Act,
    supervise::Found,
};
use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    services::Services,
    stores::{
        case_store::CaseRow,
        clock_store::{self, ClockRow},
        look_back_store::{self, LookBackRow},
    },
    usecases::words::{BODY_LIMIT, text},
};

/// The clock of somebody who is to go.
const VISIT: &[ClockKind] = &[ClockKind::LookBackVisit];

/// Records what was found.
///
/// # Errors
/// Missing or too long notes; what the rules refuse: `no_look_back_due`, another role's, the actor's own work; `NotFound`.
pub async fn record_look_back(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
    finding: LookBackFinding,
    note: &str,
) -> Result<StepOutcome, Failure> {
    let notes = text("note", note, BODY_LIMIT)?;
    let asked = (case_id, finding, notes.clone());
    perform(services, actor, context, "case.look_back", &asked, move |scene| {
        let act = Act {
            detail: json!({ "finding": finding, "text": notes }),
            particulars: Particulars {
                reason: Some(notes.clone()),
                look_back: Some(finding),
                ..Particulars::default()
            },
            ..Act::new(case_id, Action::LookBack)
        };
        let stepped = scene.take(&act)?;
        let open = scene
            .transaction
            .read(|connection| look_back_store::find_open(connection, case_id))?;
        let open = open.ok_or(Refusal::NoLookBackDue)?;
        let (by, now) = (scene.actor_id()?, scene.services.now());
        look_back_store::record_finding(scene.transaction, open.id, finding, &notes, by, now)?;
        clock_store::stop_clocks(scene.transaction, case_id, VISIT, now);
        let outcome = match finding {
            LookBackFinding::Done => StepOutcome::from(&stepped),
            LookBackFinding::Undone => scene.take_up_again(case_id, open.id, &notes)?,
        };
        Ok(outcome)
    })
    .await
}

impl Scene<'_, '_> {
    /// A look-back is due: whoever looks back at such a matter finds it in the list and is told. One that is open already answers
    /// for this one as well.
    pub(super) fn open_look_back(&mut self, row: &CaseRow, clock: &ClockRow) -> Result<(), Failure> {
        let now = self.services.now();
        let open = self
            .transaction
            .read(|connection| look_back_store::find_open(connection, row.id))?;
        if open.is_some() {
            return Ok(());
        }
        let new = LookBackRow {
            id: self.services.next_id(),
            case_id: row.id,
            cycle: row.cycle,
            clock: clock.kind.clone(),
            finding: None,
            notes: None,
            recorded_by: None,
            closed_at: None,
        };
        if !look_back_store::insert_look_back(self.transaction, &new)? {
            return Ok(());
        }
        let facts = row.facts()?;
        let policy = policy_of(self.transaction, self.city, &facts)?;
        let limits = Limits {
            city: self.city,
            policy: &policy,
            facts: &facts,
            category: row.category.as_deref(),
            now,
        };
        let dues = limits.of(ClockKind::LookBackVisit);
        for visit in limits.rows(&dues, row.id, None, || self.services.next_id()) {
            self.transaction.append(visit);
        }
        self.tell_who_looks_back(
            row,
            "look_back",
            "有一件督办过的诉求到了回访时间，请到现场看看是不是真的办好了。",
        )
    }

    /// Those who look back at such a matter.
    pub(super) fn tell_who_looks_back(&mut self, row: &CaseRow, topic: &str, words: &str) -> Result<(), Failure> {
        let mut facts = row.facts()?;
        facts.no_publicity = self.city.ladder.no_publicity.covers(&facts, row.category.as_deref());
        Ok(self.tell_holders(row, facts.looks_back(), topic, words)?)
    }

    /// Undone: back to the unit, and to the next tier.
    fn take_up_again(&mut self, case_id: i64, look_back: i64, notes: &str) -> Result<StepOutcome, Failure> {
        // The version was that of the look-back's own step.
        let context = RequestContext {
            expected_version: None,
            ..self.context.clone()
        };
        let mut scene = Scene {
            services: self.services,
            city: self.city,
            transaction: self.transaction,
            actor: self.actor,
            context: &context,
        };
        let act = Act {
            detail: json!({ "text": notes }),
            particulars: Particulars {
                reason: Some(notes.to_owned()),
                ..Particulars::default()
            },
            ..Act::new(case_id, Action::Reopen)
        };
        let reopened = scene.take(&act)?;
        let found = Found {
            reason: Some(notes),
            ..Found::of(Cause::LookBackUndone, format!("look-back {look_back}"))
        };
        let opened = scene.open(case_id, &found)?;
        Ok(StepOutcome::from(opened.as_ref().unwrap_or(&reopened)))
    }
}
