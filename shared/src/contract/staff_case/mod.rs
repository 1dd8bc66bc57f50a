//! A case between the staff and the city: what staff send when they act on it, and what they see of it.

mod entries;
mod requests;
mod view;

use serde::{Deserialize, Serialize};

pub use self::{entries::*, requests::*, view::*};
use crate::domain::{case::CaseState, id::OrderId, time::Timestamp};

/// What an act led to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseStepView {
    /// The case's receipt number.
    pub receipt_no: String,
    /// The case's new version, as in `ETag`.
    pub version: i64,
    /// Where it stands.
    pub state: CaseState,
    /// In Chinese.
    pub state_name: String,
    /// The cycle.
    pub cycle: u32,
    /// What is promised next to the requester.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// The work order concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
}
