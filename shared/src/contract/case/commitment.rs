//! What a unit promised, as everybody reads it who may see the case.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::case::Milestone;

/// A promise in force; until it is kept the matter counts as not resolved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommitmentView {
    /// The day by whose end it is done.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub promised_day: NaiveDate,
    /// The steps on the way, in their order.
    pub milestones: Vec<Milestone>,
}
