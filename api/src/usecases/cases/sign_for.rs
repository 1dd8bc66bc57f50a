//! Row 11: the unit signs for its order.

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
};

/// Signs for the order.
///
/// # Errors
/// An order that is no longer the case's; what the rules refuse.
pub async fn sign_for_order(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    order_id: i64,
) -> Result<StepOutcome, Failure> {
    perform(services, actor, context, "order.sign_for", &order_id, move |scene| {
        let (_, act) = act_on(scene, order_id, Action::SignFor)?;
        Ok(StepOutcome::from(&scene.take(&act)?))
    })
    .await
}
