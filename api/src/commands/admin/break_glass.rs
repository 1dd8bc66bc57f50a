//! `shoufa admin break-glass`: an administrator for some hours.

use std::sync::Arc;

use clap::Args;
use shared::domain::role::{Grant, Role};

use super::{told, unit_or_hotline};
use crate::{
    access::passwords::make_password,
    commands::{CommandError, say},
    services::Services,
    usecases::staff_accounts::{break_glass::break_glass, create::NewStaffAccount},
};

#[derive(Debug, Args)]
pub(in crate::commands) struct BreakGlassArguments {
    /// Name to sign in with; a new one each time.
    #[arg(long)]
    username: String,
    /// Why no administrator can do it; written into the audit trail and to those who watch, at most 200 characters.
    #[arg(long)]
    reason: String,
    /// Hours until the account ends by itself.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(i64).range(1..=24))]
    hours: i64,
}

pub(super) async fn run(services: &Arc<Services>, arguments: BreakGlassArguments) -> Result<(), CommandError> {
    let password = make_password();
    let new = NewStaffAccount {
        username: arguments.username.clone(),
        display_name: "应急管理员".to_owned(),
        post: "应急".to_owned(),
        unit: unit_or_hotline(services, None)?,
        password: password.to_string(),
        // It ends before anybody would change it.
        must_change_password: false,
        grants: vec![Grant::everywhere(Role::SecurityAdmin)],
        active_until: None,
    };
    let until = services.now().plus_minutes(60 * arguments.hours);
    break_glass(services, &new, until, &arguments.reason)
        .await
        .map_err(|failure| told(&failure))?;
    say(&format!(
        "{} can sign in until {} with this password, shown once:\n{}\nThe security and audit administrators are told.\n",
        arguments.username,
        until.city_time().format("%Y-%m-%d %H:%M"),
        *password
    ))
}
