//! Looks at everything that a server needs and says, line by line, what is well, what is not, and what to do. Changes
//! nothing: no migration, no key, no row; a file that proves a folder writable is gone again at once.

mod backlog;
mod backup;
mod city;
mod clock;
mod database;
mod gateways;
mod keys;
mod settings;
mod storage;

use std::path::Path;

use serde::Serialize;

use crate::{clock::Clock, config::Config, database::MigrationState};

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// As it should be.
    Ok,
    /// Works, but somebody should look after it.
    Warning,
    /// Does not work, or will lose something.
    Problem,
}

impl Level {
    /// `ok`, `warning` or `problem`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Problem => "problem",
        }
    }
}

/// One line of the report. Holds no secret and nobody's data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How grave it is.
    pub level: Level,
    /// What was looked at, in one word.
    pub subject: &'static str,
    /// What was found.
    pub text: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

impl Finding {
    /// All is well.
    fn ok(subject: &'static str, text: impl Into<String>) -> Self {
        Self {
            level: Level::Ok,
            subject,
            text: text.into(),
            advice: None,
        }
    }

    /// Works, but see to it.
    fn warning(subject: &'static str, text: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            level: Level::Warning,
            advice: Some(advice.into()),
            ..Self::ok(subject, text)
        }
    }

    /// Does not work.
    fn problem(subject: &'static str, text: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            level: Level::Problem,
            ..Self::warning(subject, text, advice)
        }
    }
}

/// A configuration that cannot even be read; nothing else can be looked at then.
#[must_use]
pub fn unreadable_settings(error: impl std::fmt::Display) -> Vec<Finding> {
    vec![Finding::problem(
        "settings",
        error.to_string(),
        "correct it; `shoufa --help` lists every setting",
    )]
}

/// Looks at everything. `file` is the configuration file, if there is one; `online` also asks the push service.
pub async fn examine(config: &Config, file: Option<&Path>, clock: &dyn Clock, online: bool) -> Vec<Finding> {
    let mut findings = settings::examine(config, file);
    findings.extend(storage::examine(config));
    let (of_database, seen) = database::examine(config).await;
    findings.extend(of_database);
    findings.push(keys::examine(config, seen.as_ref()));
    let now = clock.now();
    if let Some(seen) = &seen {
        findings.push(clock::examine(now, seen));
        findings.extend(city::examine(now, &seen.city));
        findings.extend(backlog::examine(now, &seen.backlog));
    }
    findings.extend(gateways::examine(config, online).await);
    findings.push(backup::examine(config, now));
    findings
}

/// The gravest of them.
#[must_use]
pub fn gravest(findings: &[Finding]) -> Level {
    findings.iter().map(|finding| finding.level).max().unwrap_or(Level::Ok)
}

/// What the checks of a database need to know of it, when its tables are this program's.
const fn is_readable(state: &MigrationState) -> bool {
    matches!(state, MigrationState::Current)
}
