//! Everything in the database that is sealed with a replaceable key, page by page, for the day when that key is replaced.
//! A column that is sealed and not listed here would be lost with its key.

use diesel::prelude::*;

use crate::database::{
    DbConnection, StoreError, Transaction,
    prepared::ExecutePrepared,
    schema::{number_changes, outbox, persons, staff_accounts},
};

/// Where sealed values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealedPlace {
    /// Residents' telephone numbers.
    Phones,
    /// Numbers that wait to take the place of residents' present ones.
    NewPhones,
    /// Second factors of staff.
    SecondFactors,
    /// Text messages that wait or were given up; base64.
    Messages,
}

impl SealedPlace {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Phones, Self::NewPhones, Self::SecondFactors, Self::Messages];
}

/// A row's id and its sealed value as it is stored.
pub type Sealed = (i64, Vec<u8>);

/// The next rows of this place behind `after`.
///
/// # Errors
/// The database's failure.
pub fn find_sealed(
    connection: &mut DbConnection,
    place: SealedPlace,
    after: i64,
    limit: i64,
) -> QueryResult<Vec<Sealed>> {
    match place {
        SealedPlace::Phones => persons::table
            .filter(persons::id.gt(after))
            // Nothing is left of a closed account's number.
            .filter(persons::phone_cipher.ne(Vec::<u8>::new()))
            .order(persons::id)
            .limit(limit)
            .select((persons::id, persons::phone_cipher))
            .load(connection),
        SealedPlace::NewPhones => number_changes::table
            .filter(number_changes::person_id.gt(after))
            .order(number_changes::person_id)
            .limit(limit)
            .select((number_changes::person_id, number_changes::phone_cipher))
            .load(connection),
        SealedPlace::SecondFactors => staff_accounts::table
            .filter(staff_accounts::id.gt(after))
            .filter(staff_accounts::totp_cipher.is_not_null())
            .order(staff_accounts::id)
            .limit(limit)
            .select((staff_accounts::id, staff_accounts::totp_cipher.assume_not_null()))
            .load(connection),
        SealedPlace::Messages => {
            let rows: Vec<(i64, String)> = outbox::table
                .filter(outbox::id.gt(after).and(outbox::task.eq("sms")))
                .order(outbox::id)
                .limit(limit)
                .select((outbox::id, outbox::payload))
                .load(connection)?;
            Ok(rows.into_iter().map(|(id, text)| (id, text.into_bytes())).collect())
        }
    }
}

/// Puts the new value in place of the old one, unless the row was changed or removed meanwhile: then it is as it should be.
///
/// # Errors
/// The database's failure.
pub fn replace_sealed(
    transaction: &mut Transaction<'_>,
    place: SealedPlace,
    (id, old): &Sealed,
    new: &[u8],
) -> Result<(), StoreError> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    transaction.change(|connection| match place {
        SealedPlace::Phones => diesel::update(persons::table.find(id).filter(persons::phone_cipher.eq(old)))
            .set(persons::phone_cipher.eq(new))
            .execute_prepared(connection),
        SealedPlace::NewPhones => diesel::update(
            number_changes::table
                .find(id)
                .filter(number_changes::phone_cipher.eq(old)),
        )
        .set(number_changes::phone_cipher.eq(new))
        .execute_prepared(connection),
        SealedPlace::SecondFactors => diesel::update(
            staff_accounts::table
                .find(id)
                .filter(staff_accounts::totp_cipher.eq(old)),
        )
        .set(staff_accounts::totp_cipher.eq(new))
        .execute_prepared(connection),
        SealedPlace::Messages => diesel::update(outbox::table.find(id).filter(outbox::payload.eq(text(old))))
            .set(outbox::payload.eq(text(new)))
            .execute_prepared(connection),
    })?;
    Ok(())
}
