//! The first half of enrolling a second factor: a new secret is shown to its owner. Nothing is in force, or stored, before a
//! code of it is typed.

use std::sync::Arc;

use shared::{contract::problem::ProblemCode, domain::time::Timestamp};

use super::proof::{self, Proof};
use crate::{
    access::{
        Actor, RequestContext, StaffActor,
        notes::{self, SecretShown},
        totp::TotpSecret,
    },
    database::StoreError,
    errors::Failure,
    services::Services,
    stores::staff_store,
    usecases::{
        audit::{self, Act},
        sessions::password_tries::PasswordTries,
    },
};

/// A secret to be taken into an authenticator app. Never logged, never stored.
pub struct Enrolment {
    /// To be sent back with the first code.
    pub note: String,
    /// The secret for typing.
    pub secret: String,
    /// The secret for a QR code.
    pub uri: String,
    /// Until when.
    pub until: Timestamp,
}

/// Shows a new secret.
///
/// # Errors
/// `SignInFailed` when the password is wrong, or the code of a second factor that is in force already; `TemporarilyLocked`
/// after too many of them.
pub async fn begin(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: StaffActor,
    password: &str,
    present: Option<Proof>,
) -> Result<Enrolment, Failure> {
    let id = actor.id;
    let staff = services
        .database
        .readers
        .read(move |connection| Ok::<_, StoreError>(staff_store::get_staff(connection, id)?))
        .await?;
    let tries = PasswordTries::within(services, actor.session);
    tries.count(services, context, "second_factor.begin").await?;
    let stored = Some(staff.password_hash.as_str());
    let right = services.access.passwords.verify(password, stored).await?;
    let (shared, told) = (Arc::clone(services), context.clone());
    services
        .database
        .writer
        .write(move |transaction| -> Result<Result<(), Failure>, Failure> {
            let staff = transaction.read(|connection| staff_store::get_staff(connection, id))?;
            let right = right
                && match (&present, staff.second_factor_since) {
                    (_, None) => true,
                    (None, Some(_)) => false,
                    (Some(proof), Some(_)) => proof::use_up(&shared, transaction, id, proof)?,
                };
            let act = Act::done("second_factor.begin", "staff", Some(id));
            let by = Actor::Staff(actor.clone());
            if !right {
                let refused = ProblemCode::SignInFailed;
                audit::record_act(&shared, transaction, &by, &told, &act.refused(refused.as_str()));
                return Ok(Err(refused.into()));
            }
            tries.forget(transaction)?;
            audit::record_act(&shared, transaction, &by, &told, &act);
            Ok(Ok(()))
        })
        .await??;
    show(services, id, &staff.username)
}

fn show(services: &Services, account: i64, username: &str) -> Result<Enrolment, Failure> {
    let (secrets, now) = (&services.access.secrets, services.now());
    let seconds = services.config.staff.challenge_seconds;
    let secret = TotpSecret::make();
    let shown = SecretShown {
        account,
        sealed: secret.seal(secrets, account).map_err(Failure::internal)?,
    };
    Ok(Enrolment {
        note: notes::write(secrets, shown, now, seconds).map_err(Failure::internal)?,
        secret: secret.base32(),
        uri: secret.uri(username)?,
        until: now.plus_seconds(seconds),
    })
}
