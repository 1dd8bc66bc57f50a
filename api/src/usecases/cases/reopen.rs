//! Row 27: the requester takes a closed case up again, once, inside its window; a supervisor until it is archived.

use std::sync::Arc;

use shared::domain::case::{Action, Particulars};

use super::{
    perform::{StepOutcome, perform_step},
    step::Act,
};
use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    services::Services,
    usecases::words::{REASON_LIMIT, text},
};

/// Reopens.
///
/// # Errors
/// A missing or too long reason; what the rules refuse.
pub async fn reopen_case(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
    reason: &str,
) -> Result<StepOutcome, Failure> {
    let words = text("reason", reason, REASON_LIMIT)?;
    let act = Act {
        detail: serde_json::json!({ "text": words }),
        particulars: Particulars {
            reason: Some(words),
            ..Particulars::default()
        },
        ..Act::new(case_id, Action::Reopen)
    };
    perform_step(services, actor, context, "case.reopen", &(case_id, reason), act).await
}
