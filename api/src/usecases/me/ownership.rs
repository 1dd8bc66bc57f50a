//! Proof that whoever holds the session owns the account: a code sent to the own number, or the password. What it opens is
//! decided by who asks for it.

use std::sync::Arc;

use shared::contract::problem::ProblemCode;

use crate::{
    access::{Actor, PersonActor, RequestContext},
    database::{StoreError, Transaction},
    errors::Failure,
    services::Services,
    stores::{
        account_store::{self, PersonRow},
        session_store,
    },
    usecases::{
        accounts::code_check::{self, TypedCode},
        audit::{self, Act},
        sessions::password_tries::PasswordTries,
    },
};

/// What somebody offers as a proof.
pub enum Offered {
    /// A code sent to the own number.
    Code(String),
    /// The password.
    Password(String),
}

/// A proof as far as it can be looked at outside of a write.
#[derive(Clone)]
pub enum Proof {
    /// Compared and used up in the write.
    Code(TypedCode),
    /// Was right; the tries are forgotten in the write.
    Password(PasswordTries),
}

impl Proof {
    /// Whether it is good. A code is used up by this.
    ///
    /// # Errors
    /// The database's failure.
    pub fn accept(&self, services: &Services, transaction: &mut Transaction<'_>) -> Result<bool, StoreError> {
        match self {
            Self::Code(typed) => match code_check::compare(services, transaction, typed)? {
                Some(code) => code_check::use_up(services, transaction, code),
                None => Ok(false),
            },
            Self::Password(tries) => tries.forget(transaction).map(|()| true),
        }
    }
}

/// The account of whoever is signed in.
///
/// # Errors
/// `Busy`, or the database's failure.
pub async fn read_person(services: &Services, id: i64) -> Result<PersonRow, Failure> {
    services
        .database
        .readers
        .read(move |connection| Ok(account_store::get_person(connection, id).map_err(StoreError::from)?))
        .await
}

/// Compares a password; a code is left to the write.
///
/// # Errors
/// `SignInFailed` for a wrong password, `TemporarilyLocked` after too many.
pub async fn examine(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: &PersonActor,
    person: &PersonRow,
    offered: Offered,
    action: &'static str,
) -> Result<Proof, Failure> {
    let password = match offered {
        Offered::Code(code) => return Ok(Proof::Code(TypedCode::new(services, &person.phone_lookup, &code))),
        Offered::Password(password) => password,
    };
    let tries = PasswordTries::within(services, actor.session);
    tries.count(services, context, action).await?;
    let stored = person.password_hash.as_deref();
    if services.access.passwords.verify(&password, stored).await? {
        return Ok(Proof::Password(tries));
    }
    let act = Act::done(action, "person", Some(person.id)).refused(ProblemCode::SignInFailed.as_str());
    audit::record_refused(services, &Actor::Person(actor.clone()), context, act).await?;
    Err(ProblemCode::SignInFailed.into())
}

/// Lets this session count as the owner's for a while; answers until when.
///
/// # Errors
/// `SignInFailed` for a wrong proof.
pub async fn prove(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: PersonActor,
    offered: Offered,
) -> Result<shared::domain::time::Timestamp, Failure> {
    let person = read_person(services, actor.id).await?;
    let proof = examine(services, context, &actor, &person, offered, "session.prove").await?;
    let until = services.now().plus_seconds(services.config.residents.proof_seconds);
    let (shared, context) = (Arc::clone(services), context.clone());
    services
        .database
        .writer
        .write(move |transaction| -> Result<Result<(), Failure>, Failure> {
            let act = Act::done("session.prove", "person", Some(actor.id));
            let by = Actor::Person(actor.clone());
            if !proof.accept(&shared, transaction)? {
                let act = act.refused(ProblemCode::SignInFailed.as_str());
                audit::record_act(&shared, transaction, &by, &context, &act);
                return Ok(Err(ProblemCode::SignInFailed.into()));
            }
            session_store::set_proven(transaction, actor.session, until.0)?;
            audit::record_act(&shared, transaction, &by, &context, &act);
            Ok(Ok(()))
        })
        .await??;
    Ok(until)
}
