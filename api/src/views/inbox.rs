//! The inbox, newest first, with the number of unread entries: two statements. Everybody reads only the own one.

use std::sync::Arc;

use shared::{
    contract::{
        inbox::{InboxView, NoticeView},
        paging::PageQuery,
        problem::ProblemCode,
    },
    domain::id::NoticeId,
};

use crate::{
    access::Actor,
    database::{StoreError, ids::made_at},
    errors::Failure,
    services::Services,
    stores::notice_store,
};

/// Unread entries are counted among so many of the newest.
const MOST_UNREAD: i64 = 100;

/// One page of the own inbox.
///
/// # Errors
/// `SignInRequired` for visitors; `Invalid` for a cursor that is none; `Busy`.
pub async fn inbox(services: &Arc<Services>, actor: &Actor, page: &PageQuery) -> Result<InboxView, Failure> {
    let reader = actor.id().ok_or(ProblemCode::SignInRequired)?;
    let before: i64 = match &page.after {
        Some(text) => text.parse().map_err(|_| Failure::invalid("after", "翻页位置不对"))?,
        None => i64::MAX,
    };
    let wanted = page.wanted();
    let (mut rows, unread) = services
        .database
        .readers
        .read(move |connection| -> Result<_, StoreError> {
            let rows = notice_store::list_notices(connection, reader, before, i64::from(wanted) + 1)?;
            Ok((rows, notice_store::count_unread(connection, reader, MOST_UNREAD)?))
        })
        .await?;
    let full = rows.len() > wanted as usize;
    rows.truncate(wanted as usize);
    let next = rows.last().filter(|_| full).map(|last| last.id.to_string());
    let items = rows.into_iter().map(|row| NoticeView {
        id: NoticeId(row.id),
        at: made_at(row.id),
        receipt_no: row.case_id.map(|case| services.receipts.write(case)),
        topic: row.topic,
        title: row.title,
        body: row.body,
        read: row.read_at.is_some(),
    });
    Ok(InboxView {
        items: items.collect(),
        next,
        unread: u32::try_from(unread).unwrap_or_default(),
    })
}
