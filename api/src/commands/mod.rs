//! The command line: one file for each command. To add one: a variant here and a file beside this one.

mod admin;
mod audit;
mod backup;
pub mod data;
mod doctor;
mod export_data;
mod import_data;
mod keys;
mod migrate;
mod openapi;
mod outbox;
mod preview_text;
mod serve;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};

use crate::{
    clock::{Clock, SystemClock},
    config::{self, Config},
    database::Database,
    services::make_folder,
    telemetry::{
        log::{self, LogFormat},
        traces::Traces,
    },
};

/// A 12345 city service: residents report, units handle, everybody sees.
#[derive(Debug, Parser)]
#[command(name = "shoufa", version, after_help = config::help())]
pub struct CommandLine {
    /// TOML file with the configuration.
    #[arg(long, global = true, value_name = "FILE", env = "SHOUFA_CONFIG")]
    config: Option<PathBuf>,
    /// How the log is written; wins over the environment.
    #[arg(long, global = true, value_name = "FORMAT")]
    log_format: Option<LogFormat>,
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
    /// Checks the audit trail, or prints where it ends.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Checks configuration, database, storage, clock, calendar, gateways and queues, and says what to do. Ends with 0 when
    /// all is well, 1 with warnings, 2 with problems.
    Doctor(doctor::DoctorArguments),
    /// Says what the database lacks, and brings it up to date.
    Migrate(migrate::MigrateArguments),
    /// Lists messages that were given up, and sends them again.
    #[command(subcommand)]
    Outbox(outbox::OutboxCommand),
    /// Replaces keys while servers work.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Copies database, photographs and keys of a server that works into a folder.
    Backup(backup::BackupArguments),
    /// Puts a backup in place, after checking all of it.
    Restore(backup::RestoreArguments),
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
    /// Runs the command and answers with what the process ends with.
    ///
    /// # Errors
    /// In a sentence for the person at the terminal.
    pub async fn run(self) -> Result<ExitCode, CommandError> {
        let Self {
            config: file,
            log_format,
            command,
        } = self;
        let config = Config::read(file.as_deref(), std::env::vars());
        match &command {
            Command::Openapi => return openapi::run().map(|()| ExitCode::SUCCESS),
            // Whose settings cannot be read hears that from the examination.
            Command::Doctor(arguments) => return doctor::run(config, file.as_deref(), arguments).await,
            _ => {}
        }
        let mut config = config.map_err(CommandError::of)?;
        if let Some(format) = log_format {
            config.log.format = format;
        }
        let traces = match &command {
            Command::Serve(_) => Traces::open(&config.traces).map_err(CommandError::of)?,
            _ => None,
        };
        log::start(&config, traces.as_ref()).map_err(CommandError::of)?;
        let done = command.run(config, file.as_deref()).await;
        if let Some(traces) = traces {
            traces.close().await;
        }
        done.map(|()| ExitCode::SUCCESS)
    }
}

impl Command {
    async fn run(self, config: Config, file: Option<&Path>) -> Result<(), CommandError> {
        match self {
            Self::Serve(arguments) => serve::run(config, arguments).await,
            Self::Admin(command) => admin::run(config, command).await,
            Self::Audit(command) => audit::run(&config, command).await,
            Self::Data(command) => run_data(&config, command).await,
            Self::Migrate(arguments) => migrate::run(&config, &arguments).await,
            Self::Outbox(command) => outbox::run(config, command).await,
            Self::Keys(command) => keys::run(config, command).await,
            Self::Backup(arguments) => backup::take(&config, file, &arguments),
            Self::Restore(arguments) => backup::restore(&config, &arguments),
            Self::Doctor(_) | Self::Openapi => Ok(()),
        }
    }
}

/// The city's data need the database alone.
async fn run_data(config: &Config, command: data::DataCommand) -> Result<(), CommandError> {
    make_folder(&config.data).map_err(CommandError::of)?;
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
