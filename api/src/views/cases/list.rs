//! The own cases, newest first: two statements.

use std::sync::Arc;

use shared::contract::{
    case::OwnCaseSummary,
    paging::{PageQuery, PageView},
};

use super::{below, summary::summary};
use crate::{
    access::PersonActor,
    database::StoreError,
    errors::Failure,
    services::Services,
    stores::case_store::{self, CaseRow},
};

/// One page.
///
/// # Errors
/// `Invalid` for a cursor that is none; `Busy`.
pub async fn list_own_cases(
    services: &Arc<Services>,
    person: &PersonActor,
    page: &PageQuery,
) -> Result<PageView<OwnCaseSummary>, Failure> {
    let (requester, before, wanted) = (person.id, below(page.after.as_deref())?, page.wanted());
    let (mut rows, primaries): (Vec<CaseRow>, Vec<CaseRow>) = services
        .database
        .readers
        .read(move |connection| -> Result<_, StoreError> {
            let rows = case_store::list_of_requester(connection, requester, before, i64::from(wanted) + 1)?;
            let ids: Vec<i64> = rows.iter().filter_map(|row| row.primary_case_id).collect();
            let primaries = case_store::list_cases(connection, &ids)?;
            Ok((rows, primaries))
        })
        .await?;
    let full = rows.len() > wanted as usize;
    rows.truncate(wanted as usize);
    let next = rows.last().filter(|_| full).map(|last| last.id.to_string());
    let city = services.city();
    let items = rows.iter().map(|row| {
        let primary = primaries.iter().find(|primary| Some(primary.id) == row.primary_case_id);
        summary(&city, &services.receipts, row, primary)
    });
    Ok(PageView {
        items: items.collect::<Result<_, _>>()?,
        next,
    })
}
