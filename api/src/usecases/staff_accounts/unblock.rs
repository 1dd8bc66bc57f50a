//! Opens a blocked account again: it signs in anew.

use std::sync::Arc;

use shared::contract::problem::ProblemCode;

use super::require_security_admin;
use crate::{
    access::{Actor, RequestContext, StaffActor},
    errors::Failure,
    services::Services,
    stores::staff_store,
    usecases::{
        audit::{self, Act},
        idempotency,
    },
};

/// Opens it.
///
/// # Errors
/// `Forbidden` for everybody but a security administrator; `NotFound`; `ActionNotAllowed` when it is not blocked.
pub async fn unblock(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: StaffActor,
    account: i64,
) -> Result<(), Failure> {
    require_security_admin(&actor)?;
    let (shared, told, by) = (Arc::clone(services), context.clone(), Actor::Staff(actor.clone()));
    idempotency::once(
        services,
        actor.id,
        context,
        "staff_account.unblock",
        &account,
        move |transaction| {
            let staff = transaction.read(|connection| staff_store::get_staff(connection, account))?;
            if staff.status != "blocked" {
                return Err(Failure::new(ProblemCode::ActionNotAllowed).with_detail("账号没有停用"));
            }
            staff_store::set_status(transaction, account, "active")?;
            let act = Act::done("staff_account.unblock", "staff", Some(account));
            audit::record_act(&shared, transaction, &by, &told, &act);
            Ok(())
        },
    )
    .await
}
