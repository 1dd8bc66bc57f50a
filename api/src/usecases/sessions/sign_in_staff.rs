//! A member of staff signs in with name and password. Every wrong try gets the same answer. Whoever has a second factor is
//! given a challenge and no session yet.

use std::sync::Arc;

use shared::{contract::problem::ProblemCode, domain::time::Timestamp};

use super::{OpenedSession, SessionStart, device::Device, open_session, password_tries::PasswordTries};
use crate::{
    access::{
        Actor, RequestContext, StaffActor,
        notes::{self, PasswordProven},
        standing,
        tokens::AccountKind,
    },
    database::{StoreError, Transaction},
    errors::Failure,
    services::Services,
    stores::staff_store::{self, StaffRow},
    usecases::{
        audit::{self, Act},
        words,
    },
};

/// How far the password got.
pub enum StaffSignIn {
    /// A session.
    Opened(OpenedSession),
    /// The code of the second factor is to come.
    Challenged(Challenge),
}

/// Proves that the password was right. Never logged, never stored.
pub struct Challenge {
    /// To be shown together with the code.
    pub note: String,
    /// Until when.
    pub until: Timestamp,
}

/// Opens a session, or asks for the second factor.
///
/// # Errors
/// `SignInFailed` whatever is wrong; `TemporarilyLocked` after too many wrong passwords.
pub async fn sign_in_staff(
    services: &Arc<Services>,
    context: &RequestContext,
    username: &str,
    password: &str,
    device: &Device<'_>,
) -> Result<StaffSignIn, Failure> {
    let device_name = device.name()?;
    let username = words::short("username", username, 40)?.to_lowercase();
    let key = account_key(&username);
    let known_device = device.known(services, &key).map(str::to_owned);
    let tries = PasswordTries::of(services, context, &key, known_device.as_deref());
    tries.count(services, context, "session.sign_in_staff").await?;
    let name = username.clone();
    let known = services
        .database
        .readers
        .read(move |connection| Ok::<_, StoreError>(staff_store::find_by_username(connection, &name)?))
        .await?;
    let stored = known.map(|staff| staff.password_hash);
    let right = services.access.passwords.verify(password, stored.as_deref()).await?;
    let device_token = device.token_for(services, &key);
    let (shared, context) = (Arc::clone(services), context.clone());
    services
        .database
        .writer
        .write(move |transaction| -> Result<Result<StaffSignIn, Failure>, Failure> {
            let staff = transaction.read(|connection| staff_store::find_by_username(connection, &username))?;
            let id = staff.as_ref().map(|staff| staff.id);
            let Some(staff) = staff.filter(|staff| right && standing::may_act(staff, shared.now())) else {
                let refused = ProblemCode::SignInFailed;
                let act = Act::done("session.sign_in_staff", "staff", id).refused(refused.as_str());
                audit::record_act(&shared, transaction, &Actor::Visitor, &context, &act);
                return Ok(Err(refused.into()));
            };
            tries.forget(transaction)?;
            if staff.second_factor_since.is_some() {
                let act = Act::done("session.password_proven", "staff", id);
                audit::record_act(&shared, transaction, &Actor::Visitor, &context, &act);
                let challenge = challenge(&shared, &staff, device_name.clone(), known_device.clone())?;
                return Ok(Ok(StaffSignIn::Challenged(challenge)));
            }
            let mut session = open(&shared, transaction, &context, staff, device_name.clone())?;
            session.device_token = Some(device_token.clone());
            Ok(Ok(StaffSignIn::Opened(session)))
        })
        .await?
}

/// What tries and device tokens of a member of staff are kept under.
pub(super) fn account_key(username: &str) -> String {
    format!("staff:{username}")
}

fn challenge(
    services: &Services,
    staff: &StaffRow,
    device_name: Option<String>,
    device: Option<String>,
) -> Result<Challenge, Failure> {
    let (now, seconds) = (services.now(), services.config.staff.challenge_seconds);
    let proven = PasswordProven {
        account: staff.id,
        password_set_at: staff.password_set_at,
        device_name,
        device,
    };
    Ok(Challenge {
        note: notes::write(&services.access.secrets, proven, now, seconds).map_err(Failure::internal)?,
        until: now.plus_seconds(seconds),
    })
}

/// Opens the session of somebody who has proven everything that is asked for.
pub(super) fn open(
    services: &Services,
    transaction: &mut Transaction<'_>,
    context: &RequestContext,
    staff: StaffRow,
    device_name: Option<String>,
) -> Result<OpenedSession, Failure> {
    let id = staff.id;
    let grants = transaction.read(|connection| staff_store::list_grants_of(connection, id))?;
    let start = SessionStart {
        account: id,
        kind: AccountKind::Staff,
        device_name,
        owes: standing::owed(&services.config.staff, &staff, &grants, services.now()),
    };
    let session = open_session(services, transaction, &start)?;
    let actor = Actor::Staff(StaffActor {
        id,
        session: session.session,
        unit: staff.unit,
        grants: grants.into(),
        owes: start.owes,
    });
    let act = Act::done("session.sign_in_staff", "staff", Some(id));
    audit::record_act(services, transaction, &actor, context, &act);
    Ok(session)
}
