//! The audit trail: where it ends, as everybody may see it, and what it says, as audit administrators read it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::{
    id::{AccountId, AuditId},
    time::Timestamp,
};

/// Which part of the trail, newest first. Days are found by the ids; for everything else the server looks through at most 5,000
/// records a page and passes over what was not asked for: a page may then be short or empty and still have a `next`.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct AuditQuery {
    /// `next` of the page before; absent for the newest.
    pub after: Option<String>,
    /// Records wanted, 1 to 100; 20 when absent.
    pub limit: Option<u32>,
    /// Only of this account.
    pub actor: Option<String>,
    /// Only this act, such as `case.accept`.
    pub action: Option<String>,
    /// Only on the case with this receipt number.
    pub case: Option<String>,
    /// Only with this result: `done`, or the code of a refusal.
    pub result: Option<String>,
    /// From the beginning of this day on.
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, format = Date))]
    pub from: Option<NaiveDate>,
    /// Until the end of this day.
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, format = Date))]
    pub until: Option<NaiveDate>,
}

/// A record of the trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditRecordView {
    /// Its id.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// `staff`, `person`, `visitor` or `system`.
    pub actor_kind: String,
    /// The account, where one was signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<AccountId>,
    /// Name of a member of staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor_name: Option<String>,
    /// The act, such as `case.accept`.
    pub action: String,
    /// Kind of what was acted on.
    pub object_kind: String,
    /// Receipt number of a case, the id of anything else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// `done`, or the code of the refusal.
    pub result: String,
    /// The address that asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_address: Option<String>,
    /// The request, which the log names too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// What else matters; it holds no number, code, password or words of a person.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub detail: serde_json::Value,
}

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
