//! Staff accounts and their grants as rows. Who may give which role is decided elsewhere.

use diesel::prelude::*;
use shared::domain::role::{Grant, Role};

use crate::database::{
    DbConnection, StoreError, Transaction,
    append::append_row,
    prepared::ExecutePrepared,
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
    /// When the password was set.
    pub password_set_at: i64,
    /// `active`, `blocked` or `closed`.
    pub status: String,
    /// When the account ends by itself.
    pub active_until: Option<i64>,
    /// When the second factor was enrolled that is asked for.
    pub second_factor_since: Option<i64>,
}

/// A new staff account.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = staff_accounts, treat_none_as_default_value = false)]
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
    /// Now.
    pub password_set_at: i64,
    /// `active`.
    pub status: String,
    /// When the account ends by itself.
    pub active_until: Option<i64>,
}
append_row!(NewStaffRow, staff_accounts::table, order = 10);

/// Names asked for in one statement, below the bound of both databases.
const NAMES_AT_ONCE: usize = 500;

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
#[diesel(table_name = staff_grants, treat_none_as_default_value = false)]
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

/// The grants in force of one account, as the rules see them; rows that this program cannot read give nothing.
///
/// # Errors
/// The database's failure.
pub fn list_grants_of(connection: &mut DbConnection, account: i64) -> QueryResult<Vec<Grant>> {
    let rows = list_grants(connection, &[account])?;
    Ok(rows.iter().filter_map(GrantRow::grant).collect())
}

/// Which of these names are taken.
///
/// # Errors
/// The database's failure.
pub fn list_taken(connection: &mut DbConnection, usernames: &[String]) -> QueryResult<Vec<String>> {
    let mut taken = Vec::new();
    for part in usernames.chunks(NAMES_AT_ONCE) {
        let found: Vec<String> = staff_accounts::table
            .filter(staff_accounts::username.eq_any(part))
            .select(staff_accounts::username)
            .load(connection)?;
        taken.extend(found);
    }
    Ok(taken)
}

/// Active accounts with one of these roles, at most a hundred.
///
/// # Errors
/// The database's failure.
pub fn list_with_roles(connection: &mut DbConnection, roles: &[&str], now: i64) -> QueryResult<Vec<i64>> {
    staff_accounts::table
        .inner_join(staff_grants::table.on(staff_grants::account_id.eq(staff_accounts::id)))
        .filter(staff_accounts::status.eq("active"))
        .filter(
            staff_accounts::active_until
                .is_null()
                .or(staff_accounts::active_until.gt(now)),
        )
        .filter(staff_grants::revoked_at.is_null().and(staff_grants::role.eq_any(roles)))
        .select(staff_accounts::id)
        .distinct()
        .order(staff_accounts::id.asc())
        .limit(100)
        .load(connection)
}

/// Id and name of the active accounts that have the role for one of these units or for all, by name.
///
/// # Errors
/// The database's failure.
pub fn list_people(
    connection: &mut DbConnection,
    role: Role,
    units: &[String],
    now: i64,
    limit: i64,
) -> QueryResult<Vec<(i64, String)>> {
    staff_grants::table
        .inner_join(staff_accounts::table.on(staff_accounts::id.eq(staff_grants::account_id)))
        .filter(
            staff_grants::role
                .eq(role.as_str())
                .and(staff_grants::revoked_at.is_null()),
        )
        .filter(staff_grants::unit.is_null().or(staff_grants::unit.eq_any(units)))
        .filter(staff_accounts::status.eq("active"))
        .filter(
            staff_accounts::active_until
                .is_null()
                .or(staff_accounts::active_until.gt(now)),
        )
        .select((staff_accounts::id, staff_accounts::display_name))
        .distinct()
        .order((staff_accounts::display_name.asc(), staff_accounts::id.asc()))
        .limit(limit)
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
        .execute_prepared(connection)
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
            .execute_prepared(connection)
    })?;
    if rows == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// A new password.
pub struct PasswordChange<'a> {
    /// argon2id in PHC form.
    pub password_hash: &'a str,
    /// Whether somebody else chose it.
    pub must_change: bool,
    /// The present moment.
    pub now: i64,
}

/// Sets a password, when the row still has `version`.
///
/// # Errors
/// `Stale`, or the database's failure.
pub fn set_password(
    transaction: &mut Transaction<'_>,
    id: i64,
    version: i64,
    change: &PasswordChange<'_>,
) -> Result<(), StoreError> {
    transaction.guarded(|connection| {
        diesel::update(staff_accounts::table.filter(staff_accounts::id.eq(id).and(staff_accounts::version.eq(version))))
            .set((
                staff_accounts::password_hash.eq(change.password_hash),
                staff_accounts::must_change_password.eq(change.must_change),
                staff_accounts::password_set_at.eq(change.now),
                staff_accounts::version.eq(version + 1),
            ))
            .execute_prepared(connection)
    })
}

/// The grants of a role in force of active staff, at most `limit`.
///
/// # Errors
/// The database's failure.
pub fn list_role_holders(connection: &mut DbConnection, role: Role, limit: i64) -> QueryResult<Vec<GrantRow>> {
    staff_grants::table
        .inner_join(staff_accounts::table.on(staff_accounts::id.eq(staff_grants::account_id)))
        .filter(
            staff_grants::role
                .eq(role.as_str())
                .and(staff_grants::revoked_at.is_null()),
        )
        .filter(staff_accounts::status.eq("active"))
        .order(staff_grants::id.asc())
        .limit(limit)
        .select(GrantRow::as_select())
        .load(connection)
}
