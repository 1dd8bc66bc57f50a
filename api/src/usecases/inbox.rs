//! Marking the inbox as read. Residents and staff have the same inbox.

use std::sync::Arc;

use shared::contract::problem::ProblemCode;

use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    services::Services,
    stores::notice_store,
    usecases::idempotency,
};

/// Marks the entry `up_to` and all before it as read.
///
/// # Errors
/// `SignInRequired` for visitors; `Busy`.
pub async fn read_inbox(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    up_to: i64,
) -> Result<(), Failure> {
    let reader = actor.id().ok_or(ProblemCode::SignInRequired)?;
    let now = services.now();
    idempotency::once(services, reader, context, "inbox.read", &up_to, move |transaction| {
        notice_store::set_read(transaction, reader, up_to, now)?;
        Ok(())
    })
    .await
}
