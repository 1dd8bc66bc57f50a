//! Row 8: a dispatcher puts a case under another of the same matter, or takes it out again. What the step does to both cases
//! is `together`'s matter.

use std::sync::Arc;

use shared::domain::case::{Action, Particulars};

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

/// Merges the case under `primary_id`.
///
/// # Errors
/// A missing or too long reason; `NotFound` for a primary out of the actor's reach; what the rules refuse.
pub async fn merge_case(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
    primary_id: i64,
    reason: &str,
) -> Result<StepOutcome, Failure> {
    let act = Act {
        primary_id: Some(primary_id),
        ..because(services, case_id, Action::Merge, Some(primary_id), reason)?
    };
    let asked = (case_id, primary_id, reason);
    perform(services, actor, context, "case.merge", &asked, move |scene| {
        let stepped = scene.take(&act)?;
        scene.complained_again(primary_id)?;
        Ok(StepOutcome::from(&stepped))
    })
    .await
}

/// Takes the case out again, back to where it stood before.
///
/// # Errors
/// A missing or too long reason; what the rules refuse.
pub async fn split_case(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
    reason: &str,
) -> Result<StepOutcome, Failure> {
    let act = because(services, case_id, Action::Split, None, reason)?;
    perform_step(services, actor, context, "case.split", &(case_id, reason), act).await
}

fn because(
    services: &Services,
    case_id: i64,
    action: Action,
    primary: Option<i64>,
    reason: &str,
) -> Result<Act, Failure> {
    let reason = text("reason", reason, REASON_LIMIT)?;
    let primary = primary.map(|primary| services.receipts.write(primary));
    Ok(Act {
        detail: serde_json::json!({ "primary": primary, "reason": reason }),
        particulars: Particulars {
            reason: Some(reason),
            ..Particulars::default()
        },
        ..Act::new(case_id, action)
    })
}
