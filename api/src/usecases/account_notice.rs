//! Tells somebody about the own account: an entry in the inbox, which is pushed like any other.

use crate::{
    database::Transaction,
    services::Services,
    stores::{
        notice_store::NoticeRow,
        outbox_store::{OutboxRow, Task},
    },
};

/// Puts an entry without a case into an inbox and has it pushed.
pub fn tell(
    services: &Services,
    transaction: &mut Transaction<'_>,
    recipient_id: i64,
    topic: &str,
    title: &str,
    body: &str,
) {
    let id = services.next_id();
    transaction.append(NoticeRow {
        id,
        recipient_id,
        case_id: None,
        topic: topic.to_owned(),
        title: title.to_owned(),
        body: body.to_owned(),
        read_at: None,
    });
    let now = services.now();
    transaction.append(OutboxRow::new(services.next_id(), Task::Push, id, "{}".to_owned(), now));
}
