//! What a unit promised, as everybody reads it who may see the case.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::time::Timestamp;

/// A promise in force; until it is kept the matter counts as not resolved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommitmentView {
    /// The day by whose end it is done.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub promised_day: NaiveDate,
    /// The steps on the way, in their order.
    pub milestones: Vec<MilestoneView>,
}

/// One step on the way to a promised day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MilestoneView {
    /// The day by which it is to be reached.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub day: NaiveDate,
    /// What is done by then.
    pub text: String,
    /// When the unit reported it as reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reached_at: Option<Timestamp>,
    /// Its day is over and nobody reported it.
    pub overdue: bool,
}
