//! Requests about the own data: asked by residents, answered by the privacy officer.

use serde::{Deserialize, Serialize};

use crate::domain::{
    id::{AccountId, RightsRequestId},
    rights::{RightsOutcome, RightsRequestKind},
    time::Timestamp,
};

/// Asks to see, correct or delete own data.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AskRightsRequest {
    /// What is asked for.
    pub kind: RightsRequestKind,
    /// Which data, and what about them; at most 1,000 characters.
    pub text: String,
}

/// A request about own data.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RightsRequestView {
    /// Names the request.
    pub id: RightsRequestId,
    /// What is asked for.
    pub kind: RightsRequestKind,
    /// The words of the request.
    pub text: String,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// The first instant that is too late for an answer.
    pub due_at: Timestamp,
    /// How it ended; absent while it is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<RightsOutcome>,
    /// The answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// When it was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Timestamp>,
}

/// An open request as the privacy officer sees it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpenRightsRequestView {
    /// The request.
    #[serde(flatten)]
    pub request: RightsRequestView,
    /// Its version, for the answer's `If-Match`.
    pub version: i64,
    /// Who asks.
    pub account: AccountId,
    /// Whether the time is over.
    pub overdue: bool,
}

/// Answers a request.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnswerRightsRequest {
    /// How it ends.
    pub outcome: RightsOutcome,
    /// What was done, or why not; at most 2,000 characters. The person reads it.
    pub answer: String,
}
