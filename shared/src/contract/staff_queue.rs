//! The lists that staff work from, as they travel.

use serde::{Deserialize, Serialize};

use crate::domain::{
    case::{CaseKind, CaseState, Urgency},
    id::{FlagId, OrderId},
    integrity::Sign,
    queue::Queue,
    supervision::Tier,
    time::Timestamp,
};

/// How near a limit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DueState {
    /// There is time.
    Ok,
    /// It is over soon: yellow.
    Soon,
    /// It is over: red.
    Late,
}

/// A list that the caller works from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueueView {
    /// The list.
    pub queue: Queue,
    /// Its Chinese name.
    pub name: String,
    /// How many entries lie in it; absent where the caller's part of it is not counted apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<i64>,
}

/// The lists of the caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueuesView {
    /// In the order in which a case meets them.
    pub items: Vec<QueueView>,
    /// The tiers of supervision that the caller holds, the lowest first; their lists are `/api/v1/staff/supervisions`.
    pub tiers: Vec<TierQueueView>,
}

/// A tier of supervision that the caller holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TierQueueView {
    /// The tier.
    pub tier: Tier,
    /// Its Chinese name.
    pub name: String,
    /// How many supervisions are open; absent where the caller's part of them is not counted apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<i64>,
}

/// A sign that was raised, as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueueFlagView {
    /// The flag.
    pub id: FlagId,
    /// What was noticed.
    pub sign: Sign,
    /// In Chinese.
    pub sign_name: String,
}

/// An entry of a list: enough to choose what to open next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueueEntryView {
    /// The case's receipt number.
    pub receipt_no: String,
    /// The work order, in the lists of units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
    /// The sign that was raised, in the list of flags.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flag: Option<QueueFlagView>,
    /// The requester's title.
    pub title: String,
    /// What it is.
    pub kind: CaseKind,
    /// Where it stands.
    pub state: CaseState,
    /// How pressing it is.
    pub urgency: Urgency,
    /// Code of the category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Name of the category with its group's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category_name: Option<String>,
    /// Name of the place: county, township and village as far as known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place_name: Option<String>,
    /// Until when what this list is for must be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// How near that is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_state: Option<DueState>,
    /// Code of the unit that holds the order, or leads the case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_name: Option<String>,
    /// Since when it waits here.
    pub since: Timestamp,
    /// The cycle: 2 and more are redone or reopened.
    pub cycle: u32,
    /// Supervision tier, 0 without supervision.
    pub tier: u8,
}
