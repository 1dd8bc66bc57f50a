//! Lists come in pages that go on from a cursor, newest or oldest first as the list says; there is no page number and no total.

use serde::{Deserialize, Serialize};

/// Entries a page has when none are asked for.
pub const USUAL_LIMIT: u32 = 20;
/// Entries a page has at most.
pub const MOST_LIMIT: u32 = 100;

/// Which page of a list.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
pub struct PageQuery {
    /// `next` of the page before; absent for the first page.
    pub after: Option<String>,
    /// Entries wanted, 1 to 100; 20 when absent.
    pub limit: Option<u32>,
}

impl PageQuery {
    /// The number of entries wanted, within the bounds.
    #[must_use]
    pub fn wanted(&self) -> u32 {
        self.limit.unwrap_or(USUAL_LIMIT).clamp(1, MOST_LIMIT)
    }
}

/// One page of a list.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PageView<T> {
    /// The entries. A page may be short, even empty, and still have a `next`.
    pub items: Vec<T>,
    /// Pass as `after` for the next page; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
