//! A supervision as those read it who may see the case: which tier, why, who holds it, until when, and how it ended.
//!
//! What was done in it, and who did it by name, is for supervisors.

use serde::{Deserialize, Serialize};

use crate::domain::{
    supervision::{SupervisionResult, Tier},
    time::Timestamp,
};

/// One supervision of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseSupervisionView {
    /// The tier.
    pub tier: Tier,
    /// 1 to 5.
    pub tier_number: u8,
    /// In Chinese.
    pub tier_name: String,
    /// Why, in Chinese; absent where the closed file of the fifth tier keeps it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause_name: Option<String>,
    /// Who holds it, in Chinese.
    pub owner_name: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Until when there is a result.
    pub due_at: Timestamp,
    /// How it ended; absent while it is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<SupervisionResult>,
    /// In Chinese.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result_name: Option<String>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
}
