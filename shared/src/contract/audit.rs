//! The audit trail as everybody may see it: where it ends, and nothing of what it says.

use serde::{Deserialize, Serialize};

use crate::domain::time::Timestamp;

/// Where the audit trail ended at a moment. Whoever keeps one of these can show later that nothing before it was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditHeadView {
    /// When it was looked at; none while the trail is empty.
    pub taken_at: Option<Timestamp>,
    /// Records in all chains.
    pub count: i64,
    /// SHA-256 over number, count and hash of every chain, lower-case hexadecimal.
    pub head: String,
    /// The chains, one for each process number that has written, by number.
    pub chains: Vec<AuditChainHeadView>,
}

/// Where one chain ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditChainHeadView {
    /// The chain's number.
    pub chain: i64,
    /// Records in it.
    pub count: i64,
    /// Hash of the last of them, SHA-256 in lower-case hexadecimal.
    pub hash: String,
}
