//! `shoufa outbox …`: messages that were given up, listed and sent again from the machine itself.

use std::sync::Arc;

use clap::{Args, Subcommand};
use shared::contract::dead_letter::DeadLetterView;

use super::{CommandError, say};
use crate::{clock::SystemClock, config::Config, delivery::dead_letters, services::Services, usecases::outbox::resend};

/// Messages read at a time.
const PAGE: i64 = 100;

#[derive(Debug, Subcommand)]
pub(super) enum OutboxCommand {
    /// Lists messages that were given up, oldest first: when, what, why, and the ends of the number.
    List {
        /// Prints one JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Puts messages back among those that wait; a running server sends them.
    Resend(ResendArguments),
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(super) struct ResendArguments {
    /// The message's id, as `list` shows it.
    #[arg(long)]
    id: Option<i64>,
    /// All of them.
    #[arg(long)]
    all: bool,
}

pub(super) async fn run(config: Config, command: OutboxCommand) -> Result<(), CommandError> {
    let services = Services::start(config, Arc::new(SystemClock))
        .await
        .map_err(CommandError::of)?;
    let services = Arc::new(services);
    match command {
        OutboxCommand::List { json } => list(&services, json).await,
        OutboxCommand::Resend(ResendArguments { id: Some(id), .. }) => {
            resend::resend_here(&services, id).await.map_err(CommandError::of)?;
            say("1 message waits to be sent.\n")
        }
        OutboxCommand::Resend(_) => {
            let moved = resend::resend_all_here(&services).await.map_err(CommandError::of)?;
            say(&format!("{moved} messages wait to be sent.\n"))
        }
    }
}

async fn list(services: &Services, json: bool) -> Result<(), CommandError> {
    let mut after = 0;
    loop {
        let letters = dead_letters::read_page(services, after, PAGE)
            .await
            .map_err(CommandError::of)?;
        let Some(last) = letters.last() else { return Ok(()) };
        after = last.id.0;
        for letter in &letters {
            if json {
                let object = serde_json::to_string(letter).map_err(CommandError::of)?;
                say(&format!("{object}\n"))?;
            } else {
                say(&line(letter))?;
            }
        }
    }
}

fn line(letter: &DeadLetterView) -> String {
    format!(
        "{}  {}  {:<12}{:>3} tries  {}  {}{}\n",
        letter.id,
        letter.made_at.city_time().format("%Y-%m-%d %H:%M"),
        letter.task,
        letter.attempts,
        letter.failure.as_deref().unwrap_or("-"),
        letter.recipient.as_deref().unwrap_or("-"),
        if letter.is_code { "  (an old code)" } else { "" },
    )
}
