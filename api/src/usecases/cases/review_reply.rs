//! Rows 21 and 22: a reviewer releases a reply to the requester, or sends it back to the unit.

use std::sync::Arc;

use shared::{contract::problem::ProblemCode, domain::case::Action};

use super::{
    perform::{StepOutcome, perform},
    step::Act,
};
use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    services::Services,
    stores::{
        outbox_store::{OutboxRow, Task},
        reply_store,
    },
    usecases::words::{REASON_LIMIT, text},
};

/// Releases the reply: the requester reads and rates it.
///
/// # Errors
/// What the rules refuse; `Stale` when there is no reply to release.
pub async fn release_reply(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
) -> Result<StepOutcome, Failure> {
    perform(services, actor, context, "case.release_reply", &case_id, move |scene| {
        let stepped = scene.take(&Act::new(case_id, Action::ReleaseReply))?;
        let now = scene.services.now();
        let released = reply_store::set_reviewed(scene.transaction, case_id, "released", scene.actor.id(), Some(now))?;
        if released == 0 {
            return Err(ProblemCode::Stale.into());
        }
        let index = scene.services.next_id();
        scene
            .transaction
            .append(OutboxRow::new(index, Task::IndexCase, case_id, "{}".to_owned(), now));
        Ok(StepOutcome::from(&stepped))
    })
    .await
}

/// Sends the reply back to the unit; the handling limit goes on.
///
/// # Errors
/// A missing or too long reason; what the rules refuse.
pub async fn send_back_reply(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    case_id: i64,
    reason: &str,
) -> Result<StepOutcome, Failure> {
    let reason = text("reason", reason, REASON_LIMIT)?;
    let asked = (case_id, reason.clone());
    perform(services, actor, context, "case.send_back", &asked, move |scene| {
        let act = Act::new(case_id, Action::SendBack).because(reason.clone());
        let stepped = scene.take(&act)?;
        reply_store::set_reviewed(scene.transaction, case_id, "sent_back", scene.actor.id(), None)?;
        Ok(StepOutcome::from(&stepped))
    })
    .await
}
