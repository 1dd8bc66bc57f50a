//! The variables of the environment, as one table that also makes the help text.

use std::{fmt::Display, path::PathBuf, str::FromStr};

use shared::contract::secret::Secret;

use super::{Config, ConfigError};

/// A variable, what it is for, and where it goes.
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// One line of help, with the default.
    pub help: &'static str,
    apply: fn(&mut Config, &str) -> Result<(), String>,
}

const fn variable(
    name: &'static str,
    help: &'static str,
    apply: fn(&mut Config, &str) -> Result<(), String>,
) -> Variable {
    Variable { name, help, apply }
}

/// Variables of the tests and of `./dev`, which share the prefix and mean nothing to the server.
const NOT_OURS: &[&str] = &["SHOUFA_TEST_", "SHOUFA_SAMPLE_"];

/// Every variable, in the order that help shows them.
pub const VARIABLES: &[Variable] = &[
    variable(
        "SHOUFA_CONFIG",
        "TOML file with the configuration (none)",
        |_, _| Ok(()),
    ),
    variable(
        "SHOUFA_LISTEN",
        "address to listen on (127.0.0.1:12345)",
        |config, text| put(&mut config.server.listen, text),
    ),
    variable("SHOUFA_DATA", "folder of the run-time data (./data)", |config, text| {
        config.data = PathBuf::from(text);
        Ok(())
    }),
    variable(
        "DATABASE_URL",
        "postgres://… or sqlite:PATH (a file in the data folder)",
        |config, text| {
            config.database.url = Some(Secret::new(text));
            Ok(())
        },
    ),
    variable(
        "SHOUFA_DATABASE_URL",
        "the same, and wins over DATABASE_URL",
        |config, text| {
            config.database.url = Some(Secret::new(text));
            Ok(())
        },
    ),
    variable(
        "SHOUFA_WORKERS",
        "threads that answer requests (one a core)",
        |config, text| put(&mut config.server.workers, text),
    ),
    variable(
        "WEB_ROOT",
        "folder of built pages instead of those within the program (none)",
        |config, text| {
            config.server.web_root = Some(PathBuf::from(text));
            Ok(())
        },
    ),
    variable(
        "SHOUFA_DEMO_CLOCK",
        "with --demo: file with the minutes that the clock is ahead, read again and again (none)",
        |config, text| {
            config.demo_clock = Some(PathBuf::from(text));
            Ok(())
        },
    ),
    variable(
        "SHOUFA_READERS",
        "database connections for reading (4)",
        |config, text| put(&mut config.database.readers, text),
    ),
    variable(
        "SHOUFA_TRUSTED_PROXIES",
        "addresses or blocks (10.0.0.0/8) of reverse proxies to believe, by commas (none)",
        |config, text| {
            let addresses = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            config.server.trusted_proxies = addresses.map(str::parse).collect::<Result<_, _>>()?;
            Ok(())
        },
    ),
    variable(
        "SHOUFA_BEHIND_TLS",
        "true when those proxies speak TLS to the clients (false)",
        |config, text| put(&mut config.server.behind_tls, text),
    ),
    variable(
        "SHOUFA_RATE_LIMITS",
        "false to count no requests, for measurements (true)",
        |config, text| put(&mut config.limits.enabled, text),
    ),
    variable(
        "SHOUFA_SECOND_FACTOR",
        "staff who must have a second factor: all, administrators or enrolled (administrators)",
        |config, text| put(&mut config.staff.second_factor, text),
    ),
    variable(
        "SHOUFA_SMS_URL",
        "address of the SMS gateway (none: no message leaves)",
        |config, text| {
            config.sms.url = Some(text.to_owned());
            Ok(())
        },
    ),
    variable(
        "SHOUFA_SMS_TOKEN",
        "bearer token for the SMS gateway",
        |config, text| {
            config.sms.token = Some(Secret::new(text));
            Ok(())
        },
    ),
    variable(
        "SHOUFA_SMS_SIGNATURE",
        "name in front of each text message (首发)",
        |config, text| {
            text.clone_into(&mut config.sms.signature);
            Ok(())
        },
    ),
    variable(
        "SHOUFA_FCM_SERVICE_ACCOUNT",
        "JSON key file for Firebase Cloud Messaging (none: nothing is pushed)",
        |config, text| {
            config.push.fcm_service_account = Some(PathBuf::from(text));
            Ok(())
        },
    ),
    variable(
        "SHOUFA_FCM_BASE",
        "address of the push service (Google's)",
        |config, text| {
            config.push.fcm_base = Some(text.to_owned());
            Ok(())
        },
    ),
    variable("SHOUFA_LOG", "what is logged (info)", |config, text| {
        text.clone_into(&mut config.log.filter);
        Ok(())
    }),
    variable(
        "SHOUFA_LOG_FORMAT",
        "text, or json for one object a line (text)",
        |config, text| put(&mut config.log.format, text),
    ),
    variable(
        "SHOUFA_METRICS_LISTEN",
        "address that answers GET /metrics (none: no figures)",
        |config, text| {
            config.metrics.listen = Some(text.parse().map_err(|_| "not an address with a port".to_owned())?);
            Ok(())
        },
    ),
    variable(
        "SHOUFA_TRACES_ENDPOINT",
        "OpenTelemetry collector, OTLP over HTTP (none: no traces)",
        |config, text| {
            config.traces.endpoint = Some(text.to_owned());
            Ok(())
        },
    ),
    variable(
        "SHOUFA_TRACES_RATIO",
        "part of the requests that is traced (1.0)",
        |config, text| put(&mut config.traces.ratio, text),
    ),
];

