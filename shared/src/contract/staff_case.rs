//! What staff send when they act on a case or a work order, and the case as staff see it.

use serde::{Deserialize, Serialize};

use super::staff_queue::DueState;
use crate::domain::{
    case::{Action, ActionVerdict, CaseKind, CaseState, Outcome, RootCause, Urgency, Visibility},
    deadline::ClockKind,
    id::{AccountId, EventId, OrderId, ReplyId},
    time::Timestamp,
};

/// Accepts a case and fixes what it is.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AcceptCaseRequest {
    /// What it is.
    pub kind: CaseKind,
    /// Code of the category, a leaf.
    pub category: String,
    /// Code of the finest known region; as it is when absent.
    #[serde(default)]
    pub region: Option<String>,
    /// How pressing it is.
    pub urgency: Urgency,
    /// Who may see it, never looser than the requester chose; as it is when absent.
    #[serde(default)]
    pub visibility: Option<Visibility>,
    /// Code of the unit complained of, which then does not handle the case alone.
    #[serde(default)]
    pub complained_unit: Option<String>,
}

/// Refuses a case.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RefuseCaseRequest {
    /// Why, at most 500 characters; the requester reads it.
    pub reason: String,
    /// Where the requester can turn to instead, at most 500 characters.
    pub lawful_path: String,
}

/// Asks the requester for what is missing.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AskInformationRequest {
    /// The question, at most 500 characters.
    pub question: String,
}

/// Answers an inquiry at once.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AnswerDirectlyRequest {
    /// Id of the knowledge article that the answer cites.
    pub article: String,
    /// Words before the article's answer, at most 2,000 characters.
    #[serde(default)]
    pub text: Option<String>,
}

/// Sends a case to a unit.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DispatchCaseRequest {
    /// Code of the lead unit; the catalogue's best suggestion when absent.
    #[serde(default)]
    pub lead: Option<String>,
    /// Codes of the helping units, at most 6; with an absent lead those of the suggestion.
    #[serde(default)]
    pub co: Vec<String>,
    /// Why this unit, at most 500 characters.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Names the unit for good.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DesignateUnitRequest {
    /// Code of the lead unit.
    pub lead: String,
    /// Codes of the helping units, at most 6.
    #[serde(default)]
    pub co: Vec<String>,
    /// Why this unit, at most 500 characters.
    pub reason: String,
}

/// A decision with its reason.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReasonRequest {
    /// Why, at most 500 characters.
    pub reason: String,
}

/// Something that needs a ground in law: a return, or closing with an explanation.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LegalBasisRequest {
    /// The law, rule or policy, at most 500 characters.
    pub legal_basis: String,
    /// What it means here, at most 500 characters.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Judges a demand for another redo.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct JudgeDemandRequest {
    /// Whether it is reasonable: then the case is redone; else tier 1 is asked to close it with an explanation.
    pub reasonable: bool,
    /// Why, at most 500 characters.
    pub reason: String,
}

/// Passes an order on: to a person, or down to a unit of the own subtree, or both.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AssignOrderRequest {
    /// The handler.
    #[serde(default)]
    pub handler: Option<AccountId>,
    /// Code of the unit that takes it over.
    #[serde(default)]
    pub unit: Option<String>,
}

/// How somebody was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ContactWay {
    /// By telephone.
    Phone,
    /// Face to face.
    Visit,
    /// By a message.
    Message,
    /// Through the hotline, as for confidential cases.
    Hotline,
}

impl ContactWay {
    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Visit => "visit",
            Self::Message => "message",
            Self::Hotline => "hotline",
        }
    }
}

/// Records the first contact with the requester.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordContactRequest {
    /// How.
    pub how: ContactWay,
    /// What was said, at most 500 characters; for colleagues.
    pub note: String,
}

/// Adds to what is known of the work.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AddProgressRequest {
    /// What was done, at most 500 characters.
    pub text: String,
    /// Whether the requester reads it.
    #[serde(default)]
    pub public: bool,
    /// SHA-256 of the photos, hexadecimal, at most 9.
    #[serde(default)]
    pub photos: Vec<String>,
}

/// Writes the reply, which the unit's leader then signs.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SubmitReplyRequest {
    /// The words, at most 2,000 characters.
    pub text: String,
    /// What was achieved.
    pub outcome: Outcome,
    /// Why it was broken or missing.
    pub root_cause: RootCause,
    /// SHA-256 of photos from before the work, at most 9.
    #[serde(default)]
    pub photos_before: Vec<String>,
    /// SHA-256 of photos from after the work, at most 9.
    #[serde(default)]
    pub photos_after: Vec<String>,
}

/// What an act led to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseStepView {
    /// The case's receipt number.
    pub receipt_no: String,
    /// The case's new version, as in `ETag`.
    pub version: i64,
    /// Where it stands.
    pub state: CaseState,
    /// In Chinese.
    pub state_name: String,
    /// The cycle.
    pub cycle: u32,
    /// What is promised next to the requester.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// The work order concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
}

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
    pub place: StaffPlaceView,
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
    /// How it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Closed without a rating.
    pub unrated: bool,
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
    /// The replies, oldest first, earlier and sent back ones included.
    pub replies: Vec<StaffReplyView>,
    /// The ratings, oldest first.
    pub ratings: Vec<StaffRatingView>,
    /// The photos.
    pub photos: Vec<StaffPhotoView>,
    /// What the viewer can do, and why not what he cannot.
    pub allowed_actions: Vec<AllowedActionView>,
    /// Whom the catalogue proposes, while the case waits for its unit.
    pub suggestions: Vec<SuggestionView>,
    /// Cases that may be the same matter, while it waits for acceptance or its unit.
    pub duplicates: Vec<DuplicateView>,
}

/// An answer to a category's question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnswerView {
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
}

/// A place as staff see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffPlaceView {
    /// Code of the finest known region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Its name from the county down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region_name: Option<String>,
    /// As the requester described it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// Degrees, WGS-84.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latitude: Option<f64>,
    /// Degrees, WGS-84.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longitude: Option<f64>,
    /// Radius in metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<f64>,
    /// It is somebody's home.
    pub home: bool,
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
    /// `to_sign`, `return_requested`, `handling`, `to_review`, `finished`, `returned`, `cancelled`.
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

/// A photo of the case, which may still be on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffPhotoView {
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// `report`, `information`, `progress`, `reply_before`, `reply_after`.
    pub purpose: String,
    /// What it belongs to: the reply's or the timeline entry's id.
    pub subject_id: EventId,
    /// Path of the display rendition; absent until the photo arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
    /// Path of the small rendition; absent until the photo arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thumbnail: Option<String>,
}

/// One act, and whether the viewer can do it now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AllowedActionView {
    /// The act.
    pub action: Action,
    /// In Chinese.
    pub name: String,
    /// Whether it can be done now.
    pub allowed: bool,
    /// The code of the rule that stands against it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    /// Why not, for a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl From<ActionVerdict> for AllowedActionView {
    fn from(verdict: ActionVerdict) -> Self {
        Self {
            action: verdict.action,
            name: verdict.action.name_zh().to_owned(),
            allowed: verdict.allowed,
            refusal: verdict.refusal.map(|refusal| refusal.code().to_owned()),
            message: verdict.refusal.map(|refusal| refusal.message_zh().to_owned()),
        }
    }
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
