//! A case as staff see it who work on it.

use serde::{Deserialize, Serialize};

use super::entries::{ClockView, StaffEventView, StaffOrderView, StaffRatingView, StaffReplyView};
use crate::{
    contract::case::{
        AllowedActionView, AnswerView, CasePhotoView, CasePlaceView, CaseSupervisionView, CommitmentView,
    },
    domain::{
        case::{CaseKind, CaseState, ExclusionReason, Outcome, Urgency, Visibility},
        time::Timestamp,
    },
};

/// A case as staff see it who work on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffCaseView {
    /// The receipt number.
    pub receipt_no: String,
    /// The version, as in `ETag`; send it back as `If-Match`.
    pub version: i64,
    /// The requester's words, never edited.
    pub title: String,
    /// The requester's words, never edited.
    pub body: String,
    /// What the clerk made of them who took the call, for a case that came by telephone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// Answers to the category's questions.
    pub answers: Vec<AnswerView>,
    /// What it is.
    pub kind: CaseKind,
    /// Code of the category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Name of the category with its group's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category_name: Option<String>,
    /// Where it is.
    pub place: CasePlaceView,
    /// Who may see it.
    pub visibility: Visibility,
    /// How pressing it is.
    pub urgency: Urgency,
    /// Where it stands.
    pub state: CaseState,
    /// In Chinese.
    pub state_name: String,
    /// 1 from submission on.
    pub cycle: u32,
    /// Redos so far.
    pub redo_count: u32,
    /// Returns so far.
    pub return_count: u32,
    /// Dispatches so far.
    pub dispatch_count: u32,
    /// The unit was named for good.
    pub designated: bool,
    /// How often the requester urged.
    pub urge_count: u32,
    /// Supervision tier, 0 without supervision.
    pub tier: u8,
    /// Code of the lead unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead_unit: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead_unit_name: Option<String>,
    /// Code of the unit complained of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complained_unit: Option<String>,
    /// What is promised next to the requester.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// What the unit promised, or asks to promise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commitment: Option<CommitmentView>,
    /// How it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Closed without a rating.
    pub unrated: bool,
    /// Why this cycle is left out of the scoring.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excluded: Option<ExclusionReason>,
    /// What it was sealed with when it was archived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seal: Option<SealView>,
    /// How it came: `app`, `web`, `phone`.
    pub channel: String,
    /// Whether its words are released to the public.
    pub publication: String,
    /// When it was submitted.
    pub received_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Who asked; absent where the viewer may not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requester: Option<StaffRequesterView>,
    /// Receipt number of the case that this one is merged under.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary: Option<String>,
    /// How many cases are merged under this one.
    pub member_count: u32,
    /// Every act, oldest first, internal ones included.
    pub timeline: Vec<StaffEventView>,
    /// The work orders, oldest first.
    pub orders: Vec<StaffOrderView>,
    /// The clocks that run.
    pub clocks: Vec<ClockView>,
    /// The case's supervisions, oldest first, as the requester reads them.
    pub supervisions: Vec<CaseSupervisionView>,
    /// The replies, oldest first, earlier and sent back ones included.
    pub replies: Vec<StaffReplyView>,
    /// The ratings, oldest first.
    pub ratings: Vec<StaffRatingView>,
    /// The photos.
    pub photos: Vec<CasePhotoView>,
    /// What the viewer can do, and why not what he cannot.
    pub allowed_actions: Vec<AllowedActionView>,
    /// Whom the catalogue proposes, while the case waits for its unit.
    pub suggestions: Vec<SuggestionView>,
    /// Cases that may be the same matter, while it waits for acceptance or its unit.
    pub duplicates: Vec<DuplicateView>,
}

/// The seal of an archived case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SealView {
    /// SHA-256 over its words and everything that was done with it, hexadecimal; the audit trail has it too.
    pub sha256: String,
    /// What is there now still gives this hash.
    pub intact: bool,
}

/// The requester as staff see him.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffRequesterView {
    /// The name he gave, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// `138****5678`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// A unit that the catalogue proposes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SuggestionView {
    /// Code of the unit to lead.
    pub lead: String,
    /// Its name.
    pub lead_name: String,
    /// Codes of the units to help.
    pub co: Vec<String>,
    /// Their names.
    pub co_names: Vec<String>,
    /// Why.
    pub reason: String,
    /// What it rests on.
    pub basis: String,
}

/// A case that may be the same matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DuplicateView {
    /// Its receipt number.
    pub receipt_no: String,
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub state: CaseState,
    /// How alike the words are, in percent.
    pub similarity: u8,
    /// Sent by the same resident.
    pub same_requester: bool,
}
