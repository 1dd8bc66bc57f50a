//! Row 19: the unit reports that it kept its promise. The report is a reply with its evidence, for a reviewer to look at.

use std::sync::Arc;

use shared::domain::case::Action;

use super::{
    perform::StepOutcome,
    submit_reply::{SubmitReply, bring_reply},
};
use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    services::Services,
};

/// Reports the promise as kept.
///
/// # Errors
/// As for a reply; what the rules refuse.
pub async fn fulfil_commitment(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    order_id: i64,
    report: SubmitReply,
) -> Result<StepOutcome, Failure> {
    bring_reply(
        services,
        actor,
        context,
        ("order.fulfil", Action::Fulfil),
        order_id,
        report,
    )
    .await
}
