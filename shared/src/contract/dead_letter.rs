//! Messages that were given up: what an administrator sees of them. Never a text, and of a number its ends alone.

use serde::{Deserialize, Serialize};

use crate::domain::{id::MessageId, time::Timestamp};

/// A message that was given up.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeadLetterView {
    /// Names it.
    pub id: MessageId,
    /// What was to be done: `push`, `sms`, `tell_others`, `index_case`.
    pub task: String,
    /// When it was written.
    pub made_at: Timestamp,
    /// Tries.
    pub attempts: i64,
    /// Code of the last failure, such as `HTTP_400`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// Where a text was to go: the number with its middle hidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
    /// The text held a one-time code, which works no longer: sent again, it is dropped.
    pub is_code: bool,
}
