//! Integrity signs, as they travel between the first tier and the city. Nobody else reads them.

use serde::{Deserialize, Serialize};

use crate::domain::{
    case::CaseState,
    id::FlagId,
    integrity::{FlagDecision, Sign},
    time::Timestamp,
};

/// What somebody of the first tier decides about a sign.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DecideFlagRequest {
    /// Whether it was what it looked like.
    pub decision: FlagDecision,
    /// Why, at most 500 characters.
    pub reason: String,
}

/// A sign with its evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FlagView {
    /// The flag.
    pub id: FlagId,
    /// What was noticed.
    pub sign: Sign,
    /// In Chinese.
    pub sign_name: String,
    /// The case whose step showed it.
    pub receipt_no: String,
    /// The requester's title.
    pub title: String,
    /// Where the case stands.
    pub state: CaseState,
    /// Its cycle when the sign was raised.
    pub cycle: u32,
    /// Name of the unit concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_name: Option<String>,
    /// When it was raised.
    pub raised_at: Timestamp,
    /// What shows it, oldest first.
    pub evidence: Vec<EvidenceView>,
    /// What was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<FlagDecision>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<Timestamp>,
    /// Who, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
}

/// Something that shows a sign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EvidenceView {
    /// The case in which it happened.
    pub receipt_no: String,
    /// When.
    pub at: Timestamp,
    /// What, in Chinese.
    pub what: String,
    /// Name of the unit that did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_name: Option<String>,
    /// Who of the staff, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The act's particulars.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub detail: serde_json::Value,
}
