//! The versions of the city's data. Rows are only ever added; the newest of each kind is in force.

use std::collections::BTreeMap;

use diesel::{
    dsl::{max, min},
    prelude::*,
};

use crate::database::{DbConnection, StoreError, Transaction, append::append_row, schema::city_data};

/// One version of one kind, without its content.
#[derive(Debug, Clone, Queryable)]
pub struct CityVersionRow {
    /// Tells when it was stored.
    pub id: i64,
    /// Name of the kind.
    pub kind: String,
    /// As the data call themselves.
    pub version: String,
    /// SHA-256 of the content in hexadecimal.
    pub sha256: String,
    /// `shipped`, or what it was imported from.
    pub source: String,
}

/// A version to add.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = city_data, treat_none_as_default_value = false)]
pub struct NewCityVersionRow {
    /// Tells when it is stored; must be above all ids that are there.
    pub id: i64,
    /// Name of the kind.
    pub kind: String,
    /// As the data call themselves.
    pub version: String,
    /// The whole text.
    pub content: String,
    /// SHA-256 of the content in hexadecimal.
    pub sha256: String,
    /// `shipped`, or what it was imported from.
    pub source: String,
    /// The staff account that imported it; none for the program and its commands.
    pub imported_by: Option<i64>,
}
append_row!(NewCityVersionRow, city_data::table, order = 1);

/// The id of the newest version of any kind; 0 when there is none.
///
/// # Errors
/// The database's failure.
pub fn newest_id(connection: &mut DbConnection) -> QueryResult<i64> {
    let newest: Option<i64> = city_data::table.select(max(city_data::id)).first(connection)?;
    Ok(newest.unwrap_or(0))
}

/// The id of the oldest version of any kind: the first row that a database gets, so that it tells how old the database is.
///
/// # Errors
/// The database's failure.
pub fn oldest_id(connection: &mut DbConnection) -> QueryResult<Option<i64>> {
    city_data::table.select(min(city_data::id)).first(connection)
}

/// Every version of every kind without content, the newest last.
///
/// # Errors
/// The database's failure.
pub fn list_versions(connection: &mut DbConnection) -> QueryResult<Vec<CityVersionRow>> {
    let columns = (
        city_data::id,
        city_data::kind,
        city_data::version,
        city_data::sha256,
        city_data::source,
    );
    city_data::table.select(columns).order(city_data::id).load(connection)
}

/// The newest version of each kind by the kind's name, without content.
///
/// # Errors
/// The database's failure.
pub fn list_newest(connection: &mut DbConnection) -> QueryResult<BTreeMap<String, CityVersionRow>> {
    let rows = list_versions(connection)?;
    Ok(rows.into_iter().map(|row| (row.kind.clone(), row)).collect())
}

/// The version of this kind that was stored last.
///
/// # Errors
/// The database's failure.
pub fn find_newest_version(connection: &mut DbConnection, kind: &str) -> QueryResult<Option<String>> {
    city_data::table
        .filter(city_data::kind.eq(kind))
        .order(city_data::id.desc())
        .select(city_data::version)
        .first(connection)
        .optional()
}

/// The content of one version of this kind.
///
/// # Errors
/// The database's failure.
pub fn find_content(connection: &mut DbConnection, kind: &str, version: &str) -> QueryResult<Option<String>> {
    city_data::table
        .filter(city_data::kind.eq(kind).and(city_data::version.eq(version)))
        .order(city_data::id.desc())
        .select(city_data::content)
        .first(connection)
        .optional()
}

/// The contents of these versions by the kind's name.
///
/// # Errors
/// The database's failure.
pub fn list_contents(connection: &mut DbConnection, ids: &[i64]) -> QueryResult<Vec<(String, String)>> {
    city_data::table
        .filter(city_data::id.eq_any(ids.to_vec()))
        .select((city_data::kind, city_data::content))
        .load(connection)
}

/// Adds versions after all others that are there. Their ids are raised where another process's clock was ahead.
///
/// # Errors
/// The database's refusal.
pub fn insert_versions(transaction: &mut Transaction<'_>, rows: Vec<NewCityVersionRow>) -> Result<(), StoreError> {
    let mut last = transaction.read(newest_id)?;
    for mut row in rows {
        row.id = row.id.max(last + 1);
        last = row.id;
        transaction.append(row);
    }
    Ok(())
}
