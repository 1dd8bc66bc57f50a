//! `shoufa migrate`: says what the database lacks, and brings it up to date. A server does the same when it starts.

use clap::Args;

use super::{CommandError, say};
use crate::{
    clock::{Clock, SystemClock},
    config::Config,
    database::{
        Database, StoreError,
        migrate::{self, MigrationState},
    },
    services::make_folder,
};

#[derive(Debug, Args)]
pub(super) struct MigrateArguments {
    /// Says what would be done and changes nothing.
    #[arg(long, visible_alias = "dry-run")]
    plan: bool,
}

pub(super) async fn run(config: &Config, arguments: &MigrateArguments) -> Result<(), CommandError> {
    let url = config.database_url().map_err(CommandError::of)?;
    let pending = match migrate::look(&url).map_err(CommandError::of)? {
        MigrationState::Current => return say("The database is up to date.\n"),
        MigrationState::Newer(versions) => return Err(CommandError::of(StoreError::Newer(versions.join(", ")))),
        MigrationState::Behind(pending) => pending,
    };
    let will = if arguments.plan { "would apply" } else { "applies" };
    for migration in &pending {
        say(&format!("{will} {}: {}\n", migration.name, migration.purpose))?;
    }
    if arguments.plan {
        return say("Nothing was changed. Take a backup, then run `shoufa migrate`.\n");
    }
    make_folder(&config.data).map_err(CommandError::of)?;
    let now = SystemClock.now();
    let database = Database::open(&url, &config.database.limits(), now).map_err(CommandError::of)?;
    database.release_process(now).await.map_err(CommandError::of)?;
    say("The database is up to date.\n")
}
