//! What waits in the database, for the operator's figures: one statement, each part of it bounded by an index or a limit.

use diesel::{
    prelude::*,
    sql_types::{BigInt, Nullable},
};

use crate::database::DbConnection;

/// What waits now.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct BacklogRow {
    /// Id of the oldest message not yet delivered, which tells its age.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub oldest_message: Option<i64>,
    /// Messages not yet delivered, counted up to 10,000.
    #[diesel(sql_type = BigInt)]
    pub waiting: i64,
    /// Messages given up, counted up to 10,000.
    #[diesel(sql_type = BigInt)]
    pub dead_letters: i64,
    /// When the sweep has to look at a clock next.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub next_wake: Option<i64>,
}

/// The unary plus keeps the oldest on the table's own order: the index over what is due is sorted by another column.
pub const BACKLOG: &str = "SELECT \
    (SELECT id FROM outbox WHERE +next_at IS NOT NULL ORDER BY id LIMIT 1) AS oldest_message, \
    (SELECT count(*) FROM (SELECT 1 FROM outbox WHERE next_at IS NOT NULL LIMIT 10000) AS w) AS waiting, \
    (SELECT count(*) FROM (SELECT 1 FROM outbox WHERE next_at IS NULL LIMIT 10000) AS d) AS dead_letters, \
    (SELECT min(wake_at) FROM clocks WHERE wake_at IS NOT NULL) AS next_wake";

/// Reads it.
///
/// # Errors
/// The database's failure.
pub fn read_backlog(connection: &mut DbConnection) -> QueryResult<BacklogRow> {
    diesel::sql_query(BACKLOG).get_result(connection)
}
