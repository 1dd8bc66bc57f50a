//! Each running process leases a number, so that ids made by several processes on one database never collide.

use diesel::prelude::*;
use shared::domain::time::Timestamp;

use super::{DbConnection, StoreError, connection::on_each_backend, ids::MOST_PROCESSES, schema::processes};

/// How long a number stays taken without renewal.
const LEASE_MINUTES: i64 = 10;

/// Takes the lowest free number.
pub(super) fn lease_number(connection: &mut DbConnection, now: Timestamp) -> Result<i64, StoreError> {
    let token = uuid::Uuid::new_v4().to_string();
    let until = now.plus_minutes(LEASE_MINUTES).0;
    for number in 0..MOST_PROCESSES {
        let inserted = on_each_backend!(connection, |inner| {
            diesel::insert_into(processes::table)
                .values((
                    processes::number.eq(number),
                    processes::token.eq(&token),
                    processes::leased_until.eq(until),
                ))
                .on_conflict(processes::number)
                .do_nothing()
                .execute(inner)?
        });
        let granted = if inserted == 1 {
            1
        } else {
            diesel::update(processes::table.find(number).filter(processes::leased_until.lt(now.0)))
                .set((processes::token.eq(&token), processes::leased_until.eq(until)))
                .execute(connection)?
        };
        if granted == 1 {
            return Ok(number);
        }
    }
    Err(StoreError::Busy)
}
