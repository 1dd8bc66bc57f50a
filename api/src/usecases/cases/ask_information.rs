//! Row 2: a clerk asks the requester, once, for what is missing.

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

/// Asks the question.
///
/// # Errors
/// A missing or too long question; what the rules refuse.
pub async fn ask_information(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
    question: &str,
) -> Result<StepOutcome, Failure> {
    let act = Act {
        particulars: Particulars {
            reason: Some(text("question", question, REASON_LIMIT)?),
            ..Particulars::default()
        },
        detail: serde_json::json!({ "question": question.trim() }),
        ..Act::new(case_id, Action::AskInformation)
    };
    perform_step(
        services,
        actor,
        context,
        "case.ask_information",
        &(case_id, question),
        act,
    )
    .await
}
