//! A case as its requester sees it.

use serde::{Deserialize, Serialize};

use super::{
    commitment::CommitmentView,
    parts::{AllowedActionView, AnswerView, CasePhotoView, CasePlaceView},
    supervised::CaseSupervisionView,
};
use crate::{
    contract::public_case::NamedCode,
    domain::{
        case::{Action, CaseKind, CaseState, Outcome, Urgency, Visibility, rating::Resolved},
        id::{EventId, OrderId, ReplyId},
        time::Timestamp,
    },
};

/// The five dots under a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProgressView {
    /// Names of the dots: 提交、派单、办理、答复、评价.
    pub dots: Vec<String>,
    /// So many are reached, 1 to 5.
    pub reached: u8,
    /// It ended before the last dot.
    pub stopped: bool,
}

/// An own case as lists show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnCaseSummary {
    /// The receipt number.
    pub receipt_no: String,
    /// One line in the requester's words.
    pub title: String,
    /// What it is.
    pub kind: CaseKind,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<NamedCode>,
    /// The place's name from the county down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place_name: Option<String>,
    /// Where it stands; `merged` while it is handled together with another.
    pub state: CaseState,
    /// In Chinese.
    pub state_name: String,
    /// How far the matter has come; of the case that it is handled with, when merged.
    pub progress: ProgressView,
    /// The unit that handles it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<NamedCode>,
    /// Who may see it.
    pub visibility: Visibility,
    /// How it ended, when closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Until when the next thing is to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// When it was sent in.
    pub submitted_at: Timestamp,
    /// When something last changed.
    pub updated_at: Timestamp,
}

/// An own case with everything that the requester may know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnCaseView {
    /// As lists show it.
    #[serde(flatten)]
    pub summary: OwnCaseSummary,
    /// The case's version, as in `ETag`.
    pub version: i64,
    /// The words as they were sent.
    pub text: String,
    /// How pressing it is.
    pub urgency: Urgency,
    /// Answers to the category's questions.
    pub answers: Vec<AnswerView>,
    /// Where it is.
    pub place: CasePlaceView,
    /// 1, and one more for each redo or reopening.
    pub cycle: u32,
    /// Redos so far.
    pub redo_count: u32,
    /// Tier of supervision, 0 to 5.
    pub tier: u8,
    /// How often the requester urged.
    pub urge_count: u32,
    /// What the clerk asks for, while the case waits for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// Whether the public may read the words: `none`, `pending`, `released`, `refused`.
    pub publication: String,
    /// What the unit promised, while the promise is in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commitment: Option<CommitmentView>,
    /// The case that it is handled with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary: Option<PrimaryCaseView>,
    /// The supervisions of the matter, oldest first.
    pub supervisions: Vec<CaseSupervisionView>,
    /// What happened, oldest first.
    pub timeline: Vec<CaseEventView>,
    /// The units that work or worked on it, oldest first.
    pub orders: Vec<CaseOrderView>,
    /// The replies, oldest first.
    pub replies: Vec<CaseReplyView>,
    /// All photos, oldest first.
    pub photos: Vec<CasePhotoView>,
    /// The own ratings, oldest first.
    pub ratings: Vec<CaseRatingView>,
    /// What the requester can do now, and why not what he cannot.
    pub allowed_actions: Vec<AllowedActionView>,
}

/// The case that a merged one is handled with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PrimaryCaseView {
    /// Its receipt number, when it is public.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt_no: Option<String>,
    /// Where it stands.
    pub state: CaseState,
    /// In Chinese.
    pub state_name: String,
}

/// An entry of the timeline as the requester reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseEventView {
    /// Its id; photos name it.
    pub id: EventId,
    /// When it happened.
    pub at: Timestamp,
    /// What was done.
    pub action: Action,
    /// Where the case stood after it.
    pub state: CaseState,
    /// One plain sentence.
    pub sentence: String,
    /// The requester's own words, where he added some.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// It happened to the case that this one is handled with.
    pub of_primary: bool,
}

/// What a unit was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseOrderView {
    /// The work order.
    pub id: OrderId,
    /// The unit.
    pub unit: NamedCode,
    /// It leads; else it helps.
    pub leads: bool,
    /// The cycle.
    pub cycle: u32,
    /// When it was given.
    pub dispatched_at: Timestamp,
    /// When it was signed for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<Timestamp>,
    /// When the requester was first contacted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contacted_at: Option<Timestamp>,
    /// When its part was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Timestamp>,
}

/// A reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseReplyView {
    /// Its id; photos name it.
    pub id: ReplyId,
    /// The words.
    pub text: String,
    /// What the unit says came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// The cycle that it answers.
    pub cycle: u32,
    /// The knowledge article that a direct answer cites.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    /// When the requester was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replied_at: Option<Timestamp>,
}

/// A rating as the requester gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseRatingView {
    /// The cycle whose reply was rated.
    pub cycle: u32,
    /// The result, 1 to 5.
    pub grade: u8,
    /// Whether the matter is solved.
    pub resolved: Resolved,
    /// The attitude, 1 to 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attitude: Option<u8>,
    /// The speed, 1 to 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed: Option<u8>,
    /// Own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// When it was given.
    pub rated_at: Timestamp,
    /// A clerk wrote it down on the phone.
    pub by_proxy: bool,
}
