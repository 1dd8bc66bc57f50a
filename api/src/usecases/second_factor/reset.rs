//! A security administrator takes away the second factor of somebody who lost phone and paper.

use std::sync::Arc;

use shared::contract::problem::ProblemCode;

use crate::{
    access::{Actor, RequestContext, StaffActor},
    errors::Failure,
    services::Services,
    stores::{second_factor_store, session_store},
    usecases::{
        audit::{self, Act},
        idempotency,
        staff_accounts::{require_security_admin, tell_of_reset},
    },
};

/// Takes it away and ends the account's sessions. Its owner is told.
///
/// # Errors
/// `Forbidden` for everybody but a security administrator, and for the own account; `NotFound`.
pub async fn reset(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: StaffActor,
    account: i64,
) -> Result<(), Failure> {
    require_security_admin(&actor)?;
    if actor.id == account {
        return Err(Failure::new(ProblemCode::Forbidden).with_detail("自己的动态口令请由另一位安全管理员重置"));
    }
    let (shared, told, now) = (Arc::clone(services), context.clone(), services.now().0);
    let by = Actor::Staff(actor.clone());
    idempotency::once(
        services,
        actor.id,
        context,
        "second_factor.reset",
        &account,
        move |transaction| {
            second_factor_store::remove_second_factor(transaction, account)?;
            session_store::revoke_all(transaction, account, None, now)?;
            let act = Act::done("second_factor.reset", "staff", Some(account));
            audit::record_act(&shared, transaction, &by, &told, &act);
            tell_of_reset(&shared, transaction, account, "动态口令")
        },
    )
    .await?;
    services.access.callers.forget(account);
    Ok(())
}
