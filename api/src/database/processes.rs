//! Each running process leases a number, so that ids made by several processes on one database never collide.

use diesel::prelude::*;
use shared::domain::time::Timestamp;

use super::{
    DbConnection, StoreError, Transaction, connection::on_each_backend, ids::MOST_PROCESSES, prepared::ExecutePrepared,
    schema::processes,
};

/// How long a number stays taken without renewal.
const LEASE_MINUTES: i64 = 10;

/// A number that this process holds until the lease ends.
#[derive(Debug, Clone)]
pub(super) struct ProcessLease {
    /// The number.
    pub(super) number: i64,
    token: String,
}

impl ProcessLease {
    /// Takes the lowest number that nobody holds.
    pub(super) fn take(connection: &mut DbConnection, now: Timestamp) -> Result<Self, StoreError> {
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
            let granted = inserted == 1
                || diesel::update(processes::table.find(number).filter(processes::leased_until.lt(now.0)))
                    .set((processes::token.eq(&token), processes::leased_until.eq(until)))
                    .execute_prepared(connection)?
                    == 1;
            if granted {
                return Ok(Self { number, token });
            }
        }
        Err(StoreError::Busy)
    }

    /// Holds the number for another while; `Stale` when somebody else took it meanwhile.
    pub(super) fn renew(&self, transaction: &mut Transaction<'_>, now: Timestamp) -> Result<(), StoreError> {
        self.hold_until(transaction, now.plus_minutes(LEASE_MINUTES))
    }

    /// Gives the number back.
    pub(super) fn give_back(&self, transaction: &mut Transaction<'_>, now: Timestamp) -> Result<(), StoreError> {
        self.hold_until(transaction, Timestamp(now.0 - 1))
    }

    fn hold_until(&self, transaction: &mut Transaction<'_>, until: Timestamp) -> Result<(), StoreError> {
        transaction.guarded(|connection| {
            diesel::update(
                processes::table
                    .find(self.number)
                    .filter(processes::token.eq(&self.token)),
            )
            .set(processes::leased_until.eq(until.0))
            .execute_prepared(connection)
        })
    }
}
