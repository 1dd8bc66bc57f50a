//! The public cases that somebody follows, newest case first: four statements. What is no longer public is no longer listed.

use std::sync::Arc;

use shared::contract::{
    paging::{PageQuery, PageView},
    public_case::PublicCaseSummary,
};

use super::below;
use crate::{
    access::PersonActor, database::StoreError, errors::Failure, services::Services, stores::follow_store,
    views::public::load_faces,
};

/// One page.
///
/// # Errors
/// `Invalid` for a cursor that is none; `Busy`.
pub async fn list_followed(
    services: &Arc<Services>,
    person: &PersonActor,
    page: &PageQuery,
) -> Result<PageView<PublicCaseSummary>, Failure> {
    let (person, before, wanted) = (person.id, below(page.after.as_deref())?, page.wanted());
    let held = Arc::clone(services);
    services
        .database
        .readers
        .read(move |connection| {
            let mut rows = follow_store::list_followed(connection, person, before, i64::from(wanted) + 1)
                .map_err(StoreError::from)?;
            let full = rows.len() > wanted as usize;
            rows.truncate(wanted as usize);
            let faces = load_faces(connection, &rows)?;
            let city = held.city();
            let items = rows.iter().map(|row| faces.summary(&city, &held.receipts, row));
            Ok(PageView {
                items: items.collect::<Result<_, Failure>>()?,
                next: rows.last().filter(|_| full).map(|last| last.id.to_string()),
            })
        })
        .await
}
