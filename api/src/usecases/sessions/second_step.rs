//! The second step of a member of staff's sign-in: the code of the authenticator app, or a recovery code.

use std::sync::Arc;

use shared::contract::problem::ProblemCode;

use super::{OpenedSession, password_tries::PasswordTries, sign_in_staff};
use crate::{
    access::{
        Actor, RequestContext, devices,
        notes::{self, PasswordProven},
        standing,
    },
    database::Transaction,
    errors::Failure,
    services::Services,
    stores::staff_store::{self, StaffRow},
    usecases::{
        audit::{self, Act},
        second_factor::proof::{self, Proof},
    },
};

/// Opens the session.
///
/// # Errors
/// `SessionEnded` when the challenge is too old or void: the password is asked for again. `SignInFailed` for a wrong or used
/// code; `TemporarilyLocked` after too many.
pub async fn finish_sign_in(
    services: &Arc<Services>,
    context: &RequestContext,
    challenge: &str,
    proof: Proof,
) -> Result<OpenedSession, Failure> {
    let proven: PasswordProven =
        notes::read(&services.access.secrets, challenge, services.now()).ok_or(ProblemCode::SessionEnded)?;
    let tries = PasswordTries::of_second_factor(services, proven.account, proven.device.as_deref());
    tries.count(services, context, "session.second_step").await?;
    let (shared, context) = (Arc::clone(services), context.clone());
    services
        .database
        .writer
        .write(move |transaction| -> Result<Result<OpenedSession, Failure>, Failure> {
            let staff = transaction.read(|connection| staff_store::get_staff(connection, proven.account))?;
            let act = Act::done("session.second_step", "staff", Some(staff.id)).with(proof.detail());
            if let Err(code) = check(&shared, transaction, &staff, &proven, &proof)? {
                let act = act.refused(code.as_str());
                audit::record_act(&shared, transaction, &Actor::Visitor, &context, &act);
                return Ok(Err(code.into()));
            }
            tries.forget(transaction)?;
            audit::record_act(&shared, transaction, &Actor::Visitor, &context, &act);
            let key = sign_in_staff::account_key(&staff.username);
            let mut session = sign_in_staff::open(&shared, transaction, &context, staff, proven.device_name.clone())?;
            session.device_token = Some(devices::make_token(&shared.access.secrets, &key));
            Ok(Ok(session))
        })
        .await?
}

/// Whether the challenge still stands and the code is right. A right code is used up.
fn check(
    services: &Services,
    transaction: &mut Transaction<'_>,
    staff: &StaffRow,
    proven: &PasswordProven,
    proof: &Proof,
) -> Result<Result<(), ProblemCode>, Failure> {
    let stands = standing::may_act(staff, services.now())
        && staff.password_set_at == proven.password_set_at
        && staff.second_factor_since.is_some();
    if !stands {
        return Ok(Err(ProblemCode::SessionEnded));
    }
    let right = proof::use_up(services, transaction, staff.id, proof)?;
    Ok(if right { Ok(()) } else { Err(ProblemCode::SignInFailed) })
}
