//! What a resident sends about a case of his own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::{
    case::{CaseKind, Visibility, rating::Resolved},
    location::Datum,
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

/// The requester asks for the media tier.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AskMediaRequest {
    /// Agrees that the media who supervise this case get in touch; nothing opens without.
    pub media_contact: bool,
    /// The version of the wording that the person read; must be the one in force when named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wording_version: Option<String>,
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
