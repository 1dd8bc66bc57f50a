//! `shoufa backup` and `shoufa restore`: from the machine itself, beside a server that works, and back into an empty place.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{CommandError, say};
use crate::{
    backup::{self, Manifest, Pace, Restore},
    clock::{Clock, SystemClock},
    config::Config,
    database::copies::CopyKind,
};

#[derive(Debug, Args)]
pub(super) struct BackupArguments {
    /// Folder of backups, made when missing; photographs that are in it already are not copied again.
    folder: PathBuf,
    /// Megabytes a second at most, 0 for as fast as it goes; when not said, 100 for SQLite and 40 for PostgreSQL.
    #[arg(long, value_name = "MEGABYTES")]
    limit_mb_s: Option<u64>,
    /// Reads the backup into a place of its own afterwards, compares it and removes it again.
    #[arg(long)]
    verify: bool,
}

#[derive(Debug, Args)]
pub(super) struct RestoreArguments {
    /// A backup, or a folder of backups, whose newest is taken.
    folder: PathBuf,
    /// Puts aside the database, keys and photographs that are there. The server must not be running.
    #[arg(long)]
    replace: bool,
}

pub(super) fn take(config: &Config, settings: Option<&Path>, arguments: &BackupArguments) -> Result<(), CommandError> {
    step_back();
    let usual = usual_limit(CopyKind::of(&config.database_url().map_err(CommandError::of)?));
    let mut pace = Pace::new(arguments.limit_mb_s.unwrap_or(usual));
    let now = SystemClock.now();
    let taken = backup::take(config, settings, &arguments.folder, now, &mut pace).map_err(CommandError::of)?;
    let folder = taken.folder.display();
    say(&format!(
        "{folder}: {}, {} of them new\n",
        told(&taken.manifest),
        taken.new_photos
    ))?;
    if !taken.manifest.photos_missing.is_empty() {
        say(&format!(
            "{} photographs are named by a row and have no file; their keys are in manifest.json\n",
            taken.manifest.photos_missing.len()
        ))?;
    }
    if arguments.verify {
        backup::verify(config, &taken.folder, &mut pace).map_err(CommandError::of)?;
        say("verified: all of it was read back and is the same\n")?;
    }
    Ok(())
}

/// The log of SQLite grows while it is copied, so that is done soon; PostgreSQL's rows cost a core to write down.
const fn usual_limit(database: CopyKind) -> u64 {
    match database {
        CopyKind::Sqlite => 100,
        CopyKind::Postgresql => 40,
    }
}

pub(super) fn restore(config: &Config, arguments: &RestoreArguments) -> Result<(), CommandError> {
    let folder = if arguments.folder.join(backup::manifest::FILE).is_file() {
        arguments.folder.clone()
    } else {
        backup::newest(&arguments.folder)
            .map_err(CommandError::of)?
            .ok_or_else(|| CommandError::of(format!("{}: no backup is there", arguments.folder.display())))?
    };
    let how = Restore {
        replace: arguments.replace,
        now: SystemClock.now(),
    };
    let mut pace = Pace::new(0);
    let manifest = backup::restore(config, &folder, how, &mut pace).map_err(CommandError::of)?;
    say(&format!(
        "{} is in place: {}. Start the server.\n",
        folder.display(),
        told(&manifest)
    ))
}

fn told(manifest: &Manifest) -> String {
    format!(
        "{} cases, {} rows in all, {} photographs",
        manifest.cases(),
        manifest.rows(),
        manifest.photos
    )
}

/// The server's work comes first, on the processor and, where the disk's scheduler looks at it, on the disk.
fn step_back() {
    if let Err(error) = rustix::process::nice(10) {
        tracing::warn!(%error, "the backup runs at usual priority");
    }
}
