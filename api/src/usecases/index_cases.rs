//! Brings the search index up to date with cases that changed: all words for staff, released words alone for the public.
//!
//! Done after the acknowledgement of what changed, and repeated until it succeeds: doing it twice does no harm.

use shared::domain::search;

use crate::{
    database::StoreError,
    errors::Failure,
    services::Services,
    stores::{
        outbox_store::{self, Task},
        search_store::{self, CaseTokens},
    },
};

/// Cases indexed at once.
const AT_ONCE: i64 = 100;
/// How long other processes leave a case to the one that took it.
const LEASE_SECONDS: i64 = 60;

/// Indexes the cases that wait, a page of them, and answers how many there were.
///
/// # Errors
/// `Busy`, or the database's failure; what was taken is tried again later.
pub async fn index_waiting_cases(services: &Services) -> Result<usize, Failure> {
    let now = services.now();
    let holder = services.next_id().to_string();
    let (held, until) = (holder.clone(), now.plus_seconds(LEASE_SECONDS));
    let tasks = services
        .database
        .writer
        .write(move |transaction| {
            let task = Task::IndexCase;
            Ok::<_, Failure>(outbox_store::claim(transaction, task, &held, now, until, AT_ONCE)?)
        })
        .await?;
    if tasks.is_empty() {
        return Ok(0);
    }
    let mut ids: Vec<i64> = tasks.iter().map(|task| task.subject_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let cases = services
        .database
        .readers
        .read(move |connection| {
            let mut texts = search_store::list_texts(connection, &ids).map_err(StoreError::from)?;
            let tokens = ids.into_iter().map(|case_id| {
                let texts = texts.remove(&case_id).unwrap_or_default();
                CaseTokens {
                    case_id,
                    staff: search::tokens(&texts.staff),
                    public: search::tokens(&texts.public),
                }
            });
            Ok::<Vec<CaseTokens>, Failure>(tokens.collect())
        })
        .await?;
    let count = cases.len();
    services
        .database
        .writer
        .write(move |transaction| {
            search_store::put_tokens(transaction, &cases)?;
            Ok::<_, Failure>(outbox_store::delete_claimed(transaction, &tasks, &holder)?)
        })
        .await?;
    Ok(count)
}
