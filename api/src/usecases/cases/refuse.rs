//! Row 5: a clerk refuses a case, with the reason and the lawful path, both told to the requester.

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

/// Refuses the case.
///
/// # Errors
/// A missing or too long text; what the rules refuse.
pub async fn refuse_case(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
    reason: &str,
    lawful_path: &str,
) -> Result<StepOutcome, Failure> {
    let act = Act {
        particulars: Particulars {
            reason: Some(text("reason", reason, REASON_LIMIT)?),
            lawful_path: Some(text("lawful_path", lawful_path, REASON_LIMIT)?),
            ..Particulars::default()
        },
        ..Act::new(case_id, Action::Refuse)
    };
    perform_step(
        services,
        actor,
        context,
        "case.refuse",
        &(case_id, reason, lawful_path),
        act,
    )
    .await
}
