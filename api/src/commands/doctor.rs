//! `shoufa doctor`: the examination's report at the terminal, and its gravest finding as the exit code.

use std::{path::Path, process::ExitCode};

use clap::Args;

use super::{CommandError, say};
use crate::{
    clock::SystemClock,
    config::{Config, ConfigError},
    doctor::{self, Finding, Level},
};

#[derive(Debug, Args)]
pub(super) struct DoctorArguments {
    /// Also asks the push service whether it knows us.
    #[arg(long)]
    online: bool,
    /// Prints a JSON array and not lines.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(
    config: Result<Config, ConfigError>,
    file: Option<&Path>,
    arguments: &DoctorArguments,
) -> Result<ExitCode, CommandError> {
    let findings = match config {
        Ok(config) => doctor::examine(&config, file, &SystemClock, arguments.online).await,
        Err(error) => doctor::unreadable_settings(error),
    };
    if arguments.json {
        let json = serde_json::to_string_pretty(&findings).map_err(CommandError::of)?;
        say(&format!("{json}\n"))?;
    } else {
        for finding in &findings {
            say(&line(finding))?;
        }
    }
    Ok(match doctor::gravest(&findings) {
        Level::Ok => ExitCode::SUCCESS,
        Level::Warning => ExitCode::from(1),
        Level::Problem => ExitCode::from(2),
    })
}

fn line(finding: &Finding) -> String {
    let advice = finding
        .advice
        .as_ref()
        .map_or_else(String::new, |advice| format!("{:<20}-> {advice}\n", ""));
    format!(
        "{:<9}{:<11}{}\n{advice}",
        finding.level.as_str(),
        finding.subject,
        finding.text
    )
}
