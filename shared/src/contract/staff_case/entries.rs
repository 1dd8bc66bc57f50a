//! What staff see that came to a case one after the other: acts, work orders, clocks, replies, ratings.

use serde::{Deserialize, Serialize};

use crate::{
    contract::staff_queue::DueState,
    domain::{
        case::{Action, CaseState, Outcome, RootCause},
        deadline::ClockKind,
        id::{AccountId, EventId, OrderId, ReplyId},
        time::Timestamp,
    },
};

/// An entry of the timeline with what is for staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffEventView {
    /// Its id.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// The act.
    pub action: Action,
    /// In Chinese.
    pub action_name: String,
    /// The role in which it was done, in Chinese.
    pub role: String,
    /// The unit for which it was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_name: Option<String>,
    /// The member of staff who did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The cycle.
    pub cycle: u32,
    /// Where the case stood afterwards.
    pub state: CaseState,
    /// What the requester reads; absent for internal acts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sentence: Option<String>,
    /// Particulars for staff.
    #[serde(skip_serializing_if = "serde_json::Value::is_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub detail: serde_json::Value,
}

/// A work order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffOrderView {
    /// Its id.
    pub id: OrderId,
    /// The cycle.
    pub cycle: u32,
    /// `lead` or `co`.
    pub role: String,
    /// Code of the unit.
    pub unit: String,
    /// Its name.
    pub unit_name: String,
    /// The handler's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handler: Option<AccountId>,
    /// The handler's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handler_name: Option<String>,
    /// `to_sign`, `return_requested`, `handling`, `reply_to_sign`, `to_review`, `finished`, `returned`, `cancelled`.
    pub stage: String,
    /// Why this unit.
    pub reason: String,
    /// When it was dispatched.
    pub dispatched_at: Timestamp,
    /// When it was signed for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<Timestamp>,
    /// The unit let the limit pass.
    pub deemed_signed: bool,
    /// When the requester was first contacted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contacted_at: Option<Timestamp>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Timestamp>,
    /// When the reply is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
}

/// A running clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClockView {
    /// What it limits.
    pub kind: ClockKind,
    /// Since when it runs.
    pub started_at: Timestamp,
    /// The first instant that is too late.
    pub due: Timestamp,
    /// How near that is.
    pub due_state: DueState,
    /// Counted over days that no notice has settled yet.
    pub provisional: bool,
}

/// A reply with its state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffReplyView {
    /// Its id; the photos of a reply have it as their subject.
    pub id: ReplyId,
    /// The cycle.
    pub cycle: u32,
    /// The words.
    pub text: String,
    /// What the unit says it achieved.
    pub outcome: Outcome,
    /// The cause it names.
    pub root_cause: RootCause,
    /// The knowledge article of a direct answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    /// The version of it that was cited: what it said then is in the article's versions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article_version: Option<i64>,
    /// Who wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written_by: Option<String>,
    /// Who released it or sent it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reviewed_by: Option<String>,
    /// `to_review`, `sent_back`, `released`.
    pub state: String,
    /// When it was written.
    pub written_at: Timestamp,
    /// When the requester could read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub released_at: Option<Timestamp>,
}

/// A rating.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffRatingView {
    /// The cycle whose reply was rated.
    pub cycle: u32,
    /// 1 to 5.
    pub grade: u8,
    /// `yes`, `partly`, `no`.
    pub resolved: String,
    /// 1 to 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attitude: Option<u8>,
    /// 1 to 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed: Option<u8>,
    /// The requester's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Given on the phone and written down by staff.
    pub by_proxy: bool,
    /// When.
    pub at: Timestamp,
}
