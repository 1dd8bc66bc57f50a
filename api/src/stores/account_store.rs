//! Residents' accounts as rows. Numbers are sealed before they come here; what a status means is decided elsewhere.

use diesel::prelude::*;

use crate::database::{
    DbConnection, StoreError, Transaction,
    append::append_row,
    prepared::ExecutePrepared,
    schema::{cases, persons},
};

/// A resident.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = persons)]
pub struct PersonRow {
    /// The account.
    pub id: i64,
    /// Rises with each change.
    pub version: i64,
    /// The number, sealed for `person.phone`.
    pub phone_cipher: Vec<u8>,
    /// The keyed hash of the number.
    pub phone_lookup: String,
    /// How the person wants to be addressed.
    pub display_name: Option<String>,
    /// argon2id in PHC form.
    pub password_hash: Option<String>,
    /// Language of the messages.
    pub locale: String,
    /// `active`, `blocked` or `closed`.
    pub status: String,
    /// When the number was first proven; none for somebody who only called so far.
    pub verified_at: Option<i64>,
}

impl PersonRow {
    /// Whether somebody may sign in to it: a blocked account is limited, a closed one is nobody's.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.status != "closed"
    }

    /// Whether the owner of the number has registered; else a clerk wrote the number down.
    #[must_use]
    pub fn is_registered(&self) -> bool {
        self.verified_at.is_some()
    }

    /// Whether it was blocked for abuse.
    #[must_use]
    pub fn is_blocked(&self) -> bool {
        self.status == "blocked"
    }
}

/// A new resident.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = persons, treat_none_as_default_value = false)]
pub struct NewPersonRow {
    /// The account.
    pub id: i64,
    /// 1.
    pub version: i64,
    /// The number, sealed for `person.phone`.
    pub phone_cipher: Vec<u8>,
    /// The keyed hash of the number.
    pub phone_lookup: String,
    /// How the person wants to be addressed.
    pub display_name: Option<String>,
    /// argon2id in PHC form.
    pub password_hash: Option<String>,
    /// Language of the messages.
    pub locale: String,
    /// `active`.
    pub status: String,
    /// When the number was proven.
    pub verified_at: Option<i64>,
}

impl NewPersonRow {
    /// Somebody of whom nothing is known but a number that nobody has proven.
    #[must_use]
    pub fn unverified(id: i64, phone_cipher: Vec<u8>, phone_lookup: String) -> Self {
        Self {
            id,
            version: 1,
            phone_cipher,
            phone_lookup,
            display_name: None,
            password_hash: None,
            locale: "zh-CN".to_owned(),
            status: "active".to_owned(),
            verified_at: None,
        }
    }
}
append_row!(NewPersonRow, persons::table, order = 9);

/// The resident with this number, by its keyed hash.
///
/// # Errors
/// The database's failure.
pub fn find_by_phone(connection: &mut DbConnection, phone_lookup: &str) -> QueryResult<Option<PersonRow>> {
    persons::table
        .filter(persons::phone_lookup.eq(phone_lookup))
        .select(PersonRow::as_select())
        .first(connection)
        .optional()
}

/// The resident with this id.
///
/// # Errors
/// `NotFound`, or the database's failure.
pub fn get_person(connection: &mut DbConnection, id: i64) -> QueryResult<PersonRow> {
    persons::table.find(id).select(PersonRow::as_select()).first(connection)
}

/// Makes an account of somebody whom a clerk wrote down: the owner of the number registers with what `registered` holds.
///
/// # Errors
/// `Stale`, or the database's failure.
pub fn register_caller(
    transaction: &mut Transaction<'_>,
    caller: &PersonRow,
    registered: &NewPersonRow,
) -> Result<(), StoreError> {
    let as_read = persons::id
        .eq(caller.id)
        .and(persons::version.eq(caller.version))
        .and(persons::verified_at.is_null());
    transaction.guarded(|connection| {
        diesel::update(persons::table.filter(as_read))
            .set((
                persons::display_name.eq(&registered.display_name),
                persons::password_hash.eq(&registered.password_hash),
                persons::verified_at.eq(registered.verified_at),
                persons::version.eq(caller.version + 1),
            ))
            .execute_prepared(connection)
    })
}

/// Sets how the person wants to be addressed, when the row still has `version`.
///
/// # Errors
/// `Stale`, or the database's failure.
pub fn set_display_name(
    transaction: &mut Transaction<'_>,
    id: i64,
    version: i64,
    name: Option<&str>,
) -> Result<(), StoreError> {
    transaction.guarded(|connection| {
        diesel::update(persons::table.filter(persons::id.eq(id).and(persons::version.eq(version))))
            .set((persons::display_name.eq(name), persons::version.eq(version + 1)))
            .execute_prepared(connection)
    })
}

/// Sets the password, when the row still has `version`.
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
        diesel::update(persons::table.filter(persons::id.eq(id).and(persons::version.eq(version))))
            .set((
                persons::password_hash.eq(password_hash),
                persons::version.eq(version + 1),
            ))
            .execute_prepared(connection)
    })
}

/// Sets the number, when the row still has `version`.
///
/// # Errors
/// `Duplicate` when somebody else has it; `Stale`, or the database's failure.
pub fn set_phone(
    transaction: &mut Transaction<'_>,
    id: i64,
    version: i64,
    phone_cipher: &[u8],
    phone_lookup: &str,
) -> Result<(), StoreError> {
    transaction.guarded(|connection| {
        diesel::update(persons::table.filter(persons::id.eq(id).and(persons::version.eq(version))))
            .set((
                persons::phone_cipher.eq(phone_cipher),
                persons::phone_lookup.eq(phone_lookup),
                persons::version.eq(version + 1),
            ))
            .execute_prepared(connection)
    })
}

/// The requester of this case, if the number is his.
///
/// # Errors
/// The database's failure.
pub fn find_requester(connection: &mut DbConnection, case_id: i64, phone_lookup: &str) -> QueryResult<Option<i64>> {
    persons::table
        .inner_join(cases::table.on(cases::requester_id.eq(persons::id.nullable())))
        .filter(cases::id.eq(case_id))
        .filter(persons::phone_lookup.eq(phone_lookup).and(persons::status.ne("closed")))
        .select(persons::id)
        .first(connection)
        .optional()
}

/// Blocks an active account, or opens a blocked one again.
///
/// # Errors
/// `Stale` when there was nothing to change, or the database's failure.
pub fn set_blocked(transaction: &mut Transaction<'_>, id: i64, blocked: bool) -> Result<(), StoreError> {
    let (from, to) = if blocked {
        ("active", "blocked")
    } else {
        ("blocked", "active")
    };
    transaction.guarded(|connection| {
        diesel::update(persons::table.filter(persons::id.eq(id).and(persons::status.eq(from))))
            .set((persons::status.eq(to), persons::version.eq(persons::version + 1)))
            .execute_prepared(connection)
    })
}
