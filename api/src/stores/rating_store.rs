//! Ratings: one a cycle from each person who rates.

use diesel::prelude::*;

use crate::database::{DbConnection, append::append_row, schema::ratings};

/// A rating.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = ratings, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct RatingRow {
    /// Time-ordered id.
    pub id: i64,
    /// The case.
    pub case_id: i64,
    /// The cycle whose reply was rated.
    pub cycle: i64,
    /// The result, 1 to 5.
    pub grade: i64,
    /// `yes`, `partly`, `no`.
    pub resolved: String,
    /// 1 to 5, if wanted.
    pub attitude: Option<i64>,
    /// 1 to 5, if wanted.
    pub speed: Option<i64>,
    /// The requester's own words.
    pub comment: Option<String>,
    /// Who rated.
    pub rated_by: i64,
    /// Given on the phone and written down by a clerk.
    pub by_proxy: bool,
}
append_row!(RatingRow, ratings::table, order = 50);

/// All ratings of a case, oldest first.
///
/// # Errors
/// The database's failure.
pub fn list_ratings(connection: &mut DbConnection, case_id: i64) -> QueryResult<Vec<RatingRow>> {
    ratings::table
        .filter(ratings::case_id.eq(case_id))
        .order(ratings::id.asc())
        .limit(100)
        .select(RatingRow::as_select())
        .load(connection)
}
