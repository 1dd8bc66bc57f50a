//! Row 28: the requester takes his case back. When others are merged under it, the oldest of theirs goes on in its place.

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
    usecases::words::{REASON_LIMIT, optional_text},
};

/// Withdraws.
///
/// # Errors
/// A too long reason; what the rules refuse.
pub async fn withdraw_case(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
    reason: Option<&str>,
) -> Result<StepOutcome, Failure> {
    let words = optional_text("reason", reason, REASON_LIMIT)?;
    let act = Act {
        detail: serde_json::json!({ "text": words }),
        particulars: Particulars {
            reason: words,
            ..Particulars::default()
        },
        ..Act::new(case_id, Action::Withdraw)
    };
    perform_step(services, actor, context, "case.withdraw", &(case_id, reason), act).await
}
