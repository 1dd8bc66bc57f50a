//! Sessions as rows: one row for each refresh token; the rows of one sign-in form a family, whose id names the session.

use diesel::prelude::*;

use crate::database::{DbConnection, StoreError, Transaction, append::append_row, schema::sessions};

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
#[diesel(table_name = sessions)]
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
        .execute(connection)
    })?;
    Ok(rows == 1)
}

/// Ends a session.
///
/// # Errors
/// The database's failure.
pub fn revoke_family(transaction: &mut Transaction<'_>, family: i64, now: i64) -> Result<(), StoreError> {
    transaction.change(|connection| {
        diesel::update(sessions::table.filter(sessions::family.eq(family).and(sessions::revoked_at.is_null())))
            .set(sessions::revoked_at.eq(Some(now)))
            .execute(connection)
    })?;
    Ok(())
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
        .execute(connection)
    })?;
    Ok(())
}
