//! Leases by name: work that one process does for all of them. A lease that is not renewed passes to whoever asks next.

use diesel::prelude::*;
use shared::domain::time::Timestamp;

use crate::database::{
    StoreError, Transaction, connection::on_each_backend, prepared::ExecutePrepared, schema::leases,
};

/// Takes or renews the lease; `false` while somebody else holds it.
///
/// # Errors
/// The database's failure.
pub fn take_lease(
    transaction: &mut Transaction<'_>,
    name: &str,
    holder: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, StoreError> {
    let free = leases::holder.eq(holder).or(leases::held_until.le(now.0));
    let taken = transaction.change(|connection| {
        diesel::update(leases::table.filter(leases::name.eq(name)).filter(free))
            .set((leases::holder.eq(holder), leases::held_until.eq(until.0)))
            .execute_prepared(connection)
    })?;
    if taken > 0 {
        return Ok(true);
    }
    let first = transaction.change(|connection| {
        on_each_backend!(connection, |inner| {
            diesel::insert_into(leases::table)
                .values((
                    leases::name.eq(name),
                    leases::holder.eq(holder),
                    leases::held_until.eq(until.0),
                ))
                .on_conflict_do_nothing()
                .execute(inner)
        })
    })?;
    Ok(first > 0)
}
