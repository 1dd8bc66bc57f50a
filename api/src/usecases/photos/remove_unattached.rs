//! Tidies up after uploads: photographs that no case named within a day go, with their files; those that arrived in the very
//! moment in which another process wrote the case are joined to it.

use std::sync::Arc;

use super::{discard, remove::keys_of, upload::attach};
use crate::{
    database::{StoreError, ids::first_id_at},
    errors::Failure,
    services::Services,
    stores::photo_store::{self, PhotoRow},
};

/// How long a photograph may wait for its case.
const KEPT_MINUTES: i64 = 24 * 60;
/// Photographs handled at a time.
const PAGE: i64 = 100;
/// Pages in one run; the next run goes on.
const PAGES: usize = 100;

/// Removes what has waited too long and answers how many went.
///
/// # Errors
/// The database's failure.
pub async fn remove_unattached(services: &Arc<Services>) -> Result<usize, Failure> {
    let before = first_id_at(services.now().plus_minutes(-KEPT_MINUTES));
    let (mut after, mut removed) = (0, 0);
    for _ in 0..PAGES {
        let page = services
            .database
            .readers
            .read(move |connection| {
                photo_store::list_unattached(connection, after, before, PAGE).map_err(StoreError::from)
            })
            .await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for row in page {
            removed += usize::from(remove(services, row).await?);
        }
    }
    Ok(removed)
}

/// The row goes first: a file without a row is lost room, a row without its file is a lost picture.
async fn remove(services: &Arc<Services>, row: PhotoRow) -> Result<bool, Failure> {
    let (id, keys) = (row.id, keys_of(&row));
    let gone = services
        .database
        .writer
        .write(move |transaction| photo_store::delete_unattached(transaction, id))
        .await;
    match gone {
        Ok(()) => {}
        // A case named it after all, or somebody else removed it.
        Err(StoreError::Stale) => return Ok(false),
        Err(error) => return Err(error.into()),
    }
    discard(services, keys).await;
    Ok(true)
}

/// Joins photographs to the cases that named them unseen and answers how many.
///
/// # Errors
/// The database's failure.
pub async fn attach_missed(services: &Arc<Services>) -> Result<usize, Failure> {
    let missed = services
        .database
        .readers
        .read(|connection| photo_store::list_missed(connection, PAGE).map_err(StoreError::from))
        .await?;
    let mut joined = 0;
    for row in missed {
        joined += usize::from(attach(services, &row).await?);
    }
    Ok(joined)
}
