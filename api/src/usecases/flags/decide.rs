//! A hotline supervisor who had no hand in it says whether a sign was what it looked like. A confirmed false closing, or confirmed
//! pressure on a rating or a withdrawal, goes to the fifth tier.

use std::sync::Arc;

use serde_json::json;
use shared::{
    contract::problem::ProblemCode,
    domain::{
        case::{CaseState, Refusal},
        id::AccountId,
        integrity::{FlagDecision, Sign},
        role::Role,
    },
};

use crate::{
    access::{Actor, RequestContext, viewpoint::actor_facts},
    errors::Failure,
    services::Services,
    stores::{
        case_store::{self, CaseRow},
        flag_store::{self, Evidence, FlagRow},
        parse_json, parse_word, timeline_store,
    },
    usecases::{
        audit,
        cases::{
            perform::{Scene, perform},
            supervise::Found,
        },
        words::{REASON_LIMIT, text},
    },
};

/// Decides.
///
/// # Errors
/// `NotFound` for everybody but the first tier; a missing or too long reason; decided already; the actor's own work.
pub async fn decide_flag(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    id: i64,
    decision: FlagDecision,
    reason: &str,
) -> Result<(), Failure> {
    let asked = (id, decision, reason.to_owned());
    let (_, _, reason) = asked.clone();
    // A flag has no version: the step of the case that may follow must not take one for the case's.
    let context = RequestContext {
        expected_version: None,
        ..context.clone()
    };
    perform(services, actor, &context, "flag.decide", &asked, move |scene| {
        let (flag, case) = scene
            .transaction
            .read(|connection| flag_store::get_with_case(connection, id))?;
        may_decide(scene, &flag, &case)?;
        let reason = text("reason", &reason, REASON_LIMIT)?;
        if flag.decision.is_some() {
            return Err(Refusal::NothingPending.into());
        }
        let (by, now) = (scene.actor_id()?, scene.services.now());
        flag_store::decide_flag(scene.transaction, id, decision, &reason, by, now)?;
        let act = audit::Act::done("flag.decide", "flag", Some(id)).with(json!({ "decision": decision }));
        audit::record_act(scene.services, scene.transaction, scene.actor, scene.context, &act);
        let sign: Sign = parse_word("flags.sign", &flag.sign)?;
        if decision == FlagDecision::Confirmed
            && let Some(cause) = sign.cause()
            && let Some(supervised) = supervisable(scene, &case)?
        {
            let found = Found {
                reason: Some(&reason),
                ..Found::of(cause, format!("flag {id}"))
            };
            scene.open(supervised, &found)?;
        }
        Ok(())
    })
    .await
}

/// Only the first tier knows of a flag, and nobody decides about his own work or unit.
fn may_decide(scene: &mut Scene<'_, '_>, flag: &FlagRow, case: &CaseRow) -> Result<(), Failure> {
    let viewpoint = actor_facts(scene.city, scene.actor, case, None);
    if !viewpoint.roles.contains(&Role::HotlineSupervisor) {
        return Err(ProblemCode::NotFound.into());
    }
    let evidence: Vec<Evidence> = parse_json("flags.evidence", &flag.evidence)?;
    let entries = evidence.iter().filter_map(|one| match one {
        Evidence::Event(id) => Some(*id),
        Evidence::Order(_) => None,
    });
    let entries: Vec<i64> = entries.collect();
    let events = scene
        .transaction
        .read(|connection| timeline_store::list_by_ids(connection, &entries))?;
    let by = scene.actor_id()?;
    let handled = case.facts()?.memory.handled_by.contains(&AccountId(by));
    let of_unit = flag.unit.is_some() && flag.unit == viewpoint.unit;
    if handled || of_unit || events.iter().any(|event| event.actor_id == Some(by)) {
        return Err(Refusal::OwnWork.into());
    }
    Ok(())
}

/// The case that the next tier can take up: of a merged one its primary, of an archived one none.
fn supervisable(scene: &mut Scene<'_, '_>, case: &CaseRow) -> Result<Option<i64>, Failure> {
    let merged = case.state == CaseState::Merged.as_str();
    let case = match case.primary_case_id.filter(|_| merged) {
        Some(primary) => &scene
            .transaction
            .read(|connection| case_store::get_case(connection, primary))?,
        None => case,
    };
    Ok((case.state != CaseState::Archived.as_str()).then_some(case.id))
}
