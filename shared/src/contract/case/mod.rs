//! A case between a resident and the city: what the requester sends about it, and what he sees of it.

mod commitment;
mod own;
mod parts;
mod preview;
mod requests;
mod supervised;

use serde::{Deserialize, Serialize};

pub use self::{commitment::*, own::*, parts::*, preview::*, requests::*, supervised::*};
use super::public_case::PublicCaseView;

/// A case as its requester sees it, or the public face of somebody else's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "face", rename_all = "snake_case")]
pub enum CaseView {
    /// The caller's own.
    Own(Box<OwnCaseView>),
    /// Somebody else's public case.
    Public(Box<PublicCaseView>),
}
