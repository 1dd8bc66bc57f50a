//! What a database remembers of the installation that it belongs to: which keys its contents were written with.

use diesel::prelude::*;

use crate::database::{DbConnection, StoreError, Transaction, connection::on_each_backend, schema::installation};

/// The only row.
const ROW: i64 = 1;

/// The fingerprint of the keys that this database was begun with; none before the first start.
///
/// # Errors
/// The database's failure.
pub fn find_key_fingerprint(connection: &mut DbConnection) -> QueryResult<Option<String>> {
    installation::table
        .find(ROW)
        .select(installation::key_fingerprint)
        .first(connection)
        .optional()
}

/// Remembers the fingerprint, unless another process was faster.
///
/// # Errors
/// The database's failure.
pub fn insert_key_fingerprint(transaction: &mut Transaction<'_>, fingerprint: &str) -> Result<(), StoreError> {
    transaction.change(|connection| {
        on_each_backend!(connection, |inner| {
            diesel::insert_into(installation::table)
                .values((installation::id.eq(ROW), installation::key_fingerprint.eq(fingerprint)))
                .on_conflict_do_nothing()
                .execute(inner)
        })
    })?;
    Ok(())
}
