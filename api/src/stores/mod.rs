//! Rows in and out of the tables. Changes take a transaction; what is changed and why is decided in `usecases`.

pub mod account_store;
pub mod attempt_store;
pub mod audit_head_store;
pub mod audit_store;
pub mod backlog_store;
pub mod case_parts_store;
pub mod case_seal;
pub mod case_store;
pub mod city_store;
pub mod clock_store;
pub mod closing_store;
pub mod code_store;
pub mod condition_store;
pub mod consent_store;
pub mod counter_store;
pub mod desk_store;
pub mod device_store;
pub mod effect_store;
pub mod export_store;
pub mod flag_store;
pub mod follow_store;
pub mod idempotency_store;
pub mod installation_store;
pub mod knowledge_store;
pub mod lease_store;
pub mod look_back_store;
pub mod notice_settings_store;
pub mod notice_store;
pub mod number_store;
pub mod order_store;
pub mod outbox_store;
pub mod password_store;
pub mod photo_key_store;
pub mod photo_store;
pub mod publication_store;
pub mod queue_store;
pub mod rating_store;
pub mod recipient_store;
pub mod reply_store;
pub mod reply_template_store;
pub mod rights_store;
pub mod sealed_store;
pub mod search_store;
pub mod second_factor_store;
pub mod session_store;
pub mod staff_store;
pub mod supervision_store;
pub mod timeline_store;

use crate::database::StoreError;

/// Reads a word that the database keeps as text; the CHECK constraints make a failure a fault of ours.
pub(crate) fn parse_word<T: std::str::FromStr>(column: &'static str, word: &str) -> Result<T, StoreError> {
    word.parse()
        .map_err(|_| StoreError::Database(format!("{column} holds an unknown word")))
}

/// Reads JSON that an earlier or this version of the program wrote.
pub(crate) fn parse_json<T: serde::de::DeserializeOwned>(column: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Database(format!("{column}: {error}")))
}

/// Writes JSON; the types stored this way cannot fail.
pub(crate) fn to_json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}
