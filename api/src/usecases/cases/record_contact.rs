//! Row 14: the first contact with the requester, with how it was made.

use std::sync::Arc;

use shared::domain::case::Action;

use super::{
    order_of::act_on,
    perform::{StepOutcome, perform},
    step::Act,
};
use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    services::Services,
    usecases::words::{REASON_LIMIT, text},
};

/// Records the contact. `how` is the way's stable name.
///
/// # Errors
/// A missing or too long note; what the rules refuse.
pub async fn record_contact(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    order_id: i64,
    how: &'static str,
    note: &str,
) -> Result<StepOutcome, Failure> {
    let note = text("note", note, REASON_LIMIT)?;
    let asked = (order_id, how, note.clone());
    perform(services, actor, context, "order.record_contact", &asked, move |scene| {
        let (_, act) = act_on(scene, order_id, Action::RecordContact)?;
        let act = Act {
            detail: serde_json::json!({ "how": how, "note": note }),
            ..act
        };
        Ok(StepOutcome::from(&scene.take(&act)?))
    })
    .await
}
