//! The log: one line an event on standard error, as text or as one JSON object a line.
//!
//! Fields and their meaning: docs/operating.md. No field holds a number, a name, an address, a text or a token.

use std::{fmt::Display, str::FromStr};

use serde::Deserialize;
use tracing::Subscriber;
use tracing_subscriber::{EnvFilter, Layer, layer::SubscriberExt, registry::LookupSpan, util::SubscriberInitExt};

use super::{SPANS, traces::Traces};
use crate::config::Config;

/// How a line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For eyes.
    #[default]
    Text,
    /// One object a line, for machines.
    Json,
}

impl FromStr for LogFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("text or json".to_owned()),
        }
    }
}

/// Why the log could not be set up.
#[derive(Debug, thiserror::Error)]
#[error("log: {0}")]
pub struct LogError(String);

impl LogError {
    fn of(error: impl Display) -> Self {
        Self(error.to_string())
    }
}

/// Sends log lines to standard error, so that what a command prints can be piped, and spans to `traces` when there are any.
///
/// # Errors
/// When the filter cannot be read, or a log is set up already.
pub fn start(config: &Config, traces: Option<&Traces>) -> Result<(), LogError> {
    let filter = EnvFilter::try_new(&config.log.filter).map_err(LogError::of)?;
    // A span that nobody takes costs nothing; the log is not to make each request pay for one.
    let filter = filter.add_directive(format!("{SPANS}=off").parse().map_err(LogError::of)?);
    tracing_subscriber::registry()
        .with(lines(config.log.format).with_filter(filter))
        .with(traces.map(Traces::layer))
        .try_init()
        .map_err(LogError::of)
}

fn lines<S: Subscriber + for<'a> LookupSpan<'a>>(format: LogFormat) -> Box<dyn Layer<S> + Send + Sync> {
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_target(false);
    match format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .with_span_list(false)
            .boxed(),
    }
}
