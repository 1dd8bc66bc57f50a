//! Leaving a closed case out of the scoring of units (rule book 6.9): one person asks with a reason of the list, supervision tier 1
//! decides, and how many were left out is counted for everybody.

use std::sync::Arc;

use shared::domain::case::{Action, ExclusionReason, Particulars};

use super::{
    perform::{StepOutcome, perform, perform_step},
    step::Act,
};
use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    services::Services,
    usecases::words::{REASON_LIMIT, text},
};

/// Asks to leave the case out.
///
/// # Errors
/// A missing or too long note; what the rules refuse.
pub async fn request_exclusion(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
    exclusion: ExclusionReason,
    note: &str,
) -> Result<StepOutcome, Failure> {
    let note = text("note", note, REASON_LIMIT)?;
    let asked = (case_id, exclusion, note.clone());
    let act = Act {
        detail: serde_json::json!({ "exclusion": exclusion.as_str(), "note": note }),
        particulars: Particulars {
            reason: Some(note),
            exclusion: Some(exclusion),
            ..Particulars::default()
        },
        ..Act::new(case_id, Action::RequestExclusion)
    };
    perform_step(services, actor, context, "case.request_exclusion", &asked, act).await
}

/// Leaves it out.
///
/// # Errors
/// A missing or too long reason; nobody asked; what the rules refuse.
pub async fn approve_exclusion(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
    reason: &str,
) -> Result<StepOutcome, Failure> {
    let act = Act::new(case_id, Action::ApproveExclusion).because(text("reason", reason, REASON_LIMIT)?);
    let asked = (case_id, reason);
    perform(
        services,
        actor,
        context,
        "case.approve_exclusion",
        &asked,
        move |scene| {
            let stepped = scene.take(&act)?;
            scene.transaction.count("cases_excluded", "all", 1);
            if let Some(why) = stepped.facts.memory.excluded {
                scene.transaction.count("cases_excluded", why.as_str(), 1);
            }
            Ok(StepOutcome::from(&stepped))
        },
    )
    .await
}

/// Has it count.
///
/// # Errors
/// A missing or too long reason; nobody asked; what the rules refuse.
pub async fn deny_exclusion(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
    reason: &str,
) -> Result<StepOutcome, Failure> {
    let act = Act::new(case_id, Action::DenyExclusion).because(text("reason", reason, REASON_LIMIT)?);
    perform_step(services, actor, context, "case.deny_exclusion", &(case_id, reason), act).await
}
