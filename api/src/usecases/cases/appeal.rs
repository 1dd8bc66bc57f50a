//! Row 6: the requester asks, once, that another clerk looks at a refusal.

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

/// Appeals.
///
/// # Errors
/// A missing or too long reason; what the rules refuse.
pub async fn appeal_refusal(
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
        ..Act::new(case_id, Action::AppealRefusal)
    };
    perform_step(services, actor, context, "case.appeal_refusal", &(case_id, reason), act).await
}
