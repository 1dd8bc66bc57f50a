//! The audit trail as rows: only ever added to.

use diesel::prelude::*;

use crate::database::{append::append_row, schema::audit_records};

/// One act: who, what, on what, with which result, from where.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = audit_records)]
pub struct NewAuditRow {
    /// The row; tells the time.
    pub id: i64,
    /// The account, when there is one.
    pub actor_id: Option<i64>,
    /// `person`, `staff`, `system` or `visitor`.
    pub actor_kind: String,
    /// The act, such as `session.sign_in`.
    pub action: String,
    /// Kind of the thing acted on.
    pub object_kind: String,
    /// Its id, when there is one.
    pub object_id: Option<i64>,
    /// `done`, or the code of the refusal.
    pub result: String,
    /// Where the request came from.
    pub source_address: Option<String>,
    /// The request.
    pub request_id: Option<String>,
    /// JSON with what else matters; never a number, a code or a password.
    pub detail: String,
}
append_row!(NewAuditRow, audit_records::table, order = 90);