fn put<T: FromStr<Err: Display>>(place: &mut T, text: &str) -> Result<(), String> {
    *place = text.parse().map_err(|error: T::Err| error.to_string())?;
    Ok(())
}

/// Applies the variables in the table's order; refuses those that only look like ours.
pub(super) fn overlay(
    config: &mut Config,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<(), ConfigError> {
    let given: Vec<_> = environment.into_iter().collect();
    for (name, _) in &given {
        let ours = name.starts_with("SHOUFA_") && !NOT_OURS.iter().any(|prefix| name.starts_with(prefix));
        if ours && !VARIABLES.iter().any(|variable| variable.name == name) {
            return Err(ConfigError::UnknownVariable {
                nearest: nearest(name),
                name: name.clone(),
            });
        }
    }
    for variable in VARIABLES {
        let value = given.iter().find(|(name, _)| name == variable.name);
        if let Some((_, value)) = value.filter(|(_, value)| !value.is_empty()) {
            (variable.apply)(config, value).map_err(|error| ConfigError::Variable(variable.name, error))?;
        }
    }
    Ok(())
}

fn nearest(name: &str) -> Option<String> {
    VARIABLES
        .iter()
        .map(|variable| (distance(name, variable.name), variable.name))
        .min()
        .filter(|(distance, _)| *distance <= 4)
        .map(|(_, name)| name.to_owned())
}

/// Levenshtein's distance, bounded by the length of names.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, left) in one.chars().take(80).enumerate() {
        let mut diagonal = line;
        row[0] = line + 1;
        for (column, right) in other.iter().enumerate() {
            let substituted = diagonal + usize::from(left != *right);
            diagonal = row[column + 1];
            row[column + 1] = substituted.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

/// The variables as help shows them.
#[must_use]
pub(crate) fn help() -> String {
    let mut text = String::from("Environment (also in the file that --config or SHOUFA_CONFIG names):\n");
    for variable in VARIABLES {
        text.push_str("  ");
        text.push_str(variable.name);
        for _ in variable.name.len()..28 {
            text.push(' ');
        }
        text.push_str(variable.help);
        text.push('\n');
    }
    text
}
