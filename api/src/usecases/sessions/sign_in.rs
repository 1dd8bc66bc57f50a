//! A resident signs in with a number and either a code or a password. Every wrong try gets the same answer.

use std::sync::Arc;

use shared::{contract::problem::ProblemCode, domain::phone::MobileNumber};

use super::{OpenedSession, SessionStart, device::Device, open_session, password_tries::PasswordTries};
use crate::{
    access::{Actor, PersonActor, RequestContext, tokens::AccountKind},
    database::StoreError,
    errors::Failure,
    services::Services,
    stores::account_store::{self, PersonRow},
    usecases::{
        accounts::code_check::{self, TypedCode},
        audit::{self, Act},
        me::close_account::take_back,
    },
};

/// How the person proves to be the owner of the number.
pub enum Proof {
    /// The code from the text message.
    Code(String),
    /// The password.
    Password(String),
}

/// Opens a session.
///
/// # Errors
/// `SignInFailed` whatever is wrong; `TemporarilyLocked` after too many wrong passwords.
pub async fn sign_in(
    services: &Arc<Services>,
    context: &RequestContext,
    phone: &MobileNumber,
    proof: Proof,
    device: &Device<'_>,
) -> Result<OpenedSession, Failure> {
    let device_name = device.name()?;
    let lookup = services.access.secrets.phone_lookup(&phone.to_e164());
    let checked = match proof {
        Proof::Code(code) => Checked::Code(TypedCode::new(services, &lookup, &code)),
        Proof::Password(password) => by_password(services, context, &lookup, &password, device).await?,
    };
    let device_token = device.token_for(services, &lookup);
    let (shared, context) = (Arc::clone(services), context.clone());
    services
        .database
        .writer
        .write(move |transaction| -> Result<Result<OpenedSession, Failure>, Failure> {
            let known = transaction.read(|connection| account_store::find_by_phone(connection, &lookup))?;
            let person = known.filter(PersonRow::is_registered);
            let proven = match &checked {
                Checked::Code(typed) => match code_check::compare(&shared, transaction, typed)? {
                    // Who is not registered yet can still register with this code.
                    Some(code) if person.is_some() => code_check::use_up(&shared, transaction, code)?,
                    _ => false,
                },
                Checked::Password { right, tries } => {
                    if *right {
                        tries.forget(transaction)?;
                    }
                    *right
                }
            };
            let act = Act::done("session.sign_in", "person", person.as_ref().map(|person| person.id));
            let open = person.filter(PersonRow::is_open);
            let Some(person) = open.filter(|_| proven) else {
                let act = act.refused(ProblemCode::SignInFailed.as_str());
                audit::record_act(&shared, transaction, &Actor::Visitor, &context, &act);
                return Ok(Err(ProblemCode::SignInFailed.into()));
            };
            let mut session = open_session(
                &shared,
                transaction,
                &SessionStart {
                    account: person.id,
                    kind: AccountKind::Person,
                    device_name: device_name.clone(),
                    owes: None,
                },
            )?;
            session.device_token = Some(device_token.clone());
            let actor = Actor::Person(PersonActor {
                id: person.id,
                session: session.session,
                blocked: person.is_blocked(),
            });
            audit::record_act(&shared, transaction, &actor, &context, &act);
            take_back(&shared, transaction, &actor, &context)?;
            Ok(Ok(session))
        })
        .await?
}

enum Checked {
    Code(TypedCode),
    Password { right: bool, tries: PasswordTries },
}

/// An unknown number, or one without a password, takes the same time.
async fn by_password(
    services: &Arc<Services>,
    context: &RequestContext,
    lookup: &str,
    password: &str,
    device: &Device<'_>,
) -> Result<Checked, Failure> {
    let tries = PasswordTries::of(services, context, lookup, device.known(services, lookup));
    tries.count(services, context, "session.sign_in").await?;
    let lookup = lookup.to_owned();
    let person = services
        .database
        .readers
        .read(move |connection| Ok::<_, StoreError>(account_store::find_by_phone(connection, &lookup)?))
        .await?;
    let stored = person.and_then(|person| person.password_hash);
    let right = services.access.passwords.verify(password, stored.as_deref()).await?;
    Ok(Checked::Password { right, tries })
}
