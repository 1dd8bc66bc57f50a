//! Ends one session of the own account: the phone that was lost, the computer that was left behind.

use std::sync::Arc;

use shared::contract::problem::ProblemCode;

use crate::{
    access::{Actor, RequestContext},
    errors::Failure,
    services::Services,
    stores::session_store,
    usecases::{
        audit::{self, Act},
        idempotency,
    },
};

/// Ends it; its access tokens are refused from now on.
///
/// # Errors
/// `NotFound` when the caller has no such session, or it ended before; `SignInRequired` for visitors.
pub async fn sign_out_one(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: Actor,
    session: i64,
) -> Result<(), Failure> {
    let account = actor.id().ok_or(ProblemCode::SignInRequired)?;
    let (shared, told, now) = (Arc::clone(services), context.clone(), services.now().0);
    idempotency::once(
        services,
        account,
        context,
        "session.sign_out_one",
        &session,
        move |transaction| {
            session_store::revoke_one(transaction, account, session, now)?;
            let act = Act::done("session.sign_out_one", "session", Some(session));
            audit::record_act(&shared, transaction, &actor, &told, &act);
            Ok(())
        },
    )
    .await?;
    services.access.callers.forget(account);
    Ok(())
}
