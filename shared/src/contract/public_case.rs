//! What anybody may read without signing in: the facts of public cases, and the words and photos that a moderator released.
//!
//! Nothing here can carry the requester, an original word or an exact home.

use serde::{Deserialize, Serialize};

use crate::{
    contract::case::{CaseSupervisionView, CommitmentView},
    domain::{
        case::{CaseKind, CaseState, Outcome, rating::Resolved},
        id::ReplyId,
        location::Datum,
        time::Timestamp,
    },
};

/// Characters of a search.
pub const SEARCH_MAX: usize = 60;
/// Metres around a point that a map query may ask for.
pub const RADIUS_MAX_METRES: f64 = 5_000.0;

/// A code with the name that people read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NamedCode {
    /// Stable code.
    pub code: String,
    /// Chinese name.
    pub name: String,
}

/// Which public cases are wanted, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
pub struct PublicCasesQuery {
    /// `next` of the page before; absent for the first page.
    pub after: Option<String>,
    /// Entries wanted, 1 to 100; 20 when absent.
    pub limit: Option<u32>,
    /// Code of a county-level division.
    pub county: Option<String>,
    /// Code of a category.
    pub category: Option<String>,
    /// `open` or `closed`; both when absent.
    pub status: Option<ProgressStatus>,
    /// Words to look for among those released, at most 60 characters.
    pub q: Option<String>,
}

/// Whether work on a case goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProgressStatus {
    /// From submission to the reply's rating.
    Open,
    /// Ended in whatever way.
    Closed,
}

/// How exactly the public is told where something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PlacePrecision {
    /// The point of a public facility.
    Point,
    /// The centre of the 200 m cell that a home lies in.
    Cell,
    /// Only the names of the divisions.
    Area,
}

/// Where a public case is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicPlaceView {
    /// Degrees, WGS-84; absent when only the area is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latitude: Option<f64>,
    /// Degrees, WGS-84; absent when only the area is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longitude: Option<f64>,
    /// How exact the point is.
    pub precision: PlacePrecision,
    /// The county-level division.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub county: Option<NamedCode>,
    /// The finest known division, with those around it: 沂水县沂城街道….
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
}

/// The facts of a public case as lists and maps show them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicCaseSummary {
    /// The receipt number: random, not a sequence.
    pub receipt_no: String,
    /// What it is.
    pub kind: CaseKind,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<NamedCode>,
    /// Where it is.
    pub place: PublicPlaceView,
    /// Where it stands.
    pub state: CaseState,
    /// The state's Chinese name.
    pub state_name: String,
    /// Dots reached of 提交、派单、办理、答复、评价.
    pub progress: u8,
    /// Whether work goes on.
    pub is_open: bool,
    /// The unit that leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<NamedCode>,
    /// How it ended, when closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Tier of supervision, 0 to 5.
    pub tier: u8,
    /// 1 and one more for each redo or reopening.
    pub cycle: u32,
    /// Redos so far.
    pub redo_count: u32,
    /// Times that a unit gave it back.
    pub return_count: u32,
    /// Times that a unit was given more time.
    pub extension_count: u32,
    /// When it came in.
    pub received_at: Timestamp,
    /// When something last changed.
    pub updated_at: Timestamp,
    /// What is promised next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// The released title; absent before a moderator's release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Address of the first released photo's thumbnail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thumbnail: Option<String>,
    /// The latest rating.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rating: Option<PublicRatingView>,
}

/// How the result was judged; never by whom, never in which words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicRatingView {
    /// 1 to 5.
    pub grade: u8,
    /// Whether the matter was solved.
    pub resolved: Resolved,
    /// The cycle that was rated.
    pub cycle: u32,
}

/// A released photo: without anything that the camera wrote, blurred where the moderator said so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicPhotoView {
    /// Address of the copy of at most 1600 pixels a side.
    pub display: String,
    /// Address of the copy of at most 320 pixels a side.
    pub thumbnail: String,
    /// What it shows: `report`, `reply_before`, `reply_after`.
    pub purpose: String,
}

/// A released reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicReplyView {
    /// The reply.
    pub id: ReplyId,
    /// The released words.
    pub text: String,
    /// What the unit says came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// The cycle that it answered.
    pub cycle: u32,
    /// When the requester was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replied_at: Option<Timestamp>,
}

/// One entry of the timeline that anybody may read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicEventView {
    /// When it happened.
    pub at: Timestamp,
    /// One plain sentence.
    pub sentence: String,
}

/// One public case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicCaseView {
    /// The facts.
    #[serde(flatten)]
    pub facts: PublicCaseSummary,
    /// The released words of the report; absent before a moderator's release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Whether words or photos still wait for a moderator.
    pub awaits_moderation: bool,
    /// What the unit promised, while the promise is in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commitment: Option<CommitmentView>,
    /// Released replies, oldest first.
    pub replies: Vec<PublicReplyView>,
    /// Released photos, oldest first.
    pub photos: Vec<PublicPhotoView>,
    /// Its supervisions, oldest first.
    pub supervisions: Vec<CaseSupervisionView>,
    /// What happened, oldest first.
    pub timeline: Vec<PublicEventView>,
}

/// Where on the map: either `bbox`, or `latitude`, `longitude` and `radius`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
pub struct PublicMapQuery {
    /// `west,south,east,north` in degrees.
    pub bbox: Option<String>,
    /// Degrees of the centre.
    pub latitude: Option<f64>,
    /// Degrees of the centre.
    pub longitude: Option<f64>,
    /// Metres around the centre, at most 5000; 1000 when absent.
    pub radius: Option<f64>,
    /// Datum of the coordinates given; `wgs84` when absent. Answers are WGS-84.
    pub datum: Option<Datum>,
}

/// What lies in the asked part of the map: single cases, or when it is large, how many lie where.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicMapView {
    /// Single cases: around a point the nearest first, in a box the newest first.
    pub cases: Vec<PublicMapCase>,
    /// Numbers of cases by cell, when the box is too large for single cases.
    pub clusters: Vec<PublicMapCluster>,
    /// There are more cases than answered: ask for a smaller part.
    pub more: bool,
}

/// A case on the map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicMapCase {
    /// The facts.
    #[serde(flatten)]
    pub facts: PublicCaseSummary,
    /// Metres from the asked centre to the point shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance: Option<f64>,
}

/// Cases of one cell of the map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicMapCluster {
    /// Degrees of the cell's centre, WGS-84.
    pub latitude: f64,
    /// Degrees of the cell's centre, WGS-84.
    pub longitude: f64,
    /// Public cases in the cell.
    pub count: i64,
}

/// What came in and was answered since the start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicCountsView {
    /// Cases received, of every visibility.
    pub received: i64,
    /// Cases answered at least once, refused with a reason, or handed off.
    pub answered: i64,
    /// Cases closed.
    pub closed: i64,
    /// Closed cases that were left out of the scoring of units, with a reason and a second person's consent.
    pub excluded: i64,
    /// The same by county-level division, in the order of their codes.
    pub counties: Vec<CountyCountsView>,
}

/// What came in and was answered in one county.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CountyCountsView {
    /// The county.
    pub county: NamedCode,
    /// Cases received.
    pub received: i64,
    /// Cases answered at least once, refused with a reason, or handed off.
    pub answered: i64,
}
