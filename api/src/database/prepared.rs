//! `UPDATE`s that are prepared once for each connection. Diesel has each one parsed anew, since a changeset may leave columns out;
//! as prepared statements are kept under their text, that is no danger. PostgreSQL parsed, planned and answered twice before.

use diesel::{
    backend::Backend,
    internal::derives::multiconnection::AstPassHelper,
    pg::Pg,
    query_builder::{AstPass, QueryBuilder, QueryFragment, QueryId},
    query_dsl::RunQueryDsl,
    result::QueryResult,
    sqlite::Sqlite,
};

use super::{DbConnection, connection::on_each_backend};

/// A statement that is kept prepared under its text.
struct Prepared<Statement>(Statement);

/// For statements whose text takes few forms.
pub trait ExecutePrepared: QueryFragment<Pg> + QueryFragment<Sqlite> + Sized {
    /// Runs the statement, which is prepared at its first use alone, and answers the number of rows.
    ///
    /// # Errors
    /// The database's refusal.
    fn execute_prepared(self, connection: &mut DbConnection) -> QueryResult<usize> {
        on_each_backend!(connection, |inner| Prepared(self).execute(inner))
    }
}

impl<Statement: QueryFragment<Pg> + QueryFragment<Sqlite>> ExecutePrepared for Statement {}

impl<Statement> QueryId for Prepared<Statement> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<DB, Statement> QueryFragment<DB> for Prepared<Statement>
where
    DB: Backend<QueryBuilder: Default>,
    Statement: QueryFragment<DB>,
{
    /// The statement itself is asked for its values alone; its text passes as one that may be kept.
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if out.bind_collector().is_some() || out.debug_binds().is_some() {
            return self.0.walk_ast(out);
        }
        let mut text = DB::QueryBuilder::default();
        self.0.to_sql(&mut text, out.backend())?;
        out.push_sql(&text.finish());
        Ok(())
    }
}

impl<Statement, Connection> RunQueryDsl<Connection> for Prepared<Statement> {}
