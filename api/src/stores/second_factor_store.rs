//! Second factors of staff as columns of their accounts, and the codes for the day when the phone is lost.

use diesel::prelude::*;

use crate::database::{
    DbConnection, StoreError, Transaction,
    append::append_row,
    prepared::ExecutePrepared,
    schema::{recovery_codes, staff_accounts},
};

/// A recovery code.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = recovery_codes, treat_none_as_default_value = false)]
pub struct NewRecoveryCodeRow {
    /// The row.
    pub id: i64,
    /// Whose it is.
    pub account_id: i64,
    /// Keyed hash of the code.
    pub code_hash: String,
}
append_row!(NewRecoveryCodeRow, recovery_codes::table, order = 11);

/// The sealed secret of the account's second factor; none when it has none.
///
/// # Errors
/// `NotFound`, or the database's failure.
pub fn find_sealed(connection: &mut DbConnection, account: i64) -> QueryResult<Option<Vec<u8>>> {
    staff_accounts::table
        .find(account)
        .select(staff_accounts::totp_cipher)
        .first(connection)
}

/// Puts a second factor in force whose code of this step was just used.
///
/// # Errors
/// `NotFound`, or the database's failure.
pub fn set_second_factor(
    transaction: &mut Transaction<'_>,
    account: i64,
    sealed: &[u8],
    step: i64,
    now: i64,
) -> Result<(), StoreError> {
    set(transaction, account, Some((sealed, step)), now)
}

/// Takes the second factor away, with its recovery codes.
///
/// # Errors
/// `NotFound`, or the database's failure.
pub fn remove_second_factor(transaction: &mut Transaction<'_>, account: i64) -> Result<(), StoreError> {
    set(transaction, account, None, 0)?;
    delete_codes(transaction, account).map(drop)
}

fn set(
    transaction: &mut Transaction<'_>,
    account: i64,
    factor: Option<(&[u8], i64)>,
    now: i64,
) -> Result<(), StoreError> {
    let rows = transaction.change(|connection| {
        diesel::update(staff_accounts::table.find(account))
            .set((
                staff_accounts::totp_cipher.eq(factor.map(|(sealed, _)| sealed)),
                staff_accounts::totp_last_step.eq(factor.map(|(_, step)| step)),
                staff_accounts::second_factor_since.eq(factor.map(|_| now)),
                staff_accounts::version.eq(staff_accounts::version + 1),
            ))
            .execute_prepared(connection)
    })?;
    if rows == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// Uses up the code of a step; `false` when this one or a later one was used before.
///
/// # Errors
/// The database's failure.
pub fn move_to_step(transaction: &mut Transaction<'_>, account: i64, step: i64) -> Result<bool, StoreError> {
    let rows = transaction.change(|connection| {
        diesel::update(
            staff_accounts::table
                .find(account)
                .filter(staff_accounts::totp_last_step.lt(step)),
        )
        .set(staff_accounts::totp_last_step.eq(step))
        .execute_prepared(connection)
    })?;
    Ok(rows == 1)
}

/// Uses up a recovery code; `false` when the account has none such left.
///
/// # Errors
/// The database's failure.
pub fn use_up_code(
    transaction: &mut Transaction<'_>,
    account: i64,
    code_hash: &str,
    now: i64,
) -> Result<bool, StoreError> {
    let rows = transaction.change(|connection| {
        diesel::update(
            recovery_codes::table.filter(
                recovery_codes::account_id
                    .eq(account)
                    .and(recovery_codes::code_hash.eq(code_hash))
                    .and(recovery_codes::used_at.is_null()),
            ),
        )
        .set(recovery_codes::used_at.eq(now))
        .execute_prepared(connection)
    })?;
    Ok(rows == 1)
}

/// Forgets all recovery codes of the account, used or not.
///
/// # Errors
/// The database's failure.
pub fn delete_codes(transaction: &mut Transaction<'_>, account: i64) -> Result<usize, StoreError> {
    transaction.change(|connection| {
        diesel::delete(recovery_codes::table.filter(recovery_codes::account_id.eq(account))).execute(connection)
    })
}

/// Recovery codes that can still be used.
///
/// # Errors
/// The database's failure.
pub fn count_codes(connection: &mut DbConnection, account: i64) -> QueryResult<i64> {
    recovery_codes::table
        .filter(
            recovery_codes::account_id
                .eq(account)
                .and(recovery_codes::used_at.is_null()),
        )
        .count()
        .get_result(connection)
}
