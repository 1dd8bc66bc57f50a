//! Row 18: a unit's leader asks to promise a day for what cannot be done within its limit; the government inspector approves.
//! The promise is public and counts as nothing resolved. Row 19 is `fulfil`'s matter and, when the day passes, the sweep's.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::Serialize;
use shared::domain::{
    case::{Action, Milestone, Particulars, commitment::end_of},
    deadline::ClockKind,
};

use super::{
    clocks::{Limits, policy_of},
    order_of::{act_on, perform_on_order},
    perform::{Scene, StepOutcome, perform},
    step::{Act, Stepped},
};
use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    services::Services,
    usecases::words::{REASON_LIMIT, text},
};

/// The promise.
#[derive(Debug, Clone, Serialize)]
pub struct Promise {
    /// The day by whose end it is done.
    pub day: NaiveDate,
    /// The steps on the way.
    pub milestones: Vec<Milestone>,
    /// Why it cannot be done within the limit.
    pub reason: String,
}

/// Asks to promise.
///
/// # Errors
/// A missing or too long reason, a day that is too far; what the rules refuse.
pub async fn request_commitment(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    order_id: i64,
    promise: Promise,
) -> Result<StepOutcome, Failure> {
    let reason = text("reason", &promise.reason, REASON_LIMIT)?;
    let asked = (order_id, promise.clone());
    perform(
        services,
        actor,
        context,
        "order.request_commitment",
        &asked,
        move |scene| {
            let (_, act) = act_on(scene, order_id, Action::RequestCommitment)?;
            let act = Act {
                particulars: Particulars {
                    reason: Some(reason.clone()),
                    promise_until: end_of(promise.day),
                    milestones: promise.milestones.clone(),
                    ..Particulars::default()
                },
                detail: serde_json::json!({
                    "promised_day": promise.day, "milestones": promise.milestones, "reason": reason,
                }),
                ..act
            };
            let stepped = scene.take(&act)?;
            within_bounds(scene, &stepped)?;
            Ok(StepOutcome::from(&stepped))
        },
    )
    .await
}

/// The case's policy says how far a promise can reach.
fn within_bounds(scene: &mut Scene<'_, '_>, stepped: &Stepped) -> Result<(), Failure> {
    let policy = policy_of(scene.transaction, scene.city, &stepped.facts)?;
    let limits = Limits {
        city: scene.city,
        policy: &policy,
        facts: &stepped.facts,
        category: stepped.row.category.as_deref(),
        now: scene.services.now(),
    };
    let bound = limits.of(ClockKind::Promise).at(ClockKind::Promise);
    if stepped.facts.memory.promise_until <= bound {
        Ok(())
    } else {
        Err(Failure::invalid("promised_day", "承诺日期太远了，请分期承诺"))
    }
}

/// Lets the unit promise; from now on the promised day is its limit.
///
/// # Errors
/// Nobody asked; what the rules refuse.
pub async fn approve_commitment(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    order_id: i64,
) -> Result<StepOutcome, Failure> {
    let asked = (order_id, serde_json::Value::Null);
    perform(
        services,
        actor,
        context,
        "order.approve_commitment",
        &asked,
        move |scene| {
            let (order, act) = act_on(scene, order_id, Action::Commit)?;
            let stepped = scene.take(&act)?;
            start_milestones(scene, &stepped, order.id)?;
            Ok(StepOutcome::from(&stepped))
        },
    )
    .await
}

/// Each day by which a milestone is to be reached is looked at by the sweep.
fn start_milestones(scene: &mut Scene<'_, '_>, stepped: &Stepped, order_id: i64) -> Result<(), Failure> {
    let policy = policy_of(scene.transaction, scene.city, &stepped.facts)?;
    let limits = Limits {
        city: scene.city,
        policy: &policy,
        facts: &stepped.facts,
        category: stepped.row.category.as_deref(),
        now: scene.services.now(),
    };
    for clock in limits.milestone_rows(stepped.row.id, Some(order_id), || scene.services.next_id()) {
        scene.transaction.append(clock);
    }
    Ok(())
}

/// Leaves the limit as it is.
///
/// # Errors
/// A missing or too long reason; nobody asked; what the rules refuse.
pub async fn deny_commitment(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    order_id: i64,
    reason: &str,
) -> Result<StepOutcome, Failure> {
    let reason = text("reason", reason, REASON_LIMIT)?;
    let act = (order_id, Action::DenyCommitment);
    let detail = serde_json::json!({ "reason": reason });
    let particulars = Particulars {
        reason: Some(reason),
        ..Particulars::default()
    };
    perform_on_order(
        services,
        actor,
        context,
        "order.deny_commitment",
        act,
        (particulars, detail),
    )
    .await
}
