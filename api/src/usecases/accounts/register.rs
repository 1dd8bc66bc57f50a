//! Registers a resident who proved a number with a code. A number that is known already is signed in.

use std::sync::Arc;

use shared::{
    contract::problem::ProblemCode,
    domain::{
        consent::{ConsentChannel, ConsentPurpose},
        password::{self, RESIDENT_CLASSES},
        phone::MobileNumber,
    },
};

use super::code_check::{self, TypedCode};
use crate::{
    access::{Actor, PersonActor, RequestContext, phone_number::seal_number, secrets::same_hash, tokens::AccountKind},
    database::{StoreError, Transaction},
    errors::Failure,
    services::Services,
    stores::{
        account_store::{self, NewPersonRow, PersonRow},
        code_store,
        consent_store::{self, NewConsentRow},
    },
    usecases::{
        audit::{self, Act},
        me::close_account::take_back,
        sessions::{OpenedSession, SessionStart, device::Device, open_session},
        words,
    },
};

/// Somebody who wants an account.
pub struct NewResident {
    /// The number.
    pub phone: MobileNumber,
    /// The code from the text message.
    pub code: String,
    /// How the person wants to be addressed.
    pub display_name: Option<String>,
    /// A password, if wanted.
    pub password: Option<String>,
    /// What the person agreed to.
    pub consents: Vec<ConsentPurpose>,
    /// What the person calls the device.
    pub device_name: Option<String>,
}

/// Answers the session, and whether the account is new.
///
/// # Errors
/// `Invalid` for a text or password that is not accepted; `SignInFailed` when the code is wrong, used or over;
/// `Forbidden` for a closed account.
pub async fn register(
    services: &Arc<Services>,
    context: &RequestContext,
    resident: NewResident,
) -> Result<(OpenedSession, bool), Failure> {
    let display_name = match &resident.display_name {
        Some(name) => Some(words::short("display_name", name, 40)?).filter(|name| !name.is_empty()),
        None => None,
    };
    let device_name = match &resident.device_name {
        Some(name) => Some(words::short("device_name", name, 60)?),
        None => None,
    };
    let lookup = services.access.secrets.phone_lookup(&resident.phone.to_e164());
    let typed = TypedCode::new(services, &lookup, &resident.code);
    let password_hash = match &resident.password {
        Some(chosen) => {
            password::check(chosen, resident.phone.national(), RESIDENT_CLASSES)
                .map_err(|error| Failure::invalid("password", error.message_zh()))?;
            hash_when_right(services, &typed, chosen).await?
        }
        None => None,
    };
    let phone_cipher = seal_number(&services.access.secrets, &resident.phone)?;
    let row = NewPersonRow {
        display_name,
        password_hash,
        verified_at: Some(services.now().0),
        ..NewPersonRow::unverified(services.next_id(), phone_cipher, lookup.clone())
    };
    let mut consents = resident.consents;
    consents.sort_unstable();
    consents.dedup();
    let device_token = Device::default().token_for(services, &lookup);
    let (shared, context) = (Arc::clone(services), context.clone());
    services
        .database
        .writer
        .write(move |transaction| -> Result<Result<_, Failure>, Failure> {
            let act = Act::done("account.register", "person", None);
            let right = code_check::compare(&shared, transaction, &typed)?;
            let used = match right {
                Some(code) => code_check::use_up(&shared, transaction, code)?,
                None => false,
            };
            if !used {
                let act = act
                    .refused(ProblemCode::SignInFailed.as_str())
                    .with(serde_json::json!({ "phone": &typed.phone_lookup[..16] }));
                audit::record_act(&shared, transaction, &Actor::Visitor, &context, &act);
                return Ok(Err(ProblemCode::SignInFailed.into()));
            }
            let known = transaction.read(|connection| account_store::find_by_phone(connection, &typed.phone_lookup))?;
            let is_new = !known.as_ref().is_some_and(PersonRow::is_registered);
            let (id, blocked) = match known {
                Some(person) if !person.is_open() => return Ok(Err(ProblemCode::Forbidden.into())),
                Some(person) if is_new => {
                    account_store::register_caller(transaction, &person, &row)?;
                    (person.id, person.is_blocked())
                }
                Some(person) => (person.id, person.is_blocked()),
                None => {
                    transaction.append(row.clone());
                    (row.id, false)
                }
            };
            if is_new {
                transaction.count("accounts", "registered", 1);
            }
            give_consents(&shared, transaction, id, &consents, ConsentChannel::Online)?;
            let mut session = open_session(
                &shared,
                transaction,
                &SessionStart {
                    account: id,
                    kind: AccountKind::Person,
                    device_name: device_name.clone(),
                    owes: None,
                },
            )?;
            session.device_token = Some(device_token.clone());
            let actor = Actor::Person(PersonActor {
                id,
                session: session.session,
                blocked,
            });
            let action = if is_new { "account.register" } else { "session.sign_in" };
            audit::record_act(
                &shared,
                transaction,
                &actor,
                &context,
                &Act::done(action, "person", Some(id)),
            );
            take_back(&shared, transaction, &actor, &context)?;
            Ok(Ok((session, is_new)))
        })
        .await?
}

/// Writes down what a person agrees to for all cases, in place of what was agreed to before.
///
/// # Errors
/// The database's failure.
pub(in crate::usecases) fn give_consents(
    services: &Services,
    transaction: &mut Transaction<'_>,
    person: i64,
    consents: &[ConsentPurpose],
    channel: ConsentChannel,
) -> Result<(), StoreError> {
    for purpose in consents {
        consent_store::move_to_withdrawn(transaction, person, purpose.as_str(), services.now().0)?;
        if let Some(wording) = services.consents.of(*purpose) {
            transaction.append(NewConsentRow {
                id: services.next_id(),
                person_id: person,
                purpose: purpose.as_str().to_owned(),
                wording_version: wording.version.clone(),
                channel: channel.as_str().to_owned(),
                case_id: None,
            });
        }
    }
    Ok(())
}

/// Hashing is dear, so the code is looked at first. The try itself is counted by the write that follows in any case.
async fn hash_when_right(
    services: &Arc<Services>,
    typed: &TypedCode,
    password: &str,
) -> Result<Option<String>, Failure> {
    let (now, attempts) = (services.now().0, services.config.codes.attempts);
    let (lookup, hash) = (typed.phone_lookup.clone(), typed.code_hash.clone());
    let right = services
        .database
        .readers
        .read(move |connection| -> Result<bool, StoreError> {
            let live = code_store::find_live(connection, &lookup, now, attempts)?;
            Ok(live.is_some_and(|(_, stored)| same_hash(&stored, &hash)))
        })
        .await?;
    if right {
        services.access.passwords.hash(password).await.map(Some)
    } else {
        Ok(None)
    }
}
