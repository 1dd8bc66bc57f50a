//! Row 23, before a rating: a follow-up clerk called and reached nobody. Whom he reaches says a rating, which is `rate`'s matter.

use std::sync::Arc;

use shared::domain::case::Action;

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

/// Records the attempt.
///
/// # Errors
/// A missing or too long note; what the rules refuse.
pub async fn attempt_follow_up(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
    note: &str,
) -> Result<StepOutcome, Failure> {
    let note = text("note", note, REASON_LIMIT)?;
    let asked = (case_id, note.clone());
    let act = Act {
        detail: serde_json::json!({ "note": note }),
        ..Act::new(case_id, Action::AttemptFollowUp)
    };
    perform_step(services, actor, context, "case.attempt_follow_up", &asked, act).await
}
