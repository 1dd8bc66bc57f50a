//! Knowledge articles as their editors write them and staff read them. What residents see of them is in `reference`.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::public_case::NamedCode;
use crate::domain::{knowledge::ArticleState, time::Timestamp};

/// An article as an editor writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct KnowledgeArticleRequest {
    /// The question as people ask it, at most 100 characters.
    pub question: String,
    /// The answer, short and spoken, at most 2,000 characters.
    pub answer: String,
    /// The law, rule or notice it rests on, at most 200 characters.
    pub basis: String,
    /// Code of the unit that answers for it.
    pub owner_unit: String,
    /// Code of its category.
    pub category: String,
    /// Words people use for it: at most 40, each at most 20 characters.
    #[serde(default)]
    pub words: Vec<String>,
    /// First day it holds; today when absent.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub valid_from: Option<NaiveDate>,
    /// Last day it holds; open when absent.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub valid_to: Option<NaiveDate>,
}

/// Takes an article out of use for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RetireArticleRequest {
    /// Why, at most 500 characters.
    pub reason: String,
}

/// One version of an article, by itself the present one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KnowledgeArticleView {
    /// Stable id, which residents and direct answers name too.
    pub id: String,
    /// Rises with each change.
    pub version: i64,
    /// Where this version stands today.
    pub state: ArticleState,
    /// The question as people ask it.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// The law, rule or notice it rests on.
    pub basis: String,
    /// The unit that answers for it.
    pub owner_unit: NamedCode,
    /// Code of its category.
    pub category: String,
    /// Words people use for it.
    pub words: Vec<String>,
    /// First day it holds.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub valid_from: NaiveDate,
    /// Last day it holds; open when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub valid_to: Option<NaiveDate>,
    /// Why it was taken out of use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retired_because: Option<String>,
    /// Who wrote this version; absent when it came with the city's data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed_by: Option<String>,
    /// When.
    pub changed_at: Timestamp,
}

/// Which articles, newest first. The server looks through at most 300 a page: it may be short and still have a `next`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct KnowledgeArticlesQuery {
    /// Words that question, answer and keywords hold all of, 1 to 60 characters.
    pub q: Option<String>,
    /// Code of the unit that answers for them.
    pub owner_unit: Option<String>,
    /// Where they stand today; all but the retired ones when absent.
    pub state: Option<ArticleState>,
    /// `next` of the page before; absent for the first page.
    pub after: Option<String>,
    /// Entries wanted, 1 to 100; 20 when absent.
    pub limit: Option<u32>,
}
