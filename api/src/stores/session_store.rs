//! Sessions as rows: one row for each refresh token; the rows of one sign-in form a family, whose id names the session.

use diesel::prelude::*;

use crate::database::{
    DbConnection, StoreError, Transaction, append::append_row, prepared::ExecutePrepared, schema::sessions,
};

/// A refresh token's row.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub struct SessionRow {
    /// The row.
    pub id: i64,
    /// Whose it is.
    pub account_id: i64,
    /// `person` or `staff`.
    pub account_kind: String,
    /// The session: id of the first row.
    pub family: i64,
    /// When the refresh token ends.
    pub expires_at: i64,
    /// When it was traded for the next.
    pub replaced_at: Option<i64>,
    /// When the session was ended.
    pub revoked_at: Option<i64>,
    /// What the person calls the device.
    pub device_name: Option<String>,
}

/// A new refresh token's row.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = sessions, treat_none_as_default_value = false)]
pub struct NewSessionRow {
    /// The row.
    pub id: i64,
    /// Whose it is.
    pub account_id: i64,
    /// `person` or `staff`.
    pub account_kind: String,
    /// The session: id of the first row.
    pub family: i64,
    /// SHA-256 of the token.
    pub refresh_hash: String,
    /// What the person calls the device.
    pub device_name: Option<String>,
    /// When the refresh token ends.
    pub expires_at: i64,
}
append_row!(NewSessionRow, sessions::table, order = 20);

/// The row of a refresh token, by its hash.
///
/// # Errors
/// The database's failure.
pub fn find_by_refresh_hash(connection: &mut DbConnection, hash: &str) -> QueryResult<Option<SessionRow>> {
    sessions::table
        .filter(sessions::refresh_hash.eq(hash))
        .select(SessionRow::as_select())
        .first(connection)
        .optional()
}

/// The newest row of a session.
///
/// # Errors
/// The database's failure.
pub fn find_newest(connection: &mut DbConnection, family: i64) -> QueryResult<Option<SessionRow>> {
    sessions::table
        .filter(sessions::family.eq(family))
        .order(sessions::id.desc())
        .select(SessionRow::as_select())
        .first(connection)
        .optional()
}

/// Marks a refresh token as traded; `false` when another request did so first.
///
/// # Errors
/// The database's failure.
pub fn move_to_replaced(transaction: &mut Transaction<'_>, id: i64, now: i64) -> Result<bool, StoreError> {
    let rows = transaction.change(|connection| {
        diesel::update(
            sessions::table.filter(
                sessions::id
                    .eq(id)
                    .and(sessions::replaced_at.is_null())
                    .and(sessions::revoked_at.is_null()),
            ),
        )
        .set(sessions::replaced_at.eq(Some(now)))
        .execute_prepared(connection)
    })?;
    Ok(rows == 1)
}

/// Whether a token that came after the row `id` was traded: then the answer that held it did arrive.
///
/// # Errors
/// The database's failure.
pub fn was_used_after(connection: &mut DbConnection, family: i64, id: i64) -> QueryResult<bool> {
    let used: Option<i64> = sessions::table
        .filter(sessions::family.eq(family).and(sessions::id.gt(id)))
        .filter(sessions::replaced_at.is_not_null())
        .select(sessions::id)
        .first(connection)
        .optional()?;
    Ok(used.is_some())
}

/// Revokes the unused tokens that came after the row `id`; answers how many.
///
/// # Errors
/// The database's failure.
pub fn revoke_unused_after(
    transaction: &mut Transaction<'_>,
    family: i64,
    id: i64,
    now: i64,
) -> Result<usize, StoreError> {
    transaction.change(|connection| {
        diesel::update(
            sessions::table
                .filter(sessions::family.eq(family).and(sessions::id.gt(id)))
                .filter(sessions::replaced_at.is_null().and(sessions::revoked_at.is_null())),
        )
        .set(sessions::revoked_at.eq(Some(now)))
        .execute_prepared(connection)
    })
}

