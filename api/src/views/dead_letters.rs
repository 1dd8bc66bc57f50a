//! Messages that were given up, as a system administrator sees them.

use shared::contract::{
    dead_letter::DeadLetterView,
    paging::{PageQuery, PageView},
    problem::ProblemCode,
};

use crate::{access::StaffActor, delivery::dead_letters, errors::Failure, services::Services};

/// One page, oldest first.
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
    let after: i64 = match &page.after {
        Some(text) => text.parse().map_err(|_| Failure::invalid("after", "翻页位置不对"))?,
        None => 0,
    };
    let wanted = page.wanted();
    let mut items = dead_letters::read_page(services, after, i64::from(wanted) + 1).await?;
    let full = items.len() > wanted as usize;
    items.truncate(wanted as usize);
    let next = items.last().filter(|_| full).map(|last| last.id.to_string());
    Ok(PageView { items, next })
}
