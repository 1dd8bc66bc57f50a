//! A signed-in person registers a device for push messages. The same token again only says that the device is still there.

use std::sync::Arc;

use shared::contract::problem::ProblemCode;

use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    services::Services,
    stores::device_store::{self, DeviceRow},
    usecases::{
        audit::{self, Act},
        idempotency,
    },
};

/// The longest registration token, in bytes.
const LONGEST_TOKEN: usize = 4096;

/// Answers the device's id.
///
/// # Errors
/// `Invalid` for a token that is empty, too long or not printable.
pub async fn register_device(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: Actor,
    provider: &'static str,
    token: &str,
) -> Result<i64, Failure> {
    let account = actor.id().ok_or(ProblemCode::SignInRequired)?;
    let printable = token.bytes().all(|byte| byte.is_ascii_graphic());
    if token.is_empty() || token.len() > LONGEST_TOKEN || !printable {
        return Err(Failure::invalid("token", "1 至 4096 个可见的英文字符"));
    }
    let row = DeviceRow {
        id: services.next_id(),
        account_id: account,
        provider: provider.to_owned(),
        token: token.to_owned(),
        seen_at: services.now().0,
    };
    let (shared, context_) = (Arc::clone(services), context.clone());
    let asked = (provider, token);
    idempotency::once(
        services,
        account,
        context,
        "device.register",
        &asked,
        move |transaction| {
            let device = device_store::set_device(transaction, &row)?;
            let act = Act::done("device.register", "device", Some(device.id));
            audit::record_act(&shared, transaction, &actor, &context_, &act);
            Ok(device.id)
        },
    )
    .await
}
