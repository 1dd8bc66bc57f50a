//! Row 7: a clerk hands a case to an emergency or utility line. It counts when that line acknowledged it; until then the case
//! stays here.

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
    usecases::words::{REASON_LIMIT, optional_text, short_and_there},
};

/// The longest name of a receiver.
const RECEIVER_LIMIT: usize = 60;

/// Hands the case off to `receiver`, who said so in `acknowledgement`.
///
/// # Errors
/// A missing or too long receiver, a too long acknowledgement; what the rules refuse, above all without an acknowledgement.
pub async fn hand_off_case(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
    receiver: &str,
    acknowledgement: Option<&str>,
) -> Result<StepOutcome, Failure> {
    let receiver = short_and_there("receiver", receiver, RECEIVER_LIMIT)?;
    let acknowledgement = optional_text("acknowledgement", acknowledgement, REASON_LIMIT)?;
    let asked = (case_id, receiver.clone(), acknowledgement.clone());
    let act = Act {
        detail: serde_json::json!({ "receiver": receiver, "acknowledgement": acknowledgement }),
        particulars: Particulars {
            // The requester reads who has it now; how that was acknowledged is for colleagues.
            reason: Some(receiver),
            acknowledgement,
            ..Particulars::default()
        },
        ..Act::new(case_id, Action::HandOff)
    };
    perform_step(services, actor, context, "case.hand_off", &asked, act).await
}
