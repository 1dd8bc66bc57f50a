//! A member of staff sets a new password with the one so far; the first one given by an administrator must be changed.

use std::sync::Arc;

use shared::{
    contract::problem::ProblemCode,
    domain::password::{self, STAFF_CLASSES},
};

use crate::{
    access::{Actor, RequestContext, StaffActor},
    database::StoreError,
    errors::Failure,
    services::Services,
    stores::{session_store, staff_store},
    usecases::{
        audit::{self, Act},
        sessions::password_tries::PasswordTries,
    },
};

/// Sets it and ends all other sessions.
///
/// # Errors
/// `Invalid` for a password that is not accepted or is the one so far; `SignInFailed` when the one so far is wrong.
pub async fn set_staff_password(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: StaffActor,
    current: &str,
    new: &str,
) -> Result<(), Failure> {
    let id = actor.id;
    let staff = services
        .database
        .readers
        .read(move |connection| Ok::<_, StoreError>(staff_store::get_staff(connection, id)?))
        .await?;
    password::check(new, &staff.username, STAFF_CLASSES)
        .map_err(|error| Failure::invalid("password", error.message_zh()))?;
    let tries = PasswordTries::of(services, context, &format!("staff:{}", staff.username));
    tries.count(services, context, "password.set_staff").await?;
    let stored = Some(staff.password_hash.as_str());
    if !services.access.passwords.verify(current, stored).await? {
        let act = Act::done("password.set_staff", "staff", Some(id)).refused(ProblemCode::SignInFailed.as_str());
        audit::record_refused(services, &Actor::Staff(actor), context, act).await?;
        return Err(ProblemCode::SignInFailed.into());
    }
    if current == new {
        return Err(Failure::invalid("password", "新密码不能与原密码相同"));
    }
    let hash = services.access.passwords.hash(new).await?;
    let (shared, context, now) = (Arc::clone(services), context.clone(), services.now().0);
    services
        .database
        .writer
        .write(move |transaction| -> Result<(), StoreError> {
            tries.forget(transaction)?;
            staff_store::set_password(transaction, id, staff.version, &hash)?;
            session_store::revoke_all(transaction, id, Some(actor.session), now)?;
            let act = Act::done("password.set_staff", "staff", Some(id));
            audit::record_act(&shared, transaction, &Actor::Staff(actor.clone()), &context, &act);
            Ok(())
        })
        .await?;
    services.access.callers.forget(id);
    Ok(())
}
