//! Which stored files rows name, and taking the public copies' names away. Removing the files is the caller's, after the commit.

use diesel::prelude::*;

use crate::database::{
    DbConnection, StoreError, Transaction,
    prepared::ExecutePrepared,
    schema::{case_photos, photos},
};

/// Those of these keys that a photograph or a public copy is kept under. Ask for at most a few hundred at a time.
///
/// # Errors
/// The database's failure.
pub fn list_named(connection: &mut DbConnection, keys: &[&str]) -> QueryResult<Vec<String>> {
    let mut named: Vec<String> = photos::table
        .filter(photos::original_key.eq_any(keys))
        .select(photos::original_key)
        .load(connection)?;
    named.extend::<Vec<String>>(
        photos::table
            .filter(photos::display_key.eq_any(keys))
            .select(photos::display_key)
            .load(connection)?,
    );
    named.extend::<Vec<String>>(
        photos::table
            .filter(photos::thumbnail_key.eq_any(keys))
            .select(photos::thumbnail_key)
            .load(connection)?,
    );
    named.extend::<Vec<String>>(
        case_photos::table
            .filter(case_photos::public_display_key.eq_any(keys))
            .select(case_photos::public_display_key.assume_not_null())
            .load(connection)?,
    );
    named.extend::<Vec<String>>(
        case_photos::table
            .filter(case_photos::public_thumbnail_key.eq_any(keys))
            .select(case_photos::public_thumbnail_key.assume_not_null())
            .load(connection)?,
    );
    Ok(named)
}

/// Takes the released photos of these cases back and answers the keys of their public copies.
///
/// # Errors
/// The database's failure.
pub fn take_back_copies(transaction: &mut Transaction<'_>, case_ids: &[i64]) -> Result<Vec<String>, StoreError> {
    type Copies = (i64, Option<String>, Option<String>);
    let copies: Vec<Copies> = transaction.read(|connection| {
        case_photos::table
            .filter(case_photos::case_id.eq_any(case_ids))
            .filter(case_photos::public_display_key.is_not_null())
            .select((
                case_photos::id,
                case_photos::public_display_key,
                case_photos::public_thumbnail_key,
            ))
            .load(connection)
    })?;
    if copies.is_empty() {
        return Ok(vec![]);
    }
    let none: Option<&str> = None;
    transaction.change(|connection| {
        diesel::update(case_photos::table)
            .filter(case_photos::case_id.eq_any(case_ids))
            .filter(case_photos::public_display_key.is_not_null())
            .set((
                case_photos::version.eq(case_photos::version + 1),
                case_photos::publication.eq("none"),
                case_photos::public_display_key.eq(none),
                case_photos::public_thumbnail_key.eq(none),
            ))
            .execute_prepared(connection)
    })?;
    Ok(copies
        .into_iter()
        .flat_map(|(_, display, thumbnail)| [display, thumbnail])
        .flatten()
        .collect())
}
