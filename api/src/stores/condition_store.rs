//! What an examination wants to know of a database, read without changing anything.

use diesel::{
    prelude::*,
    sql_types::{BigInt, Nullable},
};

use super::city_store;
use crate::database::{DbConnection, StoreError};

/// The state of a database.
#[derive(QueryableByName)]
pub struct ConditionRow {
    /// The newest id of what people do most; tells when that was.
    #[diesel(sql_type = BigInt)]
    pub newest_id: i64,
    /// The database server's clock, in microseconds since 1970; none for the embedded database, which has no clock.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub database_now: Option<i64>,
}

/// Reads it.
///
/// # Errors
/// The database's failure.
pub fn read_condition(connection: &mut DbConnection) -> QueryResult<ConditionRow> {
    let now = match connection {
        DbConnection::Sqlite(_) => "NULL",
        DbConnection::Postgres(_) => "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)",
    };
    let newest = ["audit_records", "cases", "sessions"]
        .map(|table| format!("SELECT max(id) AS id FROM {table}"))
        .join(" UNION ALL ");
    diesel::sql_query(format!(
        "SELECT coalesce((SELECT max(id) FROM ({newest}) AS newest), 0) AS newest_id, {now} AS database_now"
    ))
    .get_result(connection)
}

/// Kind and content of the city's data in force.
///
/// # Errors
/// The database's failure.
pub fn list_city_data(connection: &mut DbConnection) -> Result<Vec<(String, String)>, StoreError> {
    let newest = city_store::list_newest(connection)?;
    let ids: Vec<i64> = newest.values().map(|row| row.id).collect();
    Ok(city_store::list_contents(connection, &ids)?.into_iter().collect())
}
