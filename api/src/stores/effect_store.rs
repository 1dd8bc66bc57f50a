//! Open cases in groups, for looking at a change of the city's data before it is saved: one statement each, whose answer grows
//! with the kinds of groups and not with the cases.

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Nullable, Text},
};
use shared::domain::time::Timestamp;

use crate::database::DbConnection;

/// Running clocks that the same limit holds for.
#[derive(Debug, Clone, QueryableByName)]
pub struct RunningGroup {
    /// `ClockKind`.
    #[diesel(sql_type = Text)]
    pub clock: String,
    /// `CaseKind`.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// `Urgency`.
    #[diesel(sql_type = Text)]
    pub urgency: String,
    /// Code of the category.
    #[diesel(sql_type = Nullable<Text>)]
    pub category: Option<String>,
    /// `CaseState`.
    #[diesel(sql_type = Text)]
    pub state: String,
    /// Place of the first of the given instants by which they had started; the number of instants when it was after all.
    #[diesel(sql_type = BigInt)]
    pub started_by: i64,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub running: i64,
    /// Of these, how many are late.
    #[diesel(sql_type = BigInt)]
    pub late: i64,
}

/// Open supervisions that the same limit holds for.
#[derive(Debug, Clone, QueryableByName)]
pub struct SupervisionGroup {
    /// `Tier`.
    #[diesel(sql_type = Text)]
    pub tier: String,
    /// `Cause`.
    #[diesel(sql_type = Text)]
    pub cause: String,
    /// As in [`RunningGroup`].
    #[diesel(sql_type = BigInt)]
    pub started_by: i64,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub running: i64,
    /// Of these, how many are late.
    #[diesel(sql_type = BigInt)]
    pub late: i64,
}

/// The clocks of open cases, those apart that go on from others; `instants` in ascending order.
///
/// # Errors
/// The database's failure.
pub fn group_running(
    connection: &mut DbConnection,
    now: Timestamp,
    instants: &[Timestamp],
) -> QueryResult<Vec<RunningGroup>> {
    let statement = format!(
        "SELECT clocks.kind AS clock, cases.kind AS kind, cases.urgency AS urgency, cases.category AS category, \
         cases.state AS state, {} AS started_by, count(*) AS running, {} AS late \
         FROM cases JOIN clocks ON clocks.case_id = cases.id \
         WHERE cases.is_open AND clocks.stopped_at IS NULL AND clocks.follows IS NULL \
         GROUP BY 1, 2, 3, 4, 5, 6",
        started_by(instants),
        late(now)
    );
    sql_query(statement).load(connection)
}

/// The open supervisions by tier and cause; as [`group_running`].
///
/// # Errors
/// The database's failure.
pub fn group_supervisions(
    connection: &mut DbConnection,
    now: Timestamp,
    instants: &[Timestamp],
) -> QueryResult<Vec<SupervisionGroup>> {
    let statement = format!(
        "SELECT supervisions.tier AS tier, supervisions.cause AS cause, \
         {} AS started_by, count(*) AS running, {} AS late \
         FROM supervisions JOIN clocks ON clocks.case_id = supervisions.case_id AND clocks.kind = 'supervision' \
         WHERE supervisions.closed_at IS NULL AND clocks.stopped_at IS NULL AND clocks.follows IS NULL \
         GROUP BY 1, 2, 3",
        started_by(instants),
        late(now)
    );
    sql_query(statement).load(connection)
}

/// Accepted cases of one category in one place.
#[derive(Debug, Clone, QueryableByName)]
pub struct WaitingGroup {
    /// Code of the category.
    #[diesel(sql_type = Nullable<Text>)]
    pub category: Option<String>,
    /// Code of the finest known place.
    #[diesel(sql_type = Nullable<Text>)]
    pub region: Option<String>,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub cases: i64,
}

/// The accepted cases that wait for a unit, the largest groups first.
///
/// # Errors
/// The database's failure.
pub fn group_waiting(connection: &mut DbConnection, limit: usize) -> QueryResult<Vec<WaitingGroup>> {
    let statement = format!(
        "SELECT category, region, count(*) AS cases FROM cases WHERE state = 'accepted' \
         GROUP BY 1, 2 ORDER BY 3 DESC LIMIT {limit}"
    );
    sql_query(statement).load(connection)
}

/// The instants are numbers of ours: nothing that anybody typed is written into a statement.
fn started_by(instants: &[Timestamp]) -> String {
    let after_all = instants.len();
    let cases: Vec<String> = instants
        .iter()
        .enumerate()
        .map(|(place, instant)| format!("WHEN clocks.started_at <= {} THEN {place}", instant.0))
        .collect();
    if cases.is_empty() {
        return "CAST(0 AS BIGINT)".to_owned();
    }
    format!("CAST(CASE {} ELSE {after_all} END AS BIGINT)", cases.join(" "))
}

fn late(now: Timestamp) -> String {
    format!("sum(CASE WHEN clocks.due_at <= {} THEN 1 ELSE 0 END)", now.0)
}
