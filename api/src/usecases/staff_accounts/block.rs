//! Blocks an account: its sessions end at once and it cannot sign in.

use std::sync::Arc;

use shared::contract::problem::ProblemCode;

use super::require_security_admin;
use crate::{
    access::{Actor, RequestContext, StaffActor},
    errors::Failure,
    services::Services,
    stores::{session_store, staff_store},
    usecases::{
        audit::{self, Act},
        idempotency,
    },
};

/// Blocks it.
///
/// # Errors
/// `Forbidden` for everybody but a security administrator, and for the own account; `NotFound`.
pub async fn block(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: StaffActor,
    account: i64,
) -> Result<(), Failure> {
    require_security_admin(&actor)?;
    if actor.id == account {
        return Err(Failure::new(ProblemCode::Forbidden).with_detail("不能停用自己的账号"));
    }
    let (shared, context_, now) = (Arc::clone(services), context.clone(), services.now().0);
    let by = actor.clone();
    idempotency::once(
        services,
        actor.id,
        context,
        "staff_account.block",
        &account,
        move |transaction| {
            staff_store::set_status(transaction, account, "blocked")?;
            session_store::revoke_all(transaction, account, None, now)?;
            let act = Act::done("staff_account.block", "staff", Some(account));
            audit::record_act(&shared, transaction, &Actor::Staff(by.clone()), &context_, &act);
            Ok(())
        },
    )
    .await?;
    services.access.callers.forget(account);
    Ok(())
}
