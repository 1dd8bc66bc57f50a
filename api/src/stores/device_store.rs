//! Devices that asked for push messages, as rows. A token belongs to the account that registered it last.

use diesel::{prelude::*, upsert::excluded};

use crate::database::{DbConnection, StoreError, Transaction, connection::on_each_backend, schema::push_devices};

/// Devices an account may have; the one seen longest ago gives way.
pub const MOST_DEVICES: usize = 10;

/// A registered device.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = push_devices)]
pub struct DeviceRow {
    /// The device.
    pub id: i64,
    /// Who reads the messages.
    pub account_id: i64,
    /// The push service.
    pub provider: String,
    /// The registration token.
    pub token: String,
    /// When the device last said that it is there.
    pub seen_at: i64,
}

/// Registers a device, or moves its token to this account; answers the row as it is now.
///
/// # Errors
/// The database's failure.
pub fn set_device(transaction: &mut Transaction<'_>, row: &DeviceRow) -> Result<DeviceRow, StoreError> {
    transaction.change(|connection| {
        on_each_backend!(connection, |inner| {
            diesel::insert_into(push_devices::table)
                .values(row)
                .on_conflict((push_devices::provider, push_devices::token))
                .do_update()
                .set((
                    push_devices::account_id.eq(excluded(push_devices::account_id)),
                    push_devices::seen_at.eq(excluded(push_devices::seen_at)),
                ))
                .execute(inner)
        })
    })?;
    let devices = transaction.read(|connection| list_devices(connection, row.account_id))?;
    if let Some(oldest) = devices.iter().min_by_key(|device| (device.seen_at, device.id))
        && devices.len() > MOST_DEVICES
    {
        let oldest = oldest.id;
        transaction.change(|connection| diesel::delete(push_devices::table.find(oldest)).execute(connection))?;
    }
    devices
        .into_iter()
        .find(|device| device.provider == row.provider && device.token == row.token)
        .ok_or(StoreError::NotFound)
}

/// The devices of an account.
///
/// # Errors
/// The database's failure.
pub fn list_devices(connection: &mut DbConnection, account: i64) -> QueryResult<Vec<DeviceRow>> {
    push_devices::table
        .filter(push_devices::account_id.eq(account))
        .order(push_devices::id)
        .select(DeviceRow::as_select())
        .load(connection)
}

/// Removes a device of an account.
///
/// # Errors
/// `NotFound` when the account has no such device.
pub fn delete_device(transaction: &mut Transaction<'_>, account: i64, id: i64) -> Result<(), StoreError> {
    let rows = transaction.change(|connection| {
        diesel::delete(push_devices::table.filter(push_devices::id.eq(id).and(push_devices::account_id.eq(account))))
            .execute(connection)
    })?;
    if rows == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}
