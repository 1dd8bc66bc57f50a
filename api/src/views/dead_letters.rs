//! Messages that were given up, for the system administrator: what, when and why; no text, and of a number its ends alone.

use shared::{
    contract::{
        dead_letter::DeadLetterView,
        paging::{PageQuery, PageView},
        problem::ProblemCode,
    },
    domain::{id::MessageId, phone::MobileNumber},
};

use crate::{
    access::{StaffActor, sms::SealedSms},
    database::{StoreError, ids::made_at},
    errors::Failure,
    services::Services,
    stores::outbox_store::{self, OutboxRow, Task},
};

/// One page for an administrator, oldest first.
///
/// # Errors
/// `Forbidden` for everybody but a system administrator; `Invalid` for a cursor that is none.
pub async fn list(
    services: &Services,
    viewer: &StaffActor,
    page: &PageQuery,
) -> Result<PageView<DeadLetterView>, Failure> {
    if !viewer.runs_the_system() {
        return Err(ProblemCode::Forbidden.into());
    }
    read_page(services, page).await
}

/// One page, oldest first, for whoever stands at the machine.
///
/// # Errors
/// `Invalid` for a cursor that is none; the database's failure.
pub async fn read_page(services: &Services, page: &PageQuery) -> Result<PageView<DeadLetterView>, Failure> {
    let after: i64 = match &page.after {
        Some(text) => text.parse().map_err(|_| Failure::invalid("after", "翻页位置不对"))?,
        None => 0,
    };
    let wanted = page.wanted();
    let mut rows = services
        .database
        .readers
        .read(move |connection| {
            outbox_store::list_dead(connection, after, i64::from(wanted) + 1).map_err(StoreError::from)
        })
        .await?;
    let full = rows.len() > wanted as usize;
    rows.truncate(wanted as usize);
    let next = rows.last().filter(|_| full).map(|last| last.id.to_string());
    let items = rows.iter().map(|row| shown(services, row)).collect();
    Ok(PageView { items, next })
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
