//! The inbox of residents and staff: the truth about what somebody was told; push and texts only point to it.

use serde::{Deserialize, Serialize};

use crate::domain::{id::NoticeId, time::Timestamp};

/// An entry of the inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NoticeView {
    /// Its id.
    pub id: NoticeId,
    /// The name of the act that it tells of, or `due_soon`, `overdue`, `knowledge_expiring`.
    pub topic: String,
    /// The case's title.
    pub title: String,
    /// What happened and what comes next.
    pub body: String,
    /// The receipt number of the case concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt_no: Option<String>,
    /// When it was told.
    pub at: Timestamp,
    /// Whether it was read.
    pub read: bool,
}

/// A page of the inbox, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InboxView {
    /// The entries.
    pub items: Vec<NoticeView>,
    /// Pass as `after` for the next page; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Unread entries in the whole inbox, counted up to 100.
    pub unread: u32,
}

/// Marks entries as read.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReadInboxRequest {
    /// The newest entry that was read; it and all before it count as read.
    pub up_to: NoticeId,
}
