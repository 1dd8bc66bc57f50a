//! `shoufa admin …`: what is done to staff accounts on the machine itself. The first administrator can only come this way; there
//! are no default passwords.

mod break_glass;
mod create;
mod import;

use std::sync::Arc;

use clap::Subcommand;

use super::CommandError;
use crate::{clock::SystemClock, config::Config, errors::Failure, services::Services};

#[derive(Debug, Subcommand)]
pub(super) enum AdminCommand {
    /// Makes an administrator. The password is the first line of standard input; at a terminal, one is made and shown once.
    Create(create::CreateArguments),
    /// Makes accounts for the people of a table, all or none; their first passwords go to a file.
    Import(import::ImportArguments),
    /// Makes a security administrator for some hours, when none can be reached. Everybody who watches is told.
    BreakGlass(break_glass::BreakGlassArguments),
}

pub(super) async fn run(config: Config, command: AdminCommand) -> Result<(), CommandError> {
    let services = Services::start(config, Arc::new(SystemClock))
        .await
        .map_err(CommandError::of)?;
    let services = Arc::new(services);
    match command {
        AdminCommand::Create(arguments) => create::run(&services, arguments).await,
        AdminCommand::Import(arguments) => import::run(&services, arguments).await,
        AdminCommand::BreakGlass(arguments) => break_glass::run(&services, arguments).await,
    }
}

/// The unit that was named, else the hotline centre.
fn unit_or_hotline(services: &Services, unit: Option<String>) -> Result<String, CommandError> {
    let city = services.city();
    let hotline = city.units.iter().find(|unit| unit.hotline);
    unit.or_else(|| hotline.map(|unit| unit.code.clone()))
        .ok_or_else(|| CommandError::of("--unit is needed: the city has no hotline centre"))
}

/// A refusal in a sentence.
fn told(failure: &Failure) -> CommandError {
    let field = failure.field.map_or_else(String::new, |field| format!("{field}: "));
    let detail = failure.detail.as_deref().unwrap_or_else(|| failure.code.title());
    let cause = failure
        .cause
        .as_deref()
        .map_or_else(String::new, |cause| format!(" ({cause})"));
    CommandError::of(format!("{field}{detail}{cause}"))
}
