//! The second half of enrolling a second factor: a code proves that the app has the secret, which is in force from then on.

use std::sync::Arc;

use shared::contract::problem::ProblemCode;

use super::recovery;
use crate::{
    access::{
        Actor, RequestContext, StaffActor,
        notes::{self, SecretShown},
        totp::TotpSecret,
    },
    errors::Failure,
    services::Services,
    stores::{second_factor_store, session_store},
    usecases::{
        account_notice,
        audit::{self, Act},
        sessions::password_tries::PasswordTries,
    },
};

/// Puts the secret in force, ends all other sessions, and answers the recovery codes, which are not shown again.
///
/// # Errors
/// `SessionEnded` when the enrolment is too old or somebody else's; `SignInFailed` for a wrong code; `TemporarilyLocked`
/// after too many.
pub async fn confirm(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: StaffActor,
    enrolment: &str,
    code: &str,
) -> Result<Vec<String>, Failure> {
    let (secrets, now) = (&services.access.secrets, services.now());
    let shown: SecretShown = notes::read(secrets, enrolment, now)
        .filter(|shown: &SecretShown| shown.account == actor.id)
        .ok_or(ProblemCode::SessionEnded)?;
    let tries = PasswordTries::within(services, actor.session);
    tries.count(services, context, "second_factor.enrol").await?;
    let secret = TotpSecret::open(secrets, actor.id, &shown.sealed).map_err(Failure::internal)?;
    let act = Act::done("second_factor.enrol", "staff", Some(actor.id));
    let Some(step) = secret.step_of(code.trim(), now) else {
        let refused = ProblemCode::SignInFailed;
        audit::record_refused(services, &Actor::Staff(actor), context, act.refused(refused.as_str())).await?;
        return Err(refused.into());
    };
    let codes = recovery::make();
    let (shared, told, given) = (Arc::clone(services), context.clone(), codes.clone());
    let (id, now) = (actor.id, now.0);
    services
        .database
        .writer
        .write(move |transaction| -> Result<(), Failure> {
            tries.forget(transaction)?;
            second_factor_store::set_second_factor(transaction, id, &shown.sealed, step, now)?;
            recovery::replace(&shared, transaction, id, &given)?;
            session_store::revoke_all(transaction, id, Some(actor.session), now)?;
            audit::record_act(&shared, transaction, &Actor::Staff(actor.clone()), &told, &act);
            account_notice::tell(
                &shared,
                transaction,
                id,
                "second_factor",
                "动态口令已绑定",
                "您的账号已绑定动态口令，下次登录需要输入。如不是您本人操作，请马上联系安全管理员。",
            );
            Ok(())
        })
        .await?;
    services.access.callers.forget(id);
    Ok(codes)
}
