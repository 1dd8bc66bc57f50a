//! What a resident sends about a case of his own, and the case as he himself sees it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    public_case::{NamedCode, PublicCaseSummary, PublicCaseView},
    staff_case::{AllowedActionView, AnswerView},
};
use crate::domain::{
    case::{Action, CaseKind, CaseState, Outcome, Urgency, Visibility, rating::Resolved},
    category::Question,
    id::{EventId, OrderId, PhotoId, ReplyId},
    location::Datum,
    time::Timestamp,
};

/// The longest title, in characters.
pub const TITLE_MAX: usize = 60;
/// The longest report or addition, in characters.
pub const TEXT_MAX: usize = 2000;
/// The longest reason, in characters.
pub const REASON_MAX: usize = 500;
/// The longest description of a place, in characters.
pub const PLACE_WORDS_MAX: usize = 200;

/// Where a report is about: a point, a region with words, both, or nothing.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PlaceRequest {
    /// Degrees north, with `longitude`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latitude: Option<f64>,
    /// Degrees east, with `latitude`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longitude: Option<f64>,
    /// The datum of the point; `wgs84` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub datum: Option<Datum>,
    /// Radius in metres that the phone gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<f64>,
    /// Code of a region, from the county down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// As people say it, at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// The place is somebody's home and is shown to others only coarsely; as usual for the category when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home: Option<bool>,
}

/// How a report is sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// From the app on a phone.
    #[default]
    App,
    /// From a browser.
    Web,
}

impl Channel {
    /// The name in rows and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Web => "web",
        }
    }
}

/// What a report would come to, asked before sending.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PreviewCaseRequest {
    /// The words so far, at most 2,000 characters.
    pub text: String,
    /// What it is, if chosen already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<CaseKind>,
    /// Code of the category, if chosen already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Where it is, if known already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceRequest>,
}

/// What a report would come to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CasePreviewView {
    /// What it probably is, or was chosen to be.
    pub kind: CaseKind,
    /// What it is probably about, best first, at most three; the chosen one alone when one was chosen.
    pub categories: Vec<NamedCode>,
    /// Who will probably handle it; absent when a clerk decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient: Option<RecipientView>,
    /// Until when it is to be done if it were accepted and sent on now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// What the requester is offered first.
    pub visibility: Visibility,
    /// Questions of the first category.
    pub questions: Vec<Question>,
    /// Numbers to call at once, when the words speak of danger.
    pub emergency_numbers: Vec<String>,
    /// What to do meanwhile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emergency_advice: Option<String>,
    /// The point lies outside the city.
    pub outside_city: bool,
    /// Open public cases that may be the same matter, likeliest first, at most five.
    pub near_duplicates: Vec<NearDuplicateView>,
}

/// A unit that will probably handle a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecipientView {
    /// The unit.
    pub unit: NamedCode,
    /// Why this one.
    pub reason: String,
}

/// A public case that may be the same matter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NearDuplicateView {
    /// Its public face.
    pub case: PublicCaseSummary,
    /// How alike the words are, in percent.
    pub similarity: u8,
    /// Metres from the asked point to the point that is shown; absent when either is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance: Option<f64>,
}

/// A report.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SubmitCaseRequest {
    /// One line, at most 60 characters; made from the text when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What happened, in the requester's words, at most 2,000 characters. Never edited by anybody.
    pub text: String,
    /// What it is; suggested from the words when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<CaseKind>,
    /// Code of the category; suggested from the words when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceRequest>,
    /// Who may see it; choosing `public` is agreeing to publication. As usual for the category when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visibility: Option<Visibility>,
    /// Answers to the category's questions, by the question's code.
    #[serde(default)]
    pub answers: BTreeMap<String, String>,
    /// SHA-256 of the photos that belong to it, 64 hexadecimal digits each, at most 9. They may be sent before or after.
    #[serde(default)]
    pub photos: Vec<String>,
    /// Code of the unit complained of: it will not handle the case alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complained_unit: Option<String>,
    /// How it is sent.
    #[serde(default)]
    pub channel: Channel,
    /// Wants to be told by push: agrees to it.
    #[serde(default)]
    pub wants_push: bool,
}

/// A report that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SubmittedCaseView {
    /// The receipt number: quote it when asking.
    pub receipt_no: String,
    /// The case's version, as in `ETag`.
    pub version: i64,
    /// Until when it is accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// The unit that will probably handle it; absent when a clerk decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient: Option<NamedCode>,
    /// Numbers to call at once, when the words speak of danger.
    pub emergency_numbers: Vec<String>,
    /// What to do meanwhile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emergency_advice: Option<String>,
    /// The point lies outside the city: a clerk reads the words.
    pub outside_city: bool,
}

/// Words and photos that come later: an answer to the clerk's question, or an addition.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct InformationRequest {
    /// The words, at most 2,000 characters.
    pub text: String,
    /// SHA-256 of photos, at most 9.
    #[serde(default)]
    pub photos: Vec<String>,
}

/// What the requester says about a reply.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RateCaseRequest {
    /// The result, 1 (very dissatisfied) to 5 (very satisfied). 1 and 2 ask for a redo.
    pub grade: u8,
    /// Whether the matter is solved; `no` asks for a redo.
    pub resolved: Resolved,
    /// The attitude, 1 to 5, if wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attitude: Option<u8>,
    /// The speed, 1 to 5, if wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speed: Option<u8>,
    /// Own words, at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// Takes a closed case up again, or asks to look at a refusal again.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CaseReasonRequest {
    /// Why, at most 500 characters.
    pub reason: String,
}

/// Takes a case back.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WithdrawCaseRequest {
    /// Why, if the requester wants to say; at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// "It is the same with me": an own case, handled together with a public one.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct JoinCaseRequest {
    /// What it is like here, at most 2,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// SHA-256 of photos, at most 9.
    #[serde(default)]
    pub photos: Vec<String>,
}

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
    pub place: OwnPlaceView,
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
    /// The case that it is handled with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary: Option<PrimaryCaseView>,
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

/// Where an own case is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnPlaceView {
    /// Degrees, WGS-84.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latitude: Option<f64>,
    /// Degrees, WGS-84.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longitude: Option<f64>,
    /// Radius in metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<f64>,
    /// Code of the finest known region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Its name from the county down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region_name: Option<String>,
    /// As the requester described it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// It is a home: others see it only coarsely.
    pub home: bool,
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

/// A photo of a case, arrived or still expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CasePhotoView {
    /// The photo, once it arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<PhotoId>,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// `report`, `information`, `progress`, `reply_before`, `reply_after`.
    pub purpose: String,
    /// The entry of the timeline or the reply that it belongs to; the case's own id for the report's.
    pub subject_id: EventId,
    /// Path of the copy for the screen, once it arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
    /// Path of the small copy, once it arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thumbnail: Option<String>,
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

/// A case as its requester sees it, or the public face of somebody else's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "face", rename_all = "snake_case")]
pub enum CaseView {
    /// The caller's own.
    Own(Box<OwnCaseView>),
    /// Somebody else's public case.
    Public(Box<PublicCaseView>),
}
