//! New numbers that wait to come into force, as rows: one a person. How long they wait is decided elsewhere.

use diesel::{prelude::*, upsert::excluded};

use crate::database::{DbConnection, StoreError, Transaction, connection::on_each_backend, schema::number_changes};

/// A number that waits.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = number_changes)]
pub struct NumberChangeRow {
    /// Whose.
    pub person_id: i64,
    /// The new number, sealed for `person.phone`.
    pub phone_cipher: Vec<u8>,
    /// The keyed hash of the new number.
    pub phone_lookup: String,
    /// The session that asked, which stays.
    pub session: i64,
    /// When it comes into force.
    pub due_at: i64,
}

/// Lets a number wait, in place of another that waits.
///
/// # Errors
/// The database's failure.
pub fn set_waiting(transaction: &mut Transaction<'_>, row: &NumberChangeRow) -> Result<(), StoreError> {
    transaction.change(|connection| {
        on_each_backend!(connection, |inner| {
            diesel::insert_into(number_changes::table)
                .values(row)
                .on_conflict(number_changes::person_id)
                .do_update()
                .set((
                    number_changes::phone_cipher.eq(excluded(number_changes::phone_cipher)),
                    number_changes::phone_lookup.eq(excluded(number_changes::phone_lookup)),
                    number_changes::session.eq(excluded(number_changes::session)),
                    number_changes::due_at.eq(excluded(number_changes::due_at)),
                ))
                .execute(inner)
        })
    })?;
    Ok(())
}

/// The number that waits for this person.
///
/// # Errors
/// The database's failure.
pub fn find_waiting(connection: &mut DbConnection, person: i64) -> QueryResult<Option<NumberChangeRow>> {
    number_changes::table
        .find(person)
        .select(NumberChangeRow::as_select())
        .first(connection)
        .optional()
}

/// People whose new number is due, the longest waiting first.
///
/// # Errors
/// The database's failure.
pub fn list_due(connection: &mut DbConnection, now: i64, limit: i64) -> QueryResult<Vec<i64>> {
    number_changes::table
        .filter(number_changes::due_at.le(now))
        .order(number_changes::due_at.asc())
        .limit(limit)
        .select(number_changes::person_id)
        .load(connection)
}

/// Forgets the number that waits; answers how many there were.
///
/// # Errors
/// The database's failure.
pub fn delete_waiting(transaction: &mut Transaction<'_>, person: i64) -> Result<usize, StoreError> {
    transaction.change(|connection| diesel::delete(number_changes::table.find(person)).execute(connection))
}
