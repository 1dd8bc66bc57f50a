//! A signed-in person removes a device: nothing is pushed to it any more.

use std::sync::Arc;

use shared::contract::problem::ProblemCode;

use crate::{
    access::{Actor, RequestContext},
    database::StoreError,
    errors::Failure,
    services::Services,
    stores::device_store,
    usecases::audit::{self, Act},
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
    let (shared, context) = (Arc::clone(services), context.clone());
    services
        .database
        .writer
        .write(move |transaction| -> Result<(), StoreError> {
            device_store::delete_device(transaction, account, device)?;
            let act = Act::done("device.remove", "device", Some(device));
            audit::record_act(&shared, transaction, &actor, &context, &act);
            Ok(())
        })
        .await?;
    Ok(())
}
