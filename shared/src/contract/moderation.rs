//! What a moderator reads and decides before the public sees words or photos.
//!
//! Masks count characters, not bytes, of the original text; boxes are fractions of the upright picture.

use serde::{Deserialize, Serialize};

use super::public_case::NamedCode;
use crate::domain::{
    case::{CaseKind, CaseState},
    redaction::MaskSpan,
    time::Timestamp,
};

/// Characters of a reason for refusing.
pub const REASON_MAX: usize = 200;
/// Boxes that may be blurred in one photo.
pub const BOXES_MAX: usize = 30;

/// A case that waits for a moderator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModerationEntry {
    /// The receipt number.
    pub receipt_no: String,
    /// What it is.
    pub kind: CaseKind,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<NamedCode>,
    /// The county-level division.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub county: Option<NamedCode>,
    /// Where it stands.
    pub state: CaseState,
    /// The requester's own title.
    pub title: String,
    /// When it came in.
    pub received_at: Timestamp,
}

/// A text with what the patterns propose to mask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProposedText {
    /// The original words.
    pub text: String,
    /// Proposed masks.
    pub proposed: Vec<MaskSpan>,
}

/// What was decided last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LatestDecision {
    /// Released, or refused.
    pub released: bool,
    /// The words as the public reads them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The words as the public reads them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// The report's words before a moderator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReportToModerate {
    /// The title.
    pub title: ProposedText,
    /// The text.
    pub text: ProposedText,
    /// What was decided last; absent when nothing was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<LatestDecision>,
}

/// A reply before a moderator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReplyToModerate {
    /// The reply, to be named in the decision.
    pub id: String,
    /// The text.
    pub text: ProposedText,
    /// What was decided last; absent when nothing was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<LatestDecision>,
}

/// A photo before a moderator. The pictures themselves are read as staff read them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PhotoToModerate {
    /// The photo in this case, to be named in the decision.
    pub id: String,
    /// What it shows.
    pub purpose: String,
    /// `none`, `pending`, `released`, `refused`.
    pub state: String,
    /// Address of the picture without blurs.
    pub display: String,
    /// Address of the small picture without blurs.
    pub thumbnail: String,
}

/// Everything of a case that a moderator decides on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModerationView {
    /// The case.
    #[serde(flatten)]
    pub entry: ModerationEntry,
    /// The case's version: send it back as `If-Match`.
    pub version: i64,
    /// `pending`, `released`, `refused`.
    pub publication: String,
    /// The report's words.
    pub report: ReportToModerate,
    /// The replies that the requester has.
    pub replies: Vec<ReplyToModerate>,
    /// The photos that may be shown.
    pub photos: Vec<PhotoToModerate>,
}

/// What a moderator decides, each part for itself; what is not named stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ModerateRequest {
    /// The report's words.
    #[serde(default)]
    pub report: Option<ReportDecision>,
    /// Replies.
    #[serde(default)]
    pub replies: Vec<ReplyDecision>,
    /// Photos.
    #[serde(default)]
    pub photos: Vec<PhotoDecision>,
}

/// Whether something is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Show it, masked or blurred as said.
    Release,
    /// Do not show it.
    Refuse,
}

/// On the report's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReportDecision {
    /// Shown or not.
    pub verdict: Verdict,
    /// What to hide in the title.
    #[serde(default)]
    pub title_masks: Vec<MaskSpan>,
    /// What to hide in the text.
    #[serde(default)]
    pub text_masks: Vec<MaskSpan>,
    /// Why it is refused; needed then.
    #[serde(default)]
    pub reason: Option<String>,
}

/// On a reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReplyDecision {
    /// The reply.
    pub id: String,
    /// Shown or not.
    pub verdict: Verdict,
    /// What to hide.
    #[serde(default)]
    pub masks: Vec<MaskSpan>,
    /// Why it is refused; needed then.
    #[serde(default)]
    pub reason: Option<String>,
}

/// On a photo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PhotoDecision {
    /// The photo in this case.
    pub id: String,
    /// Shown or not.
    pub verdict: Verdict,
    /// What to make unrecognisable before it is shown.
    #[serde(default)]
    pub blur: Vec<BlurBox>,
}

/// A box in fractions of the picture: 0 is left or top, 1 is right or bottom.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BlurBox {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// What came of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModeratedView {
    /// The receipt number.
    pub receipt_no: String,
    /// The case's version now.
    pub version: i64,
    /// `pending` while something is left to decide, else `released` or `refused`.
    pub publication: String,
}

/// A case that a search of staff found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FoundCaseView {
    /// The case.
    #[serde(flatten)]
    pub entry: ModerationEntry,
    /// The state's Chinese name.
    pub state_name: String,
    /// The unit that leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<NamedCode>,
    /// What is promised next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
}

/// What staff look for.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
pub struct StaffSearchQuery {
    /// Words to look for, at most 60 characters.
    #[serde(default)]
    pub q: String,
    /// `next` of the page before; absent for the first page.
    pub after: Option<String>,
    /// Entries wanted, 1 to 100; 20 when absent.
    pub limit: Option<u32>,
}
