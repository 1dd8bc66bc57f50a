//! A security administrator gives somebody who forgot the password a new first one, which its owner has to change.

use std::sync::Arc;

use shared::{
    contract::problem::ProblemCode,
    domain::password::{self, STAFF_CLASSES},
};

use super::{require_security_admin, tell_of_reset};
use crate::{
    access::{Actor, RequestContext, StaffActor},
    database::StoreError,
    errors::Failure,
    services::Services,
    stores::{
        password_store::NewOldPasswordRow,
        session_store,
        staff_store::{self, PasswordChange},
    },
    usecases::{
        audit::{self, Act},
        idempotency,
    },
};

/// Sets it and ends the account's sessions. A second factor stays in force.
///
/// # Errors
/// `Forbidden` for everybody but a security administrator, and for the own account; `NotFound`; `Invalid` for a password that is
/// not accepted.
pub async fn reset_password(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: StaffActor,
    account: i64,
    new: &str,
) -> Result<(), Failure> {
    require_security_admin(&actor)?;
    if actor.id == account {
        return Err(Failure::new(ProblemCode::Forbidden).with_detail("自己的密码请用原密码修改"));
    }
    let staff = services
        .database
        .readers
        .read(move |connection| Ok::<_, StoreError>(staff_store::get_staff(connection, account)?))
        .await?;
    password::check(new, &staff.username, STAFF_CLASSES)
        .map_err(|error| Failure::invalid("password", error.message_zh()))?;
    let hash = services.access.passwords.hash(new).await?;
    let (shared, told, now) = (Arc::clone(services), context.clone(), services.now().0);
    let by = Actor::Staff(actor.clone());
    idempotency::once(
        services,
        actor.id,
        context,
        "staff_account.reset_password",
        &(account, new),
        move |transaction| {
            let staff = transaction.read(|connection| staff_store::get_staff(connection, account))?;
            let change = PasswordChange {
                password_hash: &hash,
                must_change: true,
                now,
            };
            staff_store::set_password(transaction, account, staff.version, &change)?;
            transaction.append(NewOldPasswordRow {
                id: shared.next_id(),
                account_id: account,
                password_hash: staff.password_hash,
            });
            session_store::revoke_all(transaction, account, None, now)?;
            let act = Act::done("staff_account.reset_password", "staff", Some(account));
            audit::record_act(&shared, transaction, &by, &told, &act);
            tell_of_reset(&shared, transaction, account, "密码")
        },
    )
    .await?;
    services.access.callers.forget(account);
    Ok(())
}
