//! Gives an account a role.

use std::sync::Arc;

use shared::{contract::problem::ProblemCode, domain::role::Grant};

use super::{MOST_GRANTS, check_grant, check_together, require_security_admin};
use crate::{
    access::{Actor, RequestContext, StaffActor},
    errors::Failure,
    services::Services,
    stores::staff_store::{self, GrantRow, NewGrantRow},
    usecases::{
        audit::{self, Act},
        idempotency,
    },
};

/// Answers the grant's id.
///
/// # Errors
/// `Forbidden` for everybody but a security administrator, and for the own account; `NotFound`; `Invalid`.
pub async fn grant(
    services: &Arc<Services>,
    context: &RequestContext,
    actor: StaffActor,
    account: i64,
    grant: Grant,
) -> Result<i64, Failure> {
    require_security_admin(&actor)?;
    if actor.id == account {
        return Err(Failure::new(ProblemCode::Forbidden).with_detail("不能给自己授权"));
    }
    check_grant(&grant)?;
    let row = NewGrantRow::of(services.next_id(), account, &grant, Some(actor.id));
    let (shared, told, by) = (Arc::clone(services), context.clone(), Actor::Staff(actor.clone()));
    let (request, new_role) = ((account, &grant), grant.role);
    let id = idempotency::once(
        services,
        actor.id,
        context,
        "staff_account.grant",
        &request,
        move |transaction| {
            transaction.read(|connection| staff_store::get_staff(connection, account))?;
            let standing = transaction.read(|connection| staff_store::list_grants(connection, &[account]))?;
            if standing.len() >= MOST_GRANTS {
                return Err(Failure::invalid("role", format!("最多 {MOST_GRANTS} 个角色")));
            }
            let roles = standing.iter().filter_map(GrantRow::grant).map(|grant| grant.role);
            check_together(roles.chain([new_role]))?;
            transaction.append(row.clone());
            let act = Act::done("staff_account.grant", "staff", Some(account)).with(serde_json::json!({
                "grant": row.id.to_string(), "role": row.role, "unit": row.unit, "region": row.region,
            }));
            audit::record_act(&shared, transaction, &by, &told, &act);
            Ok(row.id)
        },
    )
    .await?;
    services.access.callers.forget(account);
    Ok(id)
}
