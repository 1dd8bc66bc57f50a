//! Parts of a case that its requester and staff see alike.

use serde::{Deserialize, Serialize};

use crate::domain::{
    case::{Action, ActionVerdict},
    id::{EventId, PhotoId},
};

/// An answer to a category's question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnswerView {
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
}

/// Where a case is, for those who may know it exactly.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CasePlaceView {
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
