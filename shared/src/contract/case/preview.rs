//! What a report would come to, asked before it is sent, and what it came to once it was.

use serde::{Deserialize, Serialize};

use super::requests::PlaceRequest;
use crate::{
    contract::public_case::{NamedCode, PublicCaseSummary},
    domain::{
        case::{CaseKind, Visibility},
        category::Question,
        time::Timestamp,
    },
};

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
