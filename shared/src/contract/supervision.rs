//! Supervision by the five tiers, as it travels between supervisors and the city.

use serde::{Deserialize, Serialize};

use crate::contract::staff_queue::DueState;
use crate::domain::{
    case::{CaseKind, CaseState, Urgency},
    id::SupervisionId,
    supervision::{Cause, LookBackFinding, SupervisionResult, Tier, Tool},
    time::Timestamp,
};

/// A supervisor opens a supervision by hand: the tier follows from the cause.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OpenSupervisionRequest {
    /// Why; not one of the causes that the platform finds by itself.
    pub cause: Cause,
    /// In words, at most 500 characters.
    pub reason: String,
}

/// A tool was used.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UseToolRequest {
    /// One of the tier's.
    pub tool: Tool,
    /// What was done, at most 2,000 characters.
    pub note: String,
    /// Links to what shows it, such as the article: at most 10, each at most 500 characters, with http or https.
    #[serde(default)]
    pub evidence: Vec<String>,
    /// With `named_leader`: the leader in charge, at most 50 characters.
    #[serde(default)]
    pub leader: Option<String>,
}

/// A holder asks for more time; a second person has to consent.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostponeRequest {
    /// Working days, counted on from the present limit.
    pub working_days: u16,
    /// Why, at most 500 characters.
    pub reason: String,
}

/// The second person's decision.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DecidePostponementRequest {
    /// Whether there is more time.
    pub granted: bool,
    /// Why, at most 500 characters.
    pub reason: String,
}

/// How a supervision ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordResultRequest {
    /// One of the tier's; `failed` hands the matter to the next.
    pub result: SupervisionResult,
    /// In words, at most 2,000 characters.
    pub text: String,
}

/// Somebody went to see whether a supervised matter is still done.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LookBackRequest {
    /// What was found; `undone` takes the case up again at the next tier.
    pub finding: LookBackFinding,
    /// What was seen, for staff, at most 2,000 characters.
    pub note: String,
}

/// Which tier's list, and which page of it.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
pub struct SupervisionsQuery {
    /// The tier.
    pub tier: Tier,
    /// `next` of the page before; absent for the first page.
    pub after: Option<String>,
    /// Entries wanted, 1 to 100; 20 when absent.
    pub limit: Option<u32>,
}

/// A supervision as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SupervisionEntryView {
    /// The supervision.
    pub id: SupervisionId,
    /// Its number, as papers name it.
    pub number: String,
    /// The case's receipt number.
    pub receipt_no: String,
    /// The requester's title.
    pub title: String,
    /// What the case is.
    pub kind: CaseKind,
    /// Where it stands.
    pub state: CaseState,
    /// How pressing it is.
    pub urgency: Urgency,
    /// The tier.
    pub tier: Tier,
    /// In Chinese.
    pub tier_name: String,
    /// Why.
    pub cause: Cause,
    /// In Chinese.
    pub cause_name: String,
    /// Name of the unit that leads the case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_name: Option<String>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When the unit's answer or plan is due, until it is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer_due: Option<Timestamp>,
    /// When the result is due.
    pub due: Timestamp,
    /// How near that is.
    pub due_state: DueState,
    /// More time was asked for, and waits for a second person.
    pub postponement_waits: bool,
}

/// A supervision with everything that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SupervisionView {
    /// As in the list.
    #[serde(flatten)]
    pub entry: SupervisionEntryView,
    /// Who holds it, in Chinese.
    pub owner_name: String,
    /// The ladder that gave tier and limits.
    pub policy_version: String,
    /// A supervisor opened it by hand, with this reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The leader in charge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leader: Option<String>,
    /// When the unit's answer or plan was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Timestamp>,
    /// More time that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postponement: Option<PostponementView>,
    /// How it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<SupervisionResult>,
    /// In words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result_text: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    /// What was done, oldest first.
    pub actions: Vec<SupervisionActionView>,
    /// What the tier can do.
    pub tools: Vec<Tool>,
    /// How its holder can end it.
    pub results: Vec<SupervisionResult>,
}

/// More time that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PostponementView {
    /// Working days.
    pub working_days: u16,
    /// Why.
    pub reason: String,
    /// Whether the caller is the second person who may decide.
    pub for_you: bool,
}

/// What was done in a supervision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SupervisionActionView {
    /// With what.
    pub tool: Tool,
    /// In Chinese.
    pub tool_name: String,
    /// What was done.
    pub note: String,
    /// Links to what shows it.
    pub evidence: Vec<String>,
    /// When.
    pub at: Timestamp,
    /// Who, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}
