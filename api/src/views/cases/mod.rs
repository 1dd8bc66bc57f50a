//! A resident's own cases: the list, one of them with all that the requester may know, those followed, and what a report
//! would come to. What others see of a case is `public`'s and `staff`'s.

mod entries;
mod followed;
mod list;
mod own;
mod preview;
mod summary;

pub use self::{
    followed::list_followed,
    list::list_own_cases,
    own::{ShownCase, show_case},
    preview::{Draft, preview_case},
};

use crate::errors::Failure;

/// Where a list of newest first goes on: below this id.
fn below(after: Option<&str>) -> Result<i64, Failure> {
    after.map_or(Ok(i64::MAX), |text| {
        text.parse().map_err(|_| Failure::invalid("after", "翻页位置不对"))
    })
}
