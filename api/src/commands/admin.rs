//! `shoufa admin create`: makes an administrator. The first one can only come this way; there are no default passwords.

use std::{
    io::{BufRead, IsTerminal},
    sync::Arc,
};

use clap::{Args, Subcommand};
use shared::domain::role::{Grant, Role};
use zeroize::Zeroizing;

use super::{CommandError, say};
use crate::{
    access::{Actor, RequestContext, secrets::random_bytes},
    clock::SystemClock,
    config::Config,
    errors::Failure,
    services::Services,
    usecases::staff_accounts::create::{NewStaffAccount, create},
};

#[derive(Debug, Subcommand)]
pub(super) enum AdminCommand {
    /// Makes an administrator. The password is the first line of standard input; at a terminal, one is made and shown once.
    Create(CreateArguments),
}

#[derive(Debug, Args)]
pub(super) struct CreateArguments {
    /// Name to sign in with.
    #[arg(long)]
    username: String,
    /// The person's name.
    #[arg(long, default_value = "管理员")]
    display_name: String,
    /// Code of the unit that the person works in; the hotline centre when not given.
    #[arg(long)]
    unit: Option<String>,
    /// The role: `security_admin`, `system_admin` or `audit_admin`.
    #[arg(long, default_value = "security_admin", value_parser = administrator)]
    role: Role,
}

fn administrator(text: &str) -> Result<Role, String> {
    match text.parse() {
        Ok(role @ (Role::SecurityAdmin | Role::SystemAdmin | Role::AuditAdmin)) => Ok(role),
        _ => Err("security_admin, system_admin or audit_admin".to_owned()),
    }
}

pub(super) async fn run(config: Config, command: AdminCommand) -> Result<(), CommandError> {
    let AdminCommand::Create(arguments) = command;
    let made = std::io::stdin().is_terminal();
    let password = if made { make_password() } else { read_password()? };
    let services = Services::start(config, Arc::new(SystemClock))
        .await
        .map_err(CommandError::of)?;
    let services = Arc::new(services);
    let city = services.city();
    let hotline = city.units.iter().find(|unit| unit.hotline);
    let unit = arguments.unit.or_else(|| hotline.map(|unit| unit.code.clone()));
    let new = NewStaffAccount {
        username: arguments.username.clone(),
        display_name: arguments.display_name,
        post: "管理员".to_owned(),
        unit: unit.ok_or_else(|| CommandError::of("--unit is needed: the city has no hotline centre"))?,
        password: password.to_string(),
        must_change_password: made,
        grants: vec![Grant::everywhere(arguments.role)],
        active_until: None,
    };
    create(&services, &RequestContext::default(), Actor::System, new)
        .await
        .map_err(|failure| CommandError::of(told(&failure)))?;
    if made {
        say(&format!(
            "{} can sign in with this password, shown once, to be changed at the first sign-in:\n{}\n",
            arguments.username, *password
        ))
    } else {
        say(&format!("{} can sign in.\n", arguments.username))
    }
}

fn told(failure: &Failure) -> String {
    let field = failure.field.map_or_else(String::new, |field| format!("{field}: "));
    let detail = failure.detail.as_deref().unwrap_or_else(|| failure.code.title());
    let cause = failure
        .cause
        .as_deref()
        .map_or_else(String::new, |cause| format!(" ({cause})"));
    format!("{field}{detail}{cause}")
}

fn read_password() -> Result<Zeroizing<String>, CommandError> {
    let mut line = Zeroizing::new(String::new());
    std::io::stdin().lock().read_line(&mut line).map_err(CommandError::of)?;
    Ok(Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}

/// 20 characters without those that look alike, in groups, with all classes that the rule asks for.
fn make_password() -> Zeroizing<String> {
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
    let mut text = Zeroizing::new(String::new());
    for (place, byte) in random_bytes::<20>().iter().enumerate() {
        if place > 0 && place % 5 == 0 {
            text.push('-');
        }
        text.push(char::from(LETTERS[usize::from(*byte) % LETTERS.len()]));
    }
    text.push_str("-Aa2");
    text
}
