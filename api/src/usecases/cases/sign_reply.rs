//! Row 20: the unit's leader signs the handler's reply, or has it written again.

use std::sync::Arc;

use shared::domain::case::Action;

use super::{
    order_of::act_on,
    perform::{StepOutcome, perform},
};
use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    services::Services,
    stores::reply_store,
    usecases::words::{REASON_LIMIT, text},
};

/// Signs the reply: a reviewer reads it next.
///
/// # Errors
/// No reply that waits; what the rules refuse.
pub async fn sign_reply(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    order_id: i64,
) -> Result<StepOutcome, Failure> {
    perform(services, actor, context, "order.sign_reply", &order_id, move |scene| {
        let (_, act) = act_on(scene, order_id, Action::SignReply)?;
        Ok(StepOutcome::from(&scene.take(&act)?))
    })
    .await
}

/// Gives the reply back to the handler.
///
/// # Errors
/// A missing or too long reason; no reply that waits; what the rules refuse.
pub async fn decline_reply(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    order_id: i64,
    reason: &str,
) -> Result<StepOutcome, Failure> {
    let reason = text("reason", reason, REASON_LIMIT)?;
    let asked = (order_id, reason.clone());
    perform(services, actor, context, "order.decline_reply", &asked, move |scene| {
        let (_, act) = act_on(scene, order_id, Action::DeclineReply)?;
        let stepped = scene.take(&act.because(reason.clone()))?;
        reply_store::set_reviewed(scene.transaction, stepped.row.id, "sent_back", scene.actor.id(), None)?;
        Ok(StepOutcome::from(&stepped))
    })
    .await
}
