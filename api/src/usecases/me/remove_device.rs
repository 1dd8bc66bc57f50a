//! A signed-in person removes a device: nothing is pushed to it any more.

use std::sync::Arc;

use shared::contract::problem::ProblemCode;

use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    services::Services,
    stores::device_store,
    usecases::{
        audit::{self, Act},
        idempotency,
    },
};

/// Removes it.
///
/// # Errors
/// `NotFound` when the account has no such device.
pub async fn remove_device(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: Actor,
    device: i64,
) -> Result<(), Failure> {
    let account = actor.id().ok_or(ProblemCode::SignInRequired)?;
    let (shared, context_) = (Arc::clone(services), context.clone());
    idempotency::once(
        services,
        account,
        context,
        "device.remove",
        &device,
        move |transaction| {
            device_store::delete_device(transaction, account, device)?;
            let act = Act::done("device.remove", "device", Some(device));
            audit::record_act(&shared, transaction, &actor, &context_, &act);
            Ok(())
        },
    )
    .await?;
    Ok(())
}
