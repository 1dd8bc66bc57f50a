//! A member of staff sets a new password with the one so far: one given by an administrator, or one that is too old, must be
//! changed, and not into one of the last few.

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
    stores::{
        password_store::{self, NewOldPasswordRow},
        session_store,
        staff_store::{self, PasswordChange},
    },
    usecases::{
        audit::{self, Act},
        sessions::password_tries::PasswordTries,
    },
};

/// Sets it and ends all other sessions.
///
/// # Errors
/// `Invalid` for a password that is not accepted or was used lately; `SignInFailed` when the one so far is wrong.
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
    let tries = PasswordTries::within(services, actor.session);
    tries.count(services, context, "password.set_staff").await?;
    let stored = Some(staff.password_hash.as_str());
    if !services.access.passwords.verify(current, stored).await? {
        let act = Act::done("password.set_staff", "staff", Some(id)).refused(ProblemCode::SignInFailed.as_str());
        audit::record_refused(services, &Actor::Staff(actor), context, act).await?;
        return Err(ProblemCode::SignInFailed.into());
    }
    if current == new || was_used_before(services, id, new).await? {
        let right = tries.clone();
        services
            .database
            .writer
            .write(move |transaction| right.forget(transaction))
            .await?;
        return Err(Failure::invalid(
            "password",
            format!(
                "不能使用最近 {} 次用过的密码",
                services.config.staff.password_history.max(1)
            ),
        ));
    }
    let hash = services.access.passwords.hash(new).await?;
    let (shared, context, now) = (Arc::clone(services), context.clone(), services.now().0);
    let kept = i64::from(services.config.staff.password_history);
    services
        .database
        .writer
        .write(move |transaction| -> Result<(), StoreError> {
            tries.forget(transaction)?;
            let change = PasswordChange {
                password_hash: &hash,
                must_change: false,
                now,
            };
            staff_store::set_password(transaction, id, staff.version, &change)?;
            transaction.append(NewOldPasswordRow {
                id: shared.next_id(),
                account_id: id,
                password_hash: staff.password_hash.clone(),
            });
            password_store::delete_older(transaction, id, kept)?;
            session_store::revoke_all(transaction, id, Some(actor.session), now)?;
            let act = Act::done("password.set_staff", "staff", Some(id));
            audit::record_act(&shared, transaction, &Actor::Staff(actor.clone()), &context, &act);
            Ok(())
        })
        .await?;
    services.access.callers.forget(id);
    Ok(())
}

/// Whether the password is one of those before the present one that are not to be used again. Each comparison takes a core for
/// a moment; there are few, and passwords change every three months.
async fn was_used_before(services: &Services, account: i64, password: &str) -> Result<bool, Failure> {
    let before = i64::from(services.config.staff.password_history) - 1;
    let old = services
        .database
        .readers
        .read(move |connection| Ok::<_, StoreError>(password_store::list_old(connection, account, before.max(0))?))
        .await?;
    for hash in &old {
        if services.access.passwords.verify(password, Some(hash)).await? {
            return Ok(true);
        }
    }
    Ok(false)
}
