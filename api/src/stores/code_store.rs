//! Sign-in codes as rows: hashed, counted, used once. How long one lives is decided elsewhere.

use diesel::prelude::*;

use crate::database::{
    DbConnection, StoreError, Transaction, append::append_row, prepared::ExecutePrepared, schema::sign_in_codes,
};

/// A new code.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = sign_in_codes, treat_none_as_default_value = false)]
pub struct NewCodeRow {
    /// The row.
    pub id: i64,
    /// The keyed hash of the number.
    pub phone_lookup: String,
    /// The keyed hash of the code.
    pub code_hash: String,
    /// When it ends.
    pub expires_at: i64,
    /// 0.
    pub attempts: i64,
}
append_row!(NewCodeRow, sign_in_codes::table, order = 20);

/// The live code of a number: newest, unused, not ended, with attempts left. Its id and hash.
///
/// # Errors
/// The database's failure.
pub fn find_live(
    connection: &mut DbConnection,
    phone_lookup: &str,
    now: i64,
    attempts: i64,
) -> QueryResult<Option<(i64, String)>> {
    sign_in_codes::table
        .filter(
            sign_in_codes::phone_lookup
                .eq(phone_lookup)
                .and(sign_in_codes::used_at.is_null())
                .and(sign_in_codes::expires_at.gt(now))
                .and(sign_in_codes::attempts.lt(attempts)),
        )
        .order(sign_in_codes::id.desc())
        .select((sign_in_codes::id, sign_in_codes::code_hash))
        .first(connection)
        .optional()
}

/// Counts an attempt; `false` when there was none left.
///
/// # Errors
/// The database's failure.
pub fn count_attempt(transaction: &mut Transaction<'_>, id: i64, attempts: i64) -> Result<bool, StoreError> {
    let rows = transaction.change(|connection| {
        diesel::update(sign_in_codes::table.filter(sign_in_codes::id.eq(id).and(sign_in_codes::attempts.lt(attempts))))
            .set(sign_in_codes::attempts.eq(sign_in_codes::attempts + 1))
            .execute_prepared(connection)
    })?;
    Ok(rows == 1)
}

/// Marks a code as used; `false` when another request did so first.
///
/// # Errors
/// The database's failure.
pub fn move_to_used(transaction: &mut Transaction<'_>, id: i64, now: i64) -> Result<bool, StoreError> {
    let rows = transaction.change(|connection| {
        diesel::update(sign_in_codes::table.filter(sign_in_codes::id.eq(id).and(sign_in_codes::used_at.is_null())))
            .set(sign_in_codes::used_at.eq(Some(now)))
            .execute_prepared(connection)
    })?;
    Ok(rows == 1)
}

/// Marks all codes of a number as used, so that only the next one counts.
///
/// # Errors
/// The database's failure.
pub fn end_all(transaction: &mut Transaction<'_>, phone_lookup: &str, now: i64) -> Result<(), StoreError> {
    transaction.change(|connection| {
        diesel::update(
            sign_in_codes::table.filter(
                sign_in_codes::phone_lookup
                    .eq(phone_lookup)
                    .and(sign_in_codes::used_at.is_null()),
            ),
        )
        .set(sign_in_codes::used_at.eq(Some(now)))
        .execute_prepared(connection)
    })?;
    Ok(())
}

/// Forgets codes made before the id `before`, at most `limit`.
///
/// # Errors
/// The database's failure.
pub fn delete_old(transaction: &mut Transaction<'_>, before: i64, limit: i64) -> Result<usize, StoreError> {
    let old: Vec<i64> = transaction.read(|connection| {
        sign_in_codes::table
            .filter(sign_in_codes::id.lt(before))
            .order(sign_in_codes::id.asc())
            .limit(limit)
            .select(sign_in_codes::id)
            .load(connection)
    })?;
    transaction.change(|connection| {
        diesel::delete(sign_in_codes::table.filter(sign_in_codes::id.eq_any(old))).execute(connection)
    })
}
