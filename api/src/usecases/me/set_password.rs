//! A resident sets a password with a fresh code or the password so far. The first one asks for the code, too: whoever found an
//! open phone must not make a key of their own.

use std::sync::Arc;

use shared::{
    contract::problem::ProblemCode,
    domain::password::{self, RESIDENT_CLASSES},
};

use super::ownership::{Offered, examine, read_person};
use crate::{
    access::{Actor, PersonActor, RequestContext, phone_number::open_number},
    errors::Failure,
    services::Services,
    stores::{account_store, session_store},
    usecases::audit::{self, Act},
};

/// A new password and what proves that the owner sets it.
pub struct NewPassword {
    /// The new one.
    pub password: String,
    /// A code sent to the own number, or the password so far.
    pub owner: Offered,
}

/// Sets it and ends all other sessions.
///
/// # Errors
/// `Invalid` for a password that is not accepted; `SignInFailed` when the proof is wrong.
pub async fn set_password(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: PersonActor,
    new: NewPassword,
) -> Result<(), Failure> {
    let id = actor.id;
    let person = read_person(services, id).await?;
    let number = open_number(&services.access.secrets, &person.phone_cipher)?;
    password::check(&new.password, number.national(), RESIDENT_CLASSES)
        .map_err(|error| Failure::invalid("password", error.message_zh()))?;
    let proof = examine(services, context, &actor, &person, new.owner, "password.set").await?;
    let hash = services.access.passwords.hash(&new.password).await?;
    let (shared, context, now, version) = (Arc::clone(services), context.clone(), services.now().0, person.version);
    services
        .database
        .writer
        .write(move |transaction| -> Result<Result<(), Failure>, Failure> {
            let act = Act::done("password.set", "person", Some(id));
            let by = Actor::Person(actor.clone());
            if !proof.accept(&shared, transaction)? {
                let act = act.refused(ProblemCode::SignInFailed.as_str());
                audit::record_act(&shared, transaction, &by, &context, &act);
                return Ok(Err(ProblemCode::SignInFailed.into()));
            }
            account_store::set_password(transaction, id, version, &hash)?;
            session_store::revoke_all(transaction, id, Some(actor.session), now)?;
            audit::record_act(&shared, transaction, &by, &context, &act);
            Ok(Ok(()))
        })
        .await??;
    services.access.callers.forget(id);
    Ok(())
}
