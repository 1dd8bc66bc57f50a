//! A holder asks for more time with a reason; another supervisor consents or does not. The requester reads the new day.

use std::sync::Arc;

use serde_json::json;
use shared::{
    contract::problem::ProblemCode,
    domain::{
        case::{Action, Refusal},
        deadline::ClockKind,
        time::Timestamp,
    },
};

use super::bench::{Bench, unversioned};
use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    services::Services,
    stores::supervision_store,
    usecases::{
        cases::{
            perform::{Scene, perform},
            step::Act,
            supervise::Supervising,
        },
        words::{REASON_LIMIT, text},
    },
};

/// Asks for it.
///
/// # Errors
/// As the bench says; a missing reason; more days than the ladder allows; asked for or used up already; the limit is over.
pub async fn ask_postponement(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    id: i64,
    working_days: u16,
    reason: &str,
) -> Result<(), Failure> {
    let asked = (id, working_days, reason.to_owned());
    let (_, _, reason) = asked.clone();
    perform(
        services,
        actor,
        context,
        "supervision.ask_postponement",
        &asked,
        move |scene| {
            let mut bench = Bench::hold(scene, id)?;
            let counts = &scene.city.ladder.counts;
            let reason = text("reason", &reason, REASON_LIMIT)?;
            if !(1..=counts.postponed_working_days).contains(&working_days) {
                let most = counts.postponed_working_days;
                return Err(Failure::invalid("working_days", format!("最多延长 {most} 个工作日")));
            }
            if bench.row.postpone_by.is_some() {
                return Err(Refusal::AlreadyPending.into());
            }
            if bench.row.postponements >= i64::from(counts.postponements) {
                return Err(Refusal::AlreadyUsed.into());
            }
            if scene.services.now() >= bench.held.until {
                return Err(Failure::new(ProblemCode::ActionNotAllowed).with_detail("督办的期限已经过了"));
            }
            bench.row.postpone_days = Some(i64::from(working_days));
            bench.row.postpone_reason = Some(reason);
            bench.row.postpone_by = Some(scene.actor_id()?);
            supervision_store::move_supervision(scene.transaction, &bench.row)?;
            bench.record(
                scene,
                "supervision.ask_postponement",
                json!({ "working_days": working_days }),
            );
            Ok(())
        },
    )
    .await
}

/// Decides on it, as a second person.
///
/// # Errors
/// As the bench says; nobody asked; the actor asked himself; a missing reason.
pub async fn decide_postponement(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    id: i64,
    granted: bool,
    reason: &str,
) -> Result<(), Failure> {
    let asked = (id, granted, reason.to_owned());
    let (_, _, reason) = asked.clone();
    perform(
        services,
        actor,
        &unversioned(context),
        "supervision.decide_postponement",
        &asked,
        move |scene| {
            let mut bench = Bench::find(scene, id)?;
            let reason = text("reason", &reason, REASON_LIMIT)?;
            let (Some(asked_by), Some(days)) = (bench.row.postpone_by, bench.row.postpone_days) else {
                return Err(Refusal::NothingPending.into());
            };
            if scene.actor.id() == Some(asked_by) {
                return Err(Refusal::SamePerson.into());
            }
            bench.row.postpone_by = None;
            bench.row.postpone_days = None;
            if granted {
                grant(scene, &mut bench, u16::try_from(days).unwrap_or_default())?;
            } else {
                bench.record(scene, "supervision.refuse_postponement", json!({}));
            }
            supervision_store::move_supervision(scene.transaction, &bench.row)?;
            let decided = if granted { "已批准" } else { "没有批准" };
            let words = format!("督办延期{decided}：{reason}");
            scene.tell(asked_by, &bench.case, "decide_postponement", &words);
            Ok(())
        },
    )
    .await
}

/// The result is due later: its clock starts anew, and the case's timeline says until when.
fn grant(scene: &mut Scene<'_, '_>, bench: &mut Bench, days: u16) -> Result<(), Failure> {
    let city = scene.city;
    let hours = &city.policy.working_hours;
    let due = city
        .ladder
        .postponed_due(&city.calendar, hours, Timestamp(bench.row.due_at), days);
    let due = due.ok_or(Refusal::ExtensionLength)?;
    bench.row.due_at = due.at.0;
    bench.row.calendar_version.clone_from(&due.calendar_version);
    bench.row.postponements += 1;
    let act = Act {
        supervising: Some(Supervising::Postpone(due.at)),
        ..Act::new(bench.case.id, Action::PostponeSupervision)
    };
    let stepped = scene.take(&act)?;
    let now = scene.services.now();
    Ok(scene.prolong(&stepped, ClockKind::Supervision, &due, now)?)
}
