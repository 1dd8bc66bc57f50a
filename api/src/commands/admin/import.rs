//! `shoufa admin import`: people and their roles from a table.

use std::{
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;

use super::told;
use crate::{
    commands::{CommandError, say},
    services::Services,
    usecases::{
        csv_table::LineProblem,
        staff_accounts::import::{self, Person},
    },
};

/// Bytes of a table at most.
const LARGEST: u64 = 16 * 1024 * 1024;

#[derive(Debug, Args)]
pub(in crate::commands) struct ImportArguments {
    /// The table, as comma-separated text in UTF-8; docs/examples/people.csv shows its columns.
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
    /// Where the first passwords are written, readable by its owner alone; beside the table when not given.
    #[arg(long, value_name = "FILE")]
    passwords: Option<PathBuf>,
    /// Checks and counts; makes nothing.
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn run(services: &Arc<Services>, arguments: ImportArguments) -> Result<(), CommandError> {
    let table = read(&arguments.file)?;
    let people = import::plan(&services.city(), &table).map_err(|problems| refused(&problems))?;
    let taken = import::find_taken(services, &people).await.map_err(CommandError::of)?;
    if !taken.is_empty() {
        return Err(refused(&taken));
    }
    let roles: usize = people.iter().map(|person| person.account.grants.len()).sum();
    say(&format!("{} people with {roles} roles\n", people.len()))?;
    if arguments.dry_run {
        return say("a trial only: nobody was imported\n");
    }
    let path = arguments
        .passwords
        .unwrap_or_else(|| arguments.file.with_extension("passwords.csv"));
    // The passwords are safe before anybody has one; without accounts they mean nothing.
    write_passwords(&path, &people).map_err(|error| CommandError::of(format!("{}: {error}", path.display())))?;
    if let Err(failure) = import::import(services, &people).await {
        fs::remove_file(&path).map_err(CommandError::of)?;
        return Err(told(&failure));
    }
    say(&format!(
        "imported. First passwords, to be changed at the first sign-in: {}\nHand them out and remove the file.\n",
        path.display()
    ))
}

fn read(path: &Path) -> Result<Vec<u8>, CommandError> {
    let failed = |error| CommandError::of(format!("{}: {error}", path.display()));
    let mut bytes = Vec::new();
    fs::File::open(path)
        .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
        .map_err(failed)?;
    if bytes.len() as u64 > LARGEST {
        return Err(failed(std::io::Error::other(format!("larger than {LARGEST} bytes"))));
    }
    Ok(bytes)
}

fn refused(problems: &[LineProblem]) -> CommandError {
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    CommandError::of(format!("nobody was imported:\n  {}", lines.join("\n  ")))
}

/// Never over a file that is there: it may hold the passwords of an earlier import.
fn write_passwords(path: &Path, people: &[Person]) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    let mut table = csv::Writer::from_writer(file);
    table.write_record(["username", "display_name", "password"])?;
    for person in people {
        let account = &person.account;
        table.write_record([&account.username, &account.display_name, &account.password])?;
    }
    let mut file = table.into_inner().map_err(csv::IntoInnerError::into_error)?;
    file.flush()?;
    file.sync_all()
}
