//! The command line: one file for each command. To add one: a variant here and a file beside this one.

mod admin;
pub mod data;
mod export_data;
mod import_data;
mod openapi;
mod serve;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::{
    clock::{Clock, SystemClock},
    config::{self, Config},
    database::Database,
};

/// A 12345 city service: residents report, units handle, everybody sees.
#[derive(Debug, Parser)]
#[command(name = "shoufa", version, after_help = config::help())]
pub struct CommandLine {
    /// TOML file with the configuration.
    #[arg(long, global = true, value_name = "FILE", env = "SHOUFA_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves the API and does the work in the background.
    Serve(serve::ServeArguments),
    /// Manages administrators from the machine itself.
    #[command(subcommand)]
    Admin(admin::AdminCommand),
    /// Lists, writes and reads the city's data: places, units, categories, calendar, limits.
    #[command(subcommand)]
    Data(data::DataCommand),
    /// Prints the OpenAPI document.
    Openapi,
}

/// A command that failed; the text is for the person at the terminal.
#[derive(Debug)]
pub struct CommandError(String);

impl CommandError {
    /// From any error.
    pub fn of(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

impl std::fmt::Display for CommandError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl CommandLine {
    /// Runs the command.
    ///
    /// # Errors
    /// In a sentence for the person at the terminal.
    pub async fn run(self) -> Result<(), CommandError> {
        if matches!(self.command, Command::Openapi) {
            return openapi::run();
        }
        let config = Config::read(self.config.as_deref(), std::env::vars()).map_err(CommandError::of)?;
        start_log(&config)?;
        match self.command {
            Command::Serve(arguments) => serve::run(config, arguments).await,
            Command::Admin(command) => admin::run(config, command).await,
            Command::Data(command) => run_data(&config, command).await,
            Command::Openapi => Ok(()),
        }
    }
}

/// The log goes to standard error, so that what a command prints can be piped.
fn start_log(config: &Config) -> Result<(), CommandError> {
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log.filter).map_err(CommandError::of)?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false);
    if config.log.json {
        log.json().try_init().map_err(CommandError::of)
    } else {
        log.try_init().map_err(CommandError::of)
    }
}

/// The city's data need the database alone.
async fn run_data(config: &Config, command: data::DataCommand) -> Result<(), CommandError> {
    std::fs::create_dir_all(&config.data).map_err(CommandError::of)?;
    let now = SystemClock.now();
    let url = config.database_url().map_err(CommandError::of)?;
    let database = Database::open(&url, &config.database.limits(), now).map_err(CommandError::of)?;
    data::run(command, &database, now, &mut std::io::stdout())
        .await
        .map_err(CommandError::of)
}

/// Writes lines for the person, or for a pipe.
fn say(text: &str) -> Result<(), CommandError> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).map_err(CommandError::of)?;
    out.flush().map_err(CommandError::of)
}
