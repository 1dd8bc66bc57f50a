//! Templates of replies and the drafts that are made of them, as they travel.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::{case::Outcome, id::ReplyTemplateId, reply_template::Placeholder, time::Timestamp};

/// A template as an editor writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReplyTemplateRequest {
    /// What it is for, at most 50 characters.
    pub title: String,
    /// Code of the category or group of categories; absent for any.
    #[serde(default)]
    pub category: Option<String>,
    /// The outcome that such a reply claims.
    pub outcome: Outcome,
    /// The words, at most 2,000 characters, with places such as `{receipt_no}`, `{title}`, `{category}`, `{place}`, `{unit}`, `{due}` and `{today}`.
    pub text: String,
    /// The last day on which it is used; absent for always.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub valid_to: Option<NaiveDate>,
}

/// A template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReplyTemplateView {
    /// The template.
    pub id: ReplyTemplateId,
    /// Rises with each change.
    pub version: i64,
    /// What it is for.
    pub title: String,
    /// Code of the category or group of categories; absent for any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The outcome that such a reply claims.
    pub outcome: Outcome,
    /// The words with their places.
    pub text: String,
    /// The last day on which it is used; absent for always.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub valid_to: Option<NaiveDate>,
    /// Whether it is used today: neither retired nor past its last day.
    pub in_use: bool,
    /// When it last changed.
    pub changed_at: Timestamp,
}

/// Which templates, and which page of them. The server looks through at most 300 a page: it may be short and still have a `next`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct ReplyTemplatesQuery {
    /// Those that fit this category: its own, its group's, and those for any.
    pub category: Option<String>,
    /// Only for this outcome.
    pub outcome: Option<Outcome>,
    /// `next` of the page before; absent for the first page.
    pub after: Option<String>,
    /// Entries wanted, 1 to 100; 20 when absent.
    pub limit: Option<u32>,
}

/// Which template a draft is made of.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct ReplyDraftQuery {
    /// The template.
    pub template: ReplyTemplateId,
}

/// A draft for one case. Nothing is sent or kept: somebody reads it, completes it and submits it as a reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReplyDraftView {
    /// The words; what the case cannot fill shows its name in brackets: 〔办理期限〕.
    pub text: String,
    /// The outcome that the template is for.
    pub outcome: Outcome,
    /// The places that the case cannot fill.
    pub open_places: Vec<Placeholder>,
}
