//! Passwords that members of staff had before, as hashes, so that they are not chosen again.

use diesel::prelude::*;

use crate::database::{DbConnection, StoreError, Transaction, append::append_row, schema::password_history};

/// A password that was replaced.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = password_history, treat_none_as_default_value = false)]
pub struct NewOldPasswordRow {
    /// The row; tells when it was replaced.
    pub id: i64,
    /// Whose it was.
    pub account_id: i64,
    /// argon2id in PHC form.
    pub password_hash: String,
}
append_row!(NewOldPasswordRow, password_history::table, order = 11);

/// The hashes of the passwords that the account had before, newest first.
///
/// # Errors
/// The database's failure.
pub fn list_old(connection: &mut DbConnection, account: i64, limit: i64) -> QueryResult<Vec<String>> {
    password_history::table
        .filter(password_history::account_id.eq(account))
        .order(password_history::id.desc())
        .limit(limit)
        .select(password_history::password_hash)
        .load(connection)
}

/// Forgets all but the newest `kept`.
///
/// # Errors
/// The database's failure.
pub fn delete_older(transaction: &mut Transaction<'_>, account: i64, kept: i64) -> Result<usize, StoreError> {
    let older: Vec<i64> = transaction.read(|connection| {
        password_history::table
            .filter(password_history::account_id.eq(account))
            .order(password_history::id.desc())
            .offset(kept)
            .limit(100)
            .select(password_history::id)
            .load(connection)
    })?;
    transaction.change(|connection| {
        diesel::delete(password_history::table.filter(password_history::id.eq_any(older))).execute(connection)
    })
}
