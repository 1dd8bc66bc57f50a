//! Takes a role back.

use std::sync::Arc;

use super::require_security_admin;
use crate::{
    access::{Actor, RequestContext, StaffActor},
    errors::Failure,
    services::Services,
    stores::staff_store,
    usecases::{
        audit::{self, Act},
        idempotency,
    },
};

/// Takes it back.
///
/// # Errors
/// `Forbidden` for everybody but a security administrator; `NotFound` when the account has no such grant in force.
pub async fn revoke_grant(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: StaffActor,
    account: i64,
    grant: i64,
) -> Result<(), Failure> {
    require_security_admin(&actor)?;
    let (shared, context_, now) = (Arc::clone(services), context.clone(), services.now().0);
    let by = actor.clone();
    idempotency::once(
        services,
        actor.id,
        context,
        "staff_account.revoke_grant",
        &(account, grant),
        move |transaction| {
            staff_store::revoke_grant(transaction, account, grant, now)?;
            let act = Act::done("staff_account.revoke_grant", "staff", Some(account))
                .with(serde_json::json!({ "grant": grant.to_string() }));
            audit::record_act(&shared, transaction, &Actor::Staff(by.clone()), &context_, &act);
            Ok(())
        },
    )
    .await?;
    services.access.callers.forget(account);
    Ok(())
}
