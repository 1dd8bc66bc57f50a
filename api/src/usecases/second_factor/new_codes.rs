//! New recovery codes in the place of all earlier ones.

use std::sync::Arc;

use shared::contract::problem::ProblemCode;

use super::{
    proof::{self, Proof},
    recovery,
};
use crate::{
    access::{Actor, RequestContext, StaffActor},
    errors::Failure,
    services::Services,
    usecases::{
        audit::{self, Act},
        sessions::password_tries::PasswordTries,
    },
};

/// Answers the new codes, which are not shown again.
///
/// # Errors
/// `SignInFailed` for a wrong code or an account without a second factor; `TemporarilyLocked` after too many.
pub async fn make_new_codes(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: StaffActor,
    proof: Proof,
) -> Result<Vec<String>, Failure> {
    let tries = PasswordTries::within(services, actor.session);
    tries.count(services, context, "second_factor.new_codes").await?;
    let codes = recovery::make();
    let (shared, told, given) = (Arc::clone(services), context.clone(), codes.clone());
    services
        .database
        .writer
        .write(move |transaction| -> Result<Result<(), Failure>, Failure> {
            let act = Act::done("second_factor.new_codes", "staff", Some(actor.id)).with(proof.detail());
            let by = Actor::Staff(actor.clone());
            if !proof::use_up(&shared, transaction, actor.id, &proof)? {
                let refused = ProblemCode::SignInFailed;
                audit::record_act(&shared, transaction, &by, &told, &act.refused(refused.as_str()));
                return Ok(Err(refused.into()));
            }
            tries.forget(transaction)?;
            recovery::replace(&shared, transaction, actor.id, &given)?;
            audit::record_act(&shared, transaction, &by, &told, &act);
            Ok(Ok(()))
        })
        .await??;
    Ok(codes)
}
