//! `shoufa audit …`: whether the trail is as it was written, and where it ends.

use std::path::PathBuf;

use clap::Subcommand;
use shared::contract::audit::AuditHeadView;

use super::{CommandError, say};
use crate::{
    clock::{Clock, SystemClock},
    config::Config,
    database::Database,
    usecases::audit_trail::{Checkpoint, audit_head, checkpoints_of, verify},
};

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Walks the whole trail and names the first record of each chain that was changed, removed or inserted.
    Verify {
        /// What `GET /api/v1/public/audit-head` or `shoufa audit head` once answered: the trail must still pass it. May be repeated.
        #[arg(long, value_name = "FILE")]
        published: Vec<PathBuf>,
    },
    /// Prints where the trail ends, as it is published: JSON to keep somewhere else.
    Head,
}

/// A trail with a fault is a failure, for whoever calls this from a script.
pub(super) async fn run(config: &Config, command: AuditCommand) -> Result<(), CommandError> {
    let now = SystemClock.now();
    let url = config.database_url().map_err(CommandError::of)?;
    let database = Database::open(&url, &config.database.limits(), now).map_err(CommandError::of)?;
    let done = match command {
        AuditCommand::Head => print_head(&database).await,
        AuditCommand::Verify { published } => check(&database, &published).await,
    };
    database
        .release_process(SystemClock.now())
        .await
        .map_err(CommandError::of)?;
    done
}

async fn print_head(database: &Database) -> Result<(), CommandError> {
    let head = audit_head(database).await.map_err(CommandError::of)?;
    say(&format!(
        "{}\n",
        serde_json::to_string_pretty(&head).map_err(CommandError::of)?
    ))
}

async fn check(database: &Database, published: &[PathBuf]) -> Result<(), CommandError> {
    let mut checkpoints = Vec::new();
    for path in published {
        checkpoints.extend(read_published(path)?);
    }
    let report = verify(database, checkpoints).await.map_err(CommandError::of)?;
    say(&format!("{} records in {} chains\n", report.records, report.chains))?;
    if report.removed > 0 {
        say(&format!("retention removed {} older ones\n", report.removed))?;
    }
    if report.findings.is_empty() {
        return say("the trail is as it was written\n");
    }
    for finding in &report.findings {
        say(&format!("{finding}\n"))?;
    }
    Err(CommandError::of("the audit trail was tampered with"))
}

fn read_published(path: &std::path::Path) -> Result<Vec<Checkpoint>, CommandError> {
    let refused = |error: &dyn std::fmt::Display| CommandError::of(format!("{}: {error}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| refused(&error))?;
    let head: AuditHeadView = serde_json::from_str(&text).map_err(|error| refused(&error))?;
    checkpoints_of(&head).ok_or_else(|| refused(&"a hash is not one"))
}
