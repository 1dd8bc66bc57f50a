//! What units and clerks answer: written, reviewed, sent back or released. Earlier texts are kept.

use diesel::prelude::*;
use shared::domain::time::Timestamp;

use crate::database::{
    DbConnection, StoreError, Transaction, append::append_row, prepared::ExecutePrepared, schema::replies,
};

/// A reply.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = replies, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct ReplyRow {
    /// Time-ordered id.
    pub id: i64,
    /// One more at every change.
    pub version: i64,
    /// The case.
    pub case_id: i64,
    /// The work order; none for a direct answer.
    pub order_id: Option<i64>,
    /// The cycle that it ends.
    pub cycle: i64,
    /// The words.
    pub body: String,
    /// `Outcome` that the unit claims.
    pub outcome: String,
    /// `RootCause`.
    pub root_cause: String,
    /// The knowledge article of a direct answer.
    pub article: Option<String>,
    /// The version of it that was cited.
    pub article_version: Option<i64>,
    /// Who wrote it.
    pub written_by: i64,
    /// Who released it or sent it back.
    pub reviewed_by: Option<i64>,
    /// `to_review`, `sent_back`, `released`.
    pub state: String,
    /// When the requester could read it.
    pub released_at: Option<i64>,
}
append_row!(ReplyRow, replies::table, order = 50);

/// All replies of a case, oldest first.
///
/// # Errors
/// The database's failure.
pub fn list_replies(connection: &mut DbConnection, case_id: i64) -> QueryResult<Vec<ReplyRow>> {
    replies::table
        .filter(replies::case_id.eq(case_id))
        .order(replies::id.asc())
        .limit(100)
        .select(ReplyRow::as_select())
        .load(connection)
}

/// Settles the reply that waits for review, if there is one.
///
/// # Errors
/// The database's failure.
pub fn set_reviewed(
    transaction: &mut Transaction<'_>,
    case_id: i64,
    state: &'static str,
    reviewer: Option<i64>,
    released_at: Option<Timestamp>,
) -> Result<usize, StoreError> {
    transaction.change(|connection| {
        diesel::update(replies::table.filter(replies::case_id.eq(case_id).and(replies::state.eq("to_review"))))
            .set((
                replies::version.eq(replies::version + 1),
                replies::state.eq(state),
                replies::reviewed_by.eq(reviewer),
                replies::released_at.eq(released_at.map(|moment| moment.0)),
            ))
            .execute_prepared(connection)
    })
}
