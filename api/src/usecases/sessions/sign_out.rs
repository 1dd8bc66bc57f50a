//! Ends the present session, or all sessions of the account.

use std::sync::Arc;

use shared::contract::problem::ProblemCode;

use crate::{
    access::{Actor, RequestContext},
    database::StoreError,
    errors::Failure,
    services::Services,
    stores::session_store,
    usecases::audit::{self, Act},
};

/// How far signing out reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignOut {
    /// This session.
    Here,
    /// All sessions of the account.
    Everywhere,
}

/// Ends sessions; their access tokens are refused from now on.
///
/// # Errors
/// `SignInRequired` for visitors; the writer's failure.
pub async fn sign_out(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: Actor,
    reach: SignOut,
) -> Result<(), Failure> {
    let (account, session) = match &actor {
        Actor::Person(person) => (person.id, person.session),
        Actor::Staff(staff) => (staff.id, staff.session),
        Actor::Visitor | Actor::System => return Err(ProblemCode::SignInRequired.into()),
    };
    let (shared, context, now) = (Arc::clone(services), context.clone(), services.now().0);
    services
        .database
        .writer
        .write(move |transaction| -> Result<(), StoreError> {
            let action = match reach {
                SignOut::Here => {
                    session_store::revoke_family(transaction, session, now)?;
                    "session.sign_out"
                }
                SignOut::Everywhere => {
                    session_store::revoke_all(transaction, account, None, now)?;
                    "session.sign_out_everywhere"
                }
            };
            let act = Act::done(action, "session", Some(session));
            audit::record_act(&shared, transaction, &actor, &context, &act);
            Ok(())
        })
        .await?;
    services.access.callers.forget(account);
    Ok(())
}
