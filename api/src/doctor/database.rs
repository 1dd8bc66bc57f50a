//! Whether the database can be reached, whether its tables are this program's, and how it is reached.

use reqwest::Url;

use super::{Finding, is_readable};
use crate::{
    config::Config,
    database::{DatabaseUrl, MigrationState, StoreError, look_at, migrate, ssl_mode},
    stores::{
        backlog_store::{self, BacklogRow},
        condition_store::{self, ConditionRow},
        installation_store,
    },
};

const SUBJECT: &str = "database";

/// What the other checks look at.
pub(super) struct Seen {
    pub(super) condition: ConditionRow,
    pub(super) backlog: BacklogRow,
    /// What tells the keys that it was begun with; none before the first start.
    pub(super) key_fingerprint: Option<String>,
    /// Kind and content of the city's data in force.
    pub(super) city: Vec<(String, String)>,
}

pub(super) async fn examine(config: &Config) -> (Vec<Finding>, Option<Seen>) {
    // The settings say already what is wrong with the address.
    let Ok(url) = config.database_url() else {
        return (Vec::new(), None);
    };
    let mut findings: Vec<Finding> = way(&url).into_iter().collect();
    let asked = url.clone();
    let state = blocking(move || migrate::look(&asked)).await;
    findings.push(told(&url, &state));
    if !state.as_ref().is_ok_and(is_readable) {
        return (findings, None);
    }
    let seen = blocking(move || {
        look_at(&url, |connection| {
            Ok(Seen {
                condition: condition_store::read_condition(connection)?,
                backlog: backlog_store::read_backlog(connection)?,
                key_fingerprint: installation_store::find_key_fingerprint(connection)?,
                city: condition_store::list_city_data(connection)?,
            })
        })
    })
    .await;
    match seen {
        Ok(seen) => (findings, Some(seen)),
        Err(error) => {
            findings.push(Finding::problem(
                SUBJECT,
                format!("cannot be read: {error}"),
                "look into the database's own log; restore a backup if it is damaged",
            ));
            (findings, None)
        }
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err(StoreError::Database("looking at it broke off".to_owned())))
}

fn told(url: &DatabaseUrl, state: &Result<MigrationState, StoreError>) -> Finding {
    match state {
        Ok(MigrationState::Current) => Finding::ok(SUBJECT, format!("{url:?}, tables up to date")),
        Ok(MigrationState::Behind(pending)) => Finding::warning(
            SUBJECT,
            format!("{url:?}, {} migrations to apply", pending.len()),
            "take a backup; `shoufa migrate --plan` says what it will do, the next start does it",
        ),
        Ok(MigrationState::Newer(versions)) => Finding::problem(
            SUBJECT,
            StoreError::Newer(versions.join(", ")).to_string(),
            "start the newer version; this one refuses to",
        ),
        Err(error) => Finding::problem(
            SUBJECT,
            format!("{url:?} cannot be reached: {error}"),
            "check the address, the password, the firewall and that the database runs",
        ),
    }
}

/// A database on another machine is reached through TLS that checks who answers.
fn way(url: &DatabaseUrl) -> Option<Finding> {
    let DatabaseUrl::Postgres(text) = url else {
        return None;
    };
    let host = Url::parse(text).ok()?.host_str()?.to_owned();
    let near = matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]") || host.starts_with("%2F");
    let safe = ssl_mode(text) == Some("verify-full");
    (!near && !safe).then(|| {
        Finding::warning(
            SUBJECT,
            "PostgreSQL is on another machine and sslmode is not verify-full",
            "build with the feature pg-tls and add ?sslmode=verify-full&sslrootcert=… to the URL",
        )
    })
}
