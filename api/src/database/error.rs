//! What can go wrong below the use cases, and how the two databases' errors become one vocabulary.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// A store's refusal. Texts never leave the log: the API answers with a problem code.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// No such row, or not visible here.
    #[error("no such row")]
    NotFound,
    /// A unique constraint says that this is there already.
    #[error("already there: {0}")]
    Duplicate(&'static str),
    /// The row changed since the caller read it.
    #[error("the row changed since it was read")]
    Stale,
    /// Too much is waiting; nothing was done.
    #[error("too much is waiting for the database")]
    Busy,
    /// The disk is full; nothing was done.
    #[error("the disk is full")]
    Full,
    /// The database cannot be reached just now, or went away in the middle: whether a change was kept is not known.
    #[error("the database cannot be reached: {0}")]
    Away(String),
    /// A newer program changed the tables; these are the versions of its migrations. Nothing was done.
    #[error(
        "the database was made by a newer version of shoufa (its migrations {0} are unknown to this one): \
         start that version, or restore a backup that is older than the update"
    )]
    Newer(String),
    /// The database failed.
    #[error("database: {0}")]
    Database(String),
}

/// Unique constraints by name (PostgreSQL) and by columns (SQLite says `table.column`), with the word that use cases ask for.
const CONSTRAINTS: &[(&str, &str, &str)] = &[
    ("persons_phone_lookup_unique", "persons.phone_lookup", "phone"),
    ("staff_accounts_username_unique", "staff_accounts.username", "username"),
    (
        "staff_grants_one_administrator",
        "staff_grants.account_id",
        "administrator",
    ),
    ("sessions_refresh_hash_unique", "sessions.refresh_hash", "refresh_token"),
    ("push_devices_token_unique", "push_devices.token", "device"),
    (
        "idempotency_keys_unique",
        "idempotency_keys.idempotency_key",
        "idempotency_key",
    ),
    ("ratings_once_a_cycle", "ratings.cycle", "rating"),
    ("photos_once_an_uploader", "photos.sha256", "photo"),
    ("case_photos_once", "case_photos.sha256", "case_photo"),
    ("knowledge_articles_code_unique", "knowledge_articles.code", "article"),
    ("follows_pkey", "follows.person_id", "follow"),
];

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::NotFound => Self::NotFound,
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, information) => {
                let name = information.constraint_name().unwrap_or_default();
                let text = information.message();
                let known = CONSTRAINTS
                    .iter()
                    .find(|(constraint, columns, _)| name == *constraint || text.contains(columns));
                Self::Duplicate(known.map_or("row", |(_, _, word)| word))
            }
            DieselError::DatabaseError(_, information) if is_full(information.message()) => Self::Full,
            DieselError::DatabaseError(kind, information) if is_away(kind, information.message()) => {
                Self::Away(information.message().to_owned())
            }
            // The kind and the database's own sentence; bound values are never part of either.
            DieselError::DatabaseError(kind, information) => {
                Self::Database(format!("{kind:?}: {}", information.message()))
            }
            other => Self::Database(other.to_string()),
        }
    }
}

impl From<diesel::ConnectionError> for StoreError {
    fn from(error: diesel::ConnectionError) -> Self {
        Self::Away(error.to_string())
    }
}

/// What PostgreSQL and its library say when the server is restarted, or the way to it is cut.
const AWAY: [&str; 6] = [
    "server closed the connection",
    "terminating connection",
    "no connection to the server",
    "could not receive data from server",
    "could not send data to server",
    "the database system is",
];

fn is_away(kind: DatabaseErrorKind, message: &str) -> bool {
    matches!(
        kind,
        DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand
    ) || AWAY.iter().any(|words| message.contains(words))
}

fn is_full(message: &str) -> bool {
    message.contains("database or disk is full") || message.contains("No space left on device")
}
