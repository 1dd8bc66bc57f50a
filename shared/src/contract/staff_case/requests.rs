//! What staff send when they act on a case or a work order.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    contract::{case::PlaceRequest, secret::Secret},
    domain::{
        case::{CaseKind, ExclusionReason, Milestone, Outcome, RootCause, Urgency, Visibility},
        consent::ConsentPurpose,
        id::AccountId,
    },
};

/// What somebody reports on the telephone, as the clerk writes it down.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SubmitForCallerRequest {
    /// The caller's mobile number: whoever signs in with it owns the case.
    pub phone: Secret,
    /// One line, at most 60 characters; made from the text when absent.
    #[serde(default)]
    pub title: Option<String>,
    /// What happened, in the caller's own words, at most 2,000 characters. Never edited by anybody.
    pub text: String,
    /// What the clerk makes of it, at most 500 characters; it stands beside the words.
    #[serde(default)]
    pub summary: Option<String>,
    /// What it is; suggested from the words when absent.
    #[serde(default)]
    pub kind: Option<CaseKind>,
    /// Code of the category; suggested from the words when absent.
    #[serde(default)]
    pub category: Option<String>,
    /// Where it is.
    #[serde(default)]
    pub place: Option<PlaceRequest>,
    /// Who may see it, as the caller chose.
    pub visibility: Visibility,
    /// The caller was told what public, private and confidential each mean; without it nothing is taken.
    pub visibility_explained: bool,
    /// What the caller agreed to by voice: a public case needs `publication`.
    #[serde(default)]
    pub consents: Vec<ConsentPurpose>,
    /// Answers to the category's questions, by the question's code.
    #[serde(default)]
    pub answers: BTreeMap<String, String>,
    /// Code of the unit complained of: it will not handle the case alone.
    #[serde(default)]
    pub complained_unit: Option<String>,
}

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
    /// The matter is about a minor: the media do not supervise it.
    #[serde(default)]
    pub concerns_minor: bool,
    /// The matter is complex: a unit has longer to return it.
    #[serde(default)]
    pub complex: bool,
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

/// Hands a case to an emergency or utility line.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HandOffCaseRequest {
    /// Who takes it over, at most 60 characters; the requester reads it.
    pub receiver: String,
    /// Who there acknowledged it, when and how, at most 500 characters; without it the case stays here.
    #[serde(default)]
    pub acknowledgement: Option<String>,
}

/// Puts a case under another of the same matter.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MergeCaseRequest {
    /// Receipt number of the case that it goes under.
    pub primary: String,
    /// Why they are the same matter, at most 500 characters; for colleagues.
    pub reason: String,
}

/// Asks the requester for what is missing.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AskInformationRequest {
    /// The question, at most 500 characters.
    pub question: String,
}

/// Asks for the requester's whole number.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReadPhoneRequest {
    /// Why it is needed, 4 to 200 characters.
    pub reason: String,
}

/// Blocks the requester's account, or opens it again.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BlockRequesterRequest {
    /// Whether it is blocked from now on.
    pub blocked: bool,
    /// Why, at most 500 characters; the requester reads it when blocked.
    pub reason: String,
}

/// The requester's number, for one call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequesterPhoneView {
    /// In the form +8613….
    pub phone: String,
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

/// Asks for more time.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ExtensionRequest {
    /// Working days from the end of the limit, 1 to 10; never more than the case's policy allows.
    pub working_days: u32,
    /// Why, at most 500 characters; for colleagues.
    pub reason: String,
}

/// Asks to promise a day for what cannot be done within its limit.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CommitmentRequest {
    /// The day by whose end it is done.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub promised_day: NaiveDate,
    /// The steps on the way in their order, 1 to 10; everybody reads them.
    pub milestones: Vec<Milestone>,
    /// Why it cannot be done within the limit, at most 500 characters; for colleagues.
    pub reason: String,
}

/// Reports a step of the promise as reached.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReachMilestoneRequest {
    /// The step's place in the promise, 1 for the first.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 10))]
    pub milestone: u32,
    /// What was done, at most 500 characters; the requester reads it.
    pub text: String,
    /// SHA-256 of the photos, hexadecimal, at most 9.
    #[serde(default)]
    pub photos: Vec<String>,
}

/// Says that a call reached nobody.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FollowUpAttemptRequest {
    /// When and how often it was tried, at most 500 characters; for colleagues.
    pub note: String,
}

/// Closes a case to more eyes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TightenVisibilityRequest {
    /// Who may see it from now on: `private` or `confidential`, and tighter than it is.
    pub visibility: Visibility,
    /// Why, at most 500 characters; the requester reads it.
    pub reason: String,
}

/// Asks to leave a closed case out of the scoring.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ExclusionRequest {
    /// The reason, out of the list.
    pub exclusion: ExclusionReason,
    /// What it means here, at most 500 characters; for colleagues.
    pub note: String,
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
