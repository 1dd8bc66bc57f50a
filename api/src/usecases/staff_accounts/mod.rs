//! Staff accounts: made, granted roles and blocked by a security administrator; the first one by command.

pub mod block;
pub mod break_glass;
pub mod create;
pub mod grant;
pub mod import;
pub mod reset_password;
pub mod revoke_grant;
pub mod unblock;

use shared::{
    contract::problem::ProblemCode,
    domain::role::{self, Grant, Role},
};

use super::account_notice;
use crate::{access::StaffActor, database::Transaction, errors::Failure, services::Services, stores::staff_store};

/// Roles an account may have.
pub const MOST_GRANTS: usize = 20;

/// Only a security administrator without limits of scope manages accounts.
pub(in crate::usecases) fn require_security_admin(actor: &StaffActor) -> Result<(), Failure> {
    if actor.manages_accounts() {
        Ok(())
    } else {
        Err(ProblemCode::Forbidden.into())
    }
}

/// Tells the owner that a security administrator reset `what` of the account. Whoever resets an administrator's could be him
/// from then on, so the audit administrators are told of that too.
pub(in crate::usecases) fn tell_of_reset(
    services: &Services,
    transaction: &mut Transaction<'_>,
    account: i64,
    what: &str,
) -> Result<(), Failure> {
    let title = format!("{what}已重置");
    let own = format!("安全管理员重置了您的{what}，登录后请马上重新设置。如不是您提出的，请联系审计管理员。");
    account_notice::tell(services, transaction, account, "reset", &title, &own);
    let grants = transaction.read(|connection| staff_store::list_grants_of(connection, account))?;
    if !grants.iter().any(|grant| grant.role.is_administrator()) {
        return Ok(());
    }
    let (staff, now) = (
        transaction.read(|connection| staff_store::get_staff(connection, account))?,
        services.now().0,
    );
    let words = format!(
        "安全管理员重置了管理员账号“{}”的{what}，请核对是否本人提出。",
        staff.username
    );
    let auditors = [Role::AuditAdmin.as_str()];
    for auditor in transaction.read(|connection| staff_store::list_with_roles(connection, &auditors, now))? {
        if auditor != account {
            account_notice::tell(services, transaction, auditor, "reset", &title, &words);
        }
    }
    Ok(())
}

/// Running the platform, giving roles and reading the trail are three people's work.
fn check_together(roles: impl IntoIterator<Item = Role>) -> Result<(), Failure> {
    if role::are_compatible(roles) {
        Ok(())
    } else {
        Err(Failure::invalid(
            "role",
            "系统管理员、安全管理员、审计管理员不能由同一个账号兼任",
        ))
    }
}

/// A role that is given to staff, with scope texts of a sane length.
fn check_grant(grant: &Grant) -> Result<(), Failure> {
    if !grant.role.is_staff() {
        return Err(Failure::invalid("role", "这个角色不能授予"));
    }
    for (field, code) in [("unit", &grant.unit), ("region", &grant.region)] {
        if code.as_ref().is_some_and(|code| code.is_empty() || code.len() > 64) {
            return Err(Failure::invalid(field, "1 至 64 个字符"));
        }
    }
    if grant
        .kinds
        .as_ref()
        .is_some_and(|kinds| kinds.is_empty() || kinds.len() > 6)
    {
        return Err(Failure::invalid("kinds", "不填，或 1 至 6 种诉求类型"));
    }
    Ok(())
}
