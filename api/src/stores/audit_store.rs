//! The audit trail as rows: only ever added to, and by the operator's policy removed from its old end.

use diesel::{dsl::max, prelude::*};

use crate::database::{StoreError, Transaction, append::append_row, schema::audit_records};

/// One act: who, what, on what, with which result, from where.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = audit_records, treat_none_as_default_value = false)]
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

/// What the database itself never lets go: 184 days before its newest act, as ids count them.
const STAYS: i64 = (184 * 24 * 3600 * 1000) << 22;

/// Removes acts before the id `before`, oldest first, at most `limit`. What the database keeps stays, whatever was asked for.
///
/// # Errors
/// The database's failure.
pub fn delete_old(transaction: &mut Transaction<'_>, before: i64, limit: i64) -> Result<usize, StoreError> {
    let newest: Option<i64> =
        transaction.read(|connection| audit_records::table.select(max(audit_records::id)).first(connection))?;
    let before = before.min(newest.unwrap_or(0) - STAYS);
    let old: Vec<i64> = transaction.read(|connection| {
        audit_records::table
            .filter(audit_records::id.lt(before))
            .order(audit_records::id.asc())
            .limit(limit)
            .select(audit_records::id)
            .load(connection)
    })?;
    transaction.change(|connection| {
        diesel::delete(audit_records::table.filter(audit_records::id.eq_any(old))).execute(connection)
    })
}
