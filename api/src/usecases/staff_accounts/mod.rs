//! Staff accounts: made, granted roles and blocked by a security administrator; the first one by command.

pub mod block;
pub mod break_glass;
pub mod create;
pub mod grant;
pub mod import;
pub mod revoke_grant;

use shared::{
    contract::problem::ProblemCode,
    domain::role::{self, Grant, Role},
};

use crate::{access::StaffActor, errors::Failure};

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
