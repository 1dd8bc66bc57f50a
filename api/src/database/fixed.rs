//! SQL text for SQLite that never changes, with one text to bind. It is prepared once for each connection; `sql_query` is parsed
//! anew each time.

use std::marker::PhantomData;

use diesel::{
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    query_dsl::RunQueryDsl,
    result::QueryResult,
    sql_types::Text,
    sqlite::Sqlite,
};

/// The statement's text around the place of its value.
pub(super) trait FixedSql: 'static {
    /// What a row of the result holds; `()` when there is none.
    type Columns;
    /// Up to the value.
    const BEFORE: &'static str;
    /// From behind the value.
    const AFTER: &'static str;
}

/// A statement with its value.
pub(super) struct Fixed<S> {
    value: String,
    sql: PhantomData<S>,
}

impl<S: FixedSql> Fixed<S> {
    pub(super) const fn with(value: String) -> Self {
        Self {
            value,
            sql: PhantomData,
        }
    }
}

impl<S: FixedSql> QueryId for Fixed<S> {
    type QueryId = S;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<S: FixedSql> Query for Fixed<S> {
    type SqlType = S::Columns;
}

impl<S: FixedSql> QueryFragment<Sqlite> for Fixed<S> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql(S::BEFORE);
        out.push_bind_param::<Text, _>(&self.value)?;
        out.push_sql(S::AFTER);
        Ok(())
    }
}

impl<S, Connection> RunQueryDsl<Connection> for Fixed<S> {}
