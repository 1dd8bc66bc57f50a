//! The lists that staff work from, as they travel.

use serde::{Deserialize, Serialize};

use crate::domain::{
    case::{CaseKind, CaseState, Urgency},
    deadline::ClockKind,
    id::{FlagId, OrderId},
    integrity::Sign,
    queue::{OtherList, Queue},
    supervision::Tier,
    time::Timestamp,
};

/// How near a limit is. The days are the calendar's working days; where a policy names other days, those.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DueState {
    /// Green: there is time.
    Ok,
    /// Yellow: from the opening of work on the working day before it is due.
    Soon,
    /// Red: it is over.
    Late,
}

/// Which page of a list, and what of it. Urgency and one county are found in an index. For the others the server looks through
/// at most 300 entries a page, 150 for `due`, and passes over what was not asked for: a page may then be short or empty and
/// still have a `next`.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct QueueQuery {
    /// `next` of the page before; absent for the first page.
    pub after: Option<String>,
    /// Entries wanted, 1 to 100; 20 when absent.
    pub limit: Option<u32>,
    /// Only this place: code of a county, township, village or added place.
    pub region: Option<String>,
    /// Only this category: its code, or that of a group of categories.
    pub category: Option<String>,
    /// Only this kind.
    pub kind: Option<CaseKind>,
    /// Only this urgency.
    pub urgency: Option<Urgency>,
    /// Only with this colour; `late` for what is over its limit. Entries without a clock have no colour.
    pub due: Option<DueState>,
    /// Only at this tier of supervision or a higher one, 1 to 5.
    pub tier: Option<u8>,
}

/// A list that the caller works from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueueView {
    /// The list.
    pub queue: Queue,
    /// Its Chinese name.
    pub name: String,
    /// How many entries of it are within the caller's reach.
    pub count: i64,
    /// There may be more: this part of the list is not counted apart, and its first 100 entries were looked at.
    pub or_more: bool,
}

/// The lists of the caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueuesView {
    /// In the order in which a case meets them.
    pub items: Vec<QueueView>,
    /// The tiers of supervision that the caller holds, the lowest first; their lists are `/api/v1/staff/supervisions`.
    pub tiers: Vec<TierQueueView>,
    /// Lists of the caller that have operations of their own.
    pub others: Vec<OtherListView>,
}

/// A list that has an operation of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OtherListView {
    /// The list.
    pub list: OtherList,
    /// Its Chinese name.
    pub name: String,
    /// The operation's path.
    pub path: String,
    /// How many entries of it are within the caller's reach.
    pub count: i64,
    /// There may be more: this part of the list is not counted apart, and its first 100 entries were looked at.
    pub or_more: bool,
}

/// A tier of supervision that the caller holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TierQueueView {
    /// The tier.
    pub tier: Tier,
    /// Its Chinese name.
    pub name: String,
    /// How many entries of it are within the caller's reach.
    pub count: i64,
    /// There may be more: this part of the list is not counted apart, and its first 100 entries were looked at.
    pub or_more: bool,
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
    /// The clock that decides: the first of the list's clocks that runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock: Option<ClockKind>,
    /// When it is due.
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

/// What is followed besides the lists.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct EventsQuery {
    /// Receipt number of the case that is open.
    pub case: Option<String>,
}

/// A case that somebody has open was changed, or is told of for the first time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseChangedView {
    /// Its receipt number.
    pub receipt_no: String,
    /// The version that there is now.
    pub version: i64,
}
