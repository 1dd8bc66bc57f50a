//! `shoufa admin create`: one administrator.

use std::{
    io::{BufRead, IsTerminal},
    sync::Arc,
};

use clap::Args;
use shared::domain::role::{Grant, Role};
use zeroize::Zeroizing;

use super::{told, unit_or_hotline};
use crate::{
    access::{Actor, RequestContext, passwords::make_password},
    commands::{CommandError, say},
    services::Services,
    usecases::staff_accounts::create::{NewStaffAccount, create},
};

#[derive(Debug, Args)]
pub(in crate::commands) struct CreateArguments {
    /// Name to sign in with.
    #[arg(long)]
    username: String,
    /// The person's name.
    #[arg(long, default_value = "管理员")]
    display_name: String,
    /// Code of the unit that the person works in; the hotline centre when not given.
    #[arg(long)]
    unit: Option<String>,
    /// The role: `security_admin`, `system_admin` or `audit_admin`. No account can be two of them.
    #[arg(long, default_value = "security_admin", value_parser = administrator)]
    role: Role,
}

fn administrator(text: &str) -> Result<Role, String> {
    let role = text.parse().ok().filter(|role: &Role| role.is_administrator());
    role.ok_or_else(|| "security_admin, system_admin or audit_admin".to_owned())
}

pub(super) async fn run(services: &Arc<Services>, arguments: CreateArguments) -> Result<(), CommandError> {
    let made = std::io::stdin().is_terminal();
    let password = if made { make_password() } else { read_password()? };
    let new = NewStaffAccount {
        username: arguments.username.clone(),
        display_name: arguments.display_name,
        post: "管理员".to_owned(),
        unit: unit_or_hotline(services, arguments.unit)?,
        password: password.to_string(),
        must_change_password: made,
        grants: vec![Grant::everywhere(arguments.role)],
        active_until: None,
    };
    create(services, &RequestContext::default(), Actor::System, new)
        .await
        .map_err(|failure| told(&failure))?;
    if made {
        say(&format!(
            "{} can sign in with this password, shown once, to be changed at the first sign-in:\n{}\n",
            arguments.username, *password
        ))
    } else {
        say(&format!("{} can sign in.\n", arguments.username))
    }
}

fn read_password() -> Result<Zeroizing<String>, CommandError> {
    let mut line = Zeroizing::new(String::new());
    std::io::stdin().lock().read_line(&mut line).map_err(CommandError::of)?;
    Ok(Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}
