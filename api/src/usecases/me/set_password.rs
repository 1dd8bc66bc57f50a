//! A resident sets a password: the first one freely, another with the password so far or a fresh code.

use std::sync::Arc;

use shared::{
    contract::problem::ProblemCode,
    domain::{
        password::{self, RESIDENT_CLASSES},
        phone::MobileNumber,
    },
};

use crate::{
    access::{Actor, PersonActor, RequestContext, secrets::PERSON_PHONE},
    database::StoreError,
    errors::Failure,
    services::Services,
    stores::{account_store, session_store},
    usecases::{
        accounts::code_check::{self, TypedCode},
        audit::{self, Act},
        sessions::password_tries::PasswordTries,
    },
};

/// A new password and what proves that the owner sets it.
pub struct NewPassword {
    /// The new one.
    pub password: String,
    /// The one so far.
    pub current: Option<String>,
    /// A code sent to the own number.
    pub code: Option<String>,
}

/// Sets it and ends all other sessions.
///
/// # Errors
/// `Invalid` for a password that is not accepted; `SignInFailed` when the proof is missing or wrong.
pub async fn set_password(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: PersonActor,
    new: NewPassword,
) -> Result<(), Failure> {
    let id = actor.id;
    let person = services
        .database
        .readers
        .read(move |connection| Ok::<_, StoreError>(account_store::get_person(connection, id)?))
        .await?;
    let sealed = services
        .access
        .secrets
        .cipher()
        .open(PERSON_PHONE, &person.phone_cipher);
    let number: MobileNumber = sealed
        .ok()
        .and_then(|bytes| std::str::from_utf8(&bytes).ok()?.parse().ok())
        .ok_or_else(|| Failure::internal("a number cannot be opened"))?;
    password::check(&new.password, number.national(), RESIDENT_CLASSES)
        .map_err(|error| Failure::invalid("password", error.message_zh()))?;
    let typed = new
        .code
        .map(|code| TypedCode::new(services, &person.phone_lookup, &code));
    let mut tries = None;
    if person.password_hash.is_some() && typed.is_none() {
        let current = new.current.ok_or(ProblemCode::SignInFailed)?;
        let counted = PasswordTries::within(services, actor.session);
        counted.count(services, context, "password.set").await?;
        let stored = person.password_hash.as_deref();
        if !services.access.passwords.verify(&current, stored).await? {
            let act = Act::done("password.set", "person", Some(id)).refused(ProblemCode::SignInFailed.as_str());
            audit::record_refused(services, &Actor::Person(actor), context, act).await?;
            return Err(ProblemCode::SignInFailed.into());
        }
        tries = Some(counted);
    }
    let hash = services.access.passwords.hash(&new.password).await?;
    let (shared, context, now, version) = (Arc::clone(services), context.clone(), services.now().0, person.version);
    services
        .database
        .writer
        .write(move |transaction| -> Result<Result<(), Failure>, Failure> {
            let act = Act::done("password.set", "person", Some(id));
            let by = Actor::Person(actor.clone());
            if let Some(typed) = &typed {
                let used = match code_check::compare(&shared, transaction, typed)? {
                    Some(code) => code_check::use_up(&shared, transaction, code)?,
                    None => false,
                };
                if !used {
                    let act = act.refused(ProblemCode::SignInFailed.as_str());
                    audit::record_act(&shared, transaction, &by, &context, &act);
                    return Ok(Err(ProblemCode::SignInFailed.into()));
                }
            }
            if let Some(tries) = &tries {
                tries.forget(transaction)?;
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
