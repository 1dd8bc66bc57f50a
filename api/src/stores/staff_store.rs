//! Staff accounts and their grants as rows. Who may give which role is decided elsewhere.

use diesel::prelude::*;
use shared::domain::role::Grant;

use crate::database::{
    DbConnection, StoreError, Transaction,
    append::append_row,
    schema::{staff_accounts, staff_grants},
};

/// Somebody who works for the city.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = staff_accounts)]
pub struct StaffRow {
    /// The account.
    pub id: i64,
    /// Rises with each change.
    pub version: i64,
    /// Name to sign in with, lower case.
    pub username: String,
    /// The person's name.
    pub display_name: String,
    /// The person's post.
    pub post: String,
    /// Code of the unit that the person works in.
    pub unit: String,
    /// argon2id in PHC form.
    pub password_hash: String,
    /// Whether nothing is open until a new password is chosen.
    pub must_change_password: bool,
    /// `active`, `blocked` or `closed`.
    pub status: String,
}

/// A new staff account.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = staff_accounts)]
pub struct NewStaffRow {
    /// The account.
    pub id: i64,
    /// 1.
    pub version: i64,
    /// Name to sign in with, lower case.
    pub username: String,
    /// The person's name.
    pub display_name: String,
    /// The person's post.
    pub post: String,
    /// Code of the unit that the person works in.
    pub unit: String,
    /// argon2id in PHC form.
    pub password_hash: String,
    /// Whether nothing is open until a new password is chosen.
    pub must_change_password: bool,
    /// `active`.
    pub status: String,
}
append_row!(NewStaffRow, staff_accounts::table, order = 10);

/// A role given.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = staff_grants)]
pub struct GrantRow {
    /// The grant.
    pub id: i64,
    /// Who has it.
    pub account_id: i64,
    /// The role's name.
    pub role: String,
    /// Root of the unit subtree.
    pub unit: Option<String>,
    /// Root of the region subtree.
    pub region: Option<String>,
    /// JSON list of kinds, or `null` for all.
    pub kinds: String,
    /// Who gave it; none for the command line.
    pub granted_by: Option<i64>,
}

/// A new grant.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = staff_grants)]
pub struct NewGrantRow {
    /// The grant.
    pub id: i64,
    /// Who has it.
    pub account_id: i64,
    /// The role's name.
    pub role: String,
    /// Root of the unit subtree.
    pub unit: Option<String>,
    /// Root of the region subtree.
    pub region: Option<String>,
    /// JSON list of kinds, or `null` for all.
    pub kinds: String,
    /// Who gave it; none for the command line.
    pub granted_by: Option<i64>,
}
append_row!(NewGrantRow, staff_grants::table, order = 11);

impl NewGrantRow {
    /// The row of a grant.
    #[must_use]
    pub fn of(id: i64, account_id: i64, grant: &Grant, granted_by: Option<i64>) -> Self {
        Self {
            id,
            account_id,
            role: grant.role.as_str().to_owned(),
            unit: grant.unit.clone(),
            region: grant.region.clone(),
            kinds: serde_json::to_string(&grant.kinds).unwrap_or_else(|_| "[]".to_owned()),
            granted_by,
        }
    }
}

impl GrantRow {
    /// The grant of a row. A row that this program cannot read gives nothing.
    #[must_use]
    pub fn grant(&self) -> Option<Grant> {
        Some(Grant {
            role: self.role.parse().ok()?,
            unit: self.unit.clone(),
            region: self.region.clone(),
            kinds: serde_json::from_str(&self.kinds).ok()?,
        })
    }
}

/// The account with this name, lower case.
///
/// # Errors
/// The database's failure.
pub fn find_by_username(connection: &mut DbConnection, username: &str) -> QueryResult<Option<StaffRow>> {
    staff_accounts::table
        .filter(staff_accounts::username.eq(username))
        .select(StaffRow::as_select())
        .first(connection)
        .optional()
}

/// The account with this id.
///
/// # Errors
/// `NotFound`, or the database's failure.
pub fn get_staff(connection: &mut DbConnection, id: i64) -> QueryResult<StaffRow> {
    staff_accounts::table
        .find(id)
        .select(StaffRow::as_select())
        .first(connection)
}

/// Accounts with ids above `after`, oldest first.
///
/// # Errors
/// The database's failure.
pub fn list_staff(connection: &mut DbConnection, after: i64, limit: i64) -> QueryResult<Vec<StaffRow>> {
    staff_accounts::table
        .filter(staff_accounts::id.gt(after))
        .order(staff_accounts::id)
        .limit(limit)
        .select(StaffRow::as_select())
        .load(connection)
}

/// The grants in force of these accounts, oldest first. At most 500 accounts.
///
/// # Errors
/// The database's failure.
pub fn list_grants(connection: &mut DbConnection, accounts: &[i64]) -> QueryResult<Vec<GrantRow>> {
    staff_grants::table
        .filter(
            staff_grants::account_id
                .eq_any(accounts.iter().take(500))
                .and(staff_grants::revoked_at.is_null()),
        )
        .order(staff_grants::id)
        .select(GrantRow::as_select())
        .load(connection)
}

/// Takes a grant back.
///
/// # Errors
/// `NotFound` when the account has no such grant in force.
pub fn revoke_grant(transaction: &mut Transaction<'_>, account: i64, grant: i64, now: i64) -> Result<(), StoreError> {
    let rows = transaction.change(|connection| {
        diesel::update(
            staff_grants::table.filter(
                staff_grants::id
                    .eq(grant)
                    .and(staff_grants::account_id.eq(account))
                    .and(staff_grants::revoked_at.is_null()),
            ),
        )
        .set(staff_grants::revoked_at.eq(Some(now)))
        .execute(connection)
    })?;
    if rows == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// Sets the status (`active`, `blocked` or `closed`).
///
/// # Errors
/// `NotFound`, or the database's failure.
pub fn set_status(transaction: &mut Transaction<'_>, account: i64, status: &str) -> Result<(), StoreError> {
    let rows = transaction.change(|connection| {
        diesel::update(staff_accounts::table.find(account))
            .set((
                staff_accounts::status.eq(status),
                staff_accounts::version.eq(staff_accounts::version + 1),
            ))
            .execute(connection)
    })?;
    if rows == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// Sets a password that the person chose, when the row still has `version`.
///
/// # Errors
/// `Stale`, or the database's failure.
pub fn set_password(
    transaction: &mut Transaction<'_>,
    id: i64,
    version: i64,
    password_hash: &str,
) -> Result<(), StoreError> {
    transaction.guarded(|connection| {
        diesel::update(staff_accounts::table.filter(staff_accounts::id.eq(id).and(staff_accounts::version.eq(version))))
            .set((
                staff_accounts::password_hash.eq(password_hash),
                staff_accounts::must_change_password.eq(false),
                staff_accounts::version.eq(version + 1),
            ))
            .execute(connection)
    })
}
