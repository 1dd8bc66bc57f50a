//! `shoufa keys …`: a new key takes the place of an old one while servers work, and the old one goes when nothing needs it.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, UNIX_EPOCH},
};

use clap::{Args, Subcommand};

use super::{CommandError, say};
use crate::{
    access::key_file::{self, KEY_FILE, KeyKind},
    clock::{Clock, SystemClock},
    config::Config,
    services::Services,
    usecases::reseal,
};

#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// Lists the keys that are replaced, the ones in use first, and how much each of them still seals.
    Status,
    /// Makes a new key: servers learn it, then it is used. What older keys made stays good.
    Rotate(RotateArguments),
    /// Removes the older keys of a kind; refused while something needs them.
    Retire {
        /// Which keys.
        kind: KeyKind,
    },
}

#[derive(Debug, Args)]
pub(super) struct RotateArguments {
    /// Which keys.
    kind: KeyKind,
    /// Seconds between announcing a key and using it. Running servers look at the file every 3 seconds.
    #[arg(long, default_value_t = 10)]
    wait_seconds: u64,
}

pub(super) async fn run(config: Config, command: KeysCommand) -> Result<(), CommandError> {
    match command {
        KeysCommand::Rotate(arguments) => rotate(&config.data, &arguments).await,
        KeysCommand::Status => status(&start(config).await?).await,
        KeysCommand::Retire { kind } => retire(&start(config).await?, kind).await,
    }
}

async fn start(config: Config) -> Result<Services, CommandError> {
    Services::start(config, Arc::new(SystemClock))
        .await
        .map_err(CommandError::of)
}

async fn rotate(folder: &Path, arguments: &RotateArguments) -> Result<(), CommandError> {
    let kind = arguments.kind;
    let id = key_file::announce(folder, kind).map_err(CommandError::of)?;
    tokio::time::sleep(Duration::from_secs(arguments.wait_seconds)).await;
    key_file::put_first(folder, kind, &id).map_err(CommandError::of)?;
    let then = match kind {
        KeyKind::Tokens => "older tokens are good until they end",
        KeyKind::Phones => "a running server seals everything anew",
    };
    say(&format!(
        "{id} is in use; {then}. See `shoufa keys status`, then `shoufa keys retire`. Take a backup: it holds the new key.\n"
    ))
}

async fn status(services: &Services) -> Result<(), CommandError> {
    let counts = reseal::count_by_key(services).await.map_err(CommandError::of)?;
    let secrets = &services.access.secrets;
    say(&format!("tokens: {}\n", secrets.token_key_ids().join(", ")))?;
    say(&format!("phones: {}\n", secrets.phone_key_ids().join(", ")))?;
    for (key, sealed) in counts {
        say(&format!("  {key} seals {sealed}\n"))?;
    }
    Ok(())
}

async fn retire(services: &Services, kind: KeyKind) -> Result<(), CommandError> {
    let patience = match kind {
        KeyKind::Tokens => {
            let looks = services.config.residents.lookup_seconds;
            services.config.sessions.access_seconds.max(looks)
        }
        // A note that a member of staff holds between two steps of signing in.
        KeyKind::Phones => services.config.staff.challenge_seconds,
    };
    let since = seconds_since_change(&services.config.data)?;
    if since < patience {
        return Err(CommandError::of(format!(
            "the keys were changed {since} s ago, and what older keys made is good for {patience} s: try again in {} s",
            patience - since
        )));
    }
    if kind == KeyKind::Phones {
        let counts = reseal::count_by_key(services).await.map_err(CommandError::of)?;
        let older = services.access.secrets.phone_key_ids().into_iter().skip(1);
        let old: u64 = older.filter_map(|key| counts.get(&key)).sum();
        if old > 0 {
            return Err(CommandError::of(format!(
                "{old} values are still sealed with older keys: leave a server running until `shoufa keys status` shows none"
            )));
        }
    }
    let gone = key_file::keep_first(&services.config.data, kind).map_err(CommandError::of)?;
    if gone.is_empty() {
        say("There is no older key.\n")
    } else {
        say(&format!(
            "{} removed. Older backups still need it and hold it.\n",
            gone.join(", ")
        ))
    }
}

fn seconds_since_change(folder: &Path) -> Result<i64, CommandError> {
    let changed = std::fs::metadata(folder.join(KEY_FILE)).and_then(|about| about.modified());
    let changed = changed
        .map_err(CommandError::of)?
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let changed = i64::try_from(changed.as_secs()).unwrap_or(i64::MAX);
    Ok(SystemClock.now().0.div_euclid(1_000_000).saturating_sub(changed))
}