/// The sessions of an account that can go on, newest first: of each the row whose token was not traded yet.
///
/// # Errors
/// The database's failure.
pub fn list_live(connection: &mut DbConnection, account: i64, now: i64, limit: i64) -> QueryResult<Vec<SessionRow>> {
    sessions::table
        .filter(sessions::account_id.eq(account).and(sessions::expires_at.gt(now)))
        .filter(sessions::replaced_at.is_null().and(sessions::revoked_at.is_null()))
        .order(sessions::id.desc())
        .limit(limit)
        .select(SessionRow::as_select())
        .load(connection)
}

/// Ends a session; answers how many of its tokens were still good or would have told of a copy.
///
/// # Errors
/// The database's failure.
pub fn revoke_family(transaction: &mut Transaction<'_>, family: i64, now: i64) -> Result<usize, StoreError> {
    transaction.change(|connection| {
        diesel::update(sessions::table.filter(sessions::family.eq(family).and(sessions::revoked_at.is_null())))
            .set(sessions::revoked_at.eq(Some(now)))
            .execute_prepared(connection)
    })
}

/// Ends one session of an account.
///
/// # Errors
/// `NotFound` when the account has no such session that still stands.
pub fn revoke_one(transaction: &mut Transaction<'_>, account: i64, family: i64, now: i64) -> Result<(), StoreError> {
    let rows = transaction.change(|connection| {
        diesel::update(
            sessions::table.filter(
                sessions::family
                    .eq(family)
                    .and(sessions::account_id.eq(account))
                    .and(sessions::revoked_at.is_null()),
            ),
        )
        .set(sessions::revoked_at.eq(Some(now)))
        .execute_prepared(connection)
    })?;
    if rows == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// Forgets tokens made before the row id `before`, at most `limit`: no token lives that long.
///
/// # Errors
/// The database's failure.
pub fn delete_old(transaction: &mut Transaction<'_>, before: i64, limit: i64) -> Result<usize, StoreError> {
    let old: Vec<i64> = transaction.read(|connection| {
        sessions::table
            .filter(sessions::id.lt(before))
            .order(sessions::id.asc())
            .limit(limit)
            .select(sessions::id)
            .load(connection)
    })?;
    if old.is_empty() {
        return Ok(0);
    }
    transaction
        .change(|connection| diesel::delete(sessions::table.filter(sessions::id.eq_any(old))).execute(connection))
}

/// Ends all sessions of an account, except one when named.
///
/// # Errors
/// The database's failure.
pub fn revoke_all(
    transaction: &mut Transaction<'_>,
    account: i64,
    except_family: Option<i64>,
    now: i64,
) -> Result<(), StoreError> {
    transaction.change(|connection| {
        diesel::update(
            sessions::table.filter(
                sessions::account_id
                    .eq(account)
                    .and(sessions::revoked_at.is_null())
                    .and(sessions::family.ne(except_family.unwrap_or(0))),
            ),
        )
        .set(sessions::revoked_at.eq(Some(now)))
        .execute_prepared(connection)
    })?;
    Ok(())
}

/// Writes down that the owner proved to hold this session, and until when that counts.
///
/// # Errors
/// `NotFound` when the session does not stand.
pub fn set_proven(transaction: &mut Transaction<'_>, family: i64, until: i64) -> Result<(), StoreError> {
    let rows = transaction.change(|connection| {
        diesel::update(
            sessions::table
                .filter(sessions::family.eq(family))
                .filter(sessions::replaced_at.is_null().and(sessions::revoked_at.is_null())),
        )
        .set(sessions::proven_until.eq(Some(until)))
        .execute_prepared(connection)
    })?;
    if rows == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// Whether the owner proved to hold this session and that still counts.
///
/// # Errors
/// The database's failure.
pub fn is_proven(connection: &mut DbConnection, family: i64, now: i64) -> QueryResult<bool> {
    let proven = sessions::table
        .filter(sessions::family.eq(family).and(sessions::revoked_at.is_null()))
        .filter(sessions::proven_until.gt(now));
    diesel::select(diesel::dsl::exists(proven)).get_result(connection)
}
