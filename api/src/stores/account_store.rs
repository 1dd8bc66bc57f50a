//! Residents' accounts as rows. Numbers are sealed before they come here; what a status means is decided elsewhere.

use diesel::prelude::*;

use crate::database::{
    DbConnection, StoreError, Transaction,
    append::append_row,
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
}

impl PersonRow {
    /// Whether somebody may sign in to it: a blocked account is limited, a closed one is nobody's.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.status != "closed"
    }

    /// Whether it was blocked for abuse.
    #[must_use]
    pub fn is_blocked(&self) -> bool {
        self.status == "blocked"
    }
}

/// A new resident.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = persons)]
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
}
append_row!(NewPersonRow, persons::table, order = 10);

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
            .execute(connection)
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
            .execute(connection)
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
            .execute(connection)
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
            .execute(connection)
    })
}
