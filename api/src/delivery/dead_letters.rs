//! What is left to see of messages that were given up: what, when and why; no text, and of a number its ends alone.

use shared::{
    contract::dead_letter::DeadLetterView,
    domain::{id::MessageId, phone::MobileNumber},
};

use crate::{
    access::sms::SealedSms,
    database::{StoreError, ids::made_at},
    services::Services,
    stores::outbox_store::{self, OutboxRow, Task},
};

/// Those after the id `after`, oldest first, at most `limit`.
///
/// # Errors
/// The database's failure.
pub async fn read_page(services: &Services, after: i64, limit: i64) -> Result<Vec<DeadLetterView>, StoreError> {
    let rows = services
        .database
        .readers
        .read(move |connection| outbox_store::list_dead(connection, after, limit).map_err(StoreError::from))
        .await?;
    Ok(rows.iter().map(|row| shown(services, row)).collect())
}

fn shown(services: &Services, row: &OutboxRow) -> DeadLetterView {
    let text = (row.task == Task::Sms.as_str())
        .then(|| SealedSms::open(&row.payload, &services.access.secrets).ok())
        .flatten();
    let number = text.as_ref().and_then(|text| text.number.parse::<MobileNumber>().ok());
    DeadLetterView {
        id: MessageId(row.id),
        task: row.task.clone(),
        made_at: made_at(row.id),
        attempts: row.attempts,
        failure: row.last_failure.clone(),
        recipient: number.map(|number| number.masked()),
        is_code: text.is_some_and(|text| text.is_code),
    }
}
