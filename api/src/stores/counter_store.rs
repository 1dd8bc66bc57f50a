//! Counters that are kept as things change, since nobody counts rows: public cases by cell of the map, and the figures of the city.

use std::collections::BTreeMap;

use diesel::prelude::*;
use h3o::{CellIndex, Resolution};

use super::case_store::CaseRow;
use crate::database::{DbConnection, Transaction, schema::counters};

/// Public cases by cell; the dimension is the resolution's digit, a colon and the cell.
pub const PUBLIC_BY_CELL: &str = "public_cases_by_cell";
/// Coarse cells, about 250 km²: a county has a few.
pub const COARSE: Resolution = Resolution::Five;
/// Fine cells, about 5 km²: a town.
pub const FINE: Resolution = Resolution::Seven;
/// Counters read at once.
const MOST_CELLS: i64 = 5_000;

/// Counts a case into the public map (`amount` 1) or out of it (−1). Cases that nobody may see or that have no point are passed over.
pub fn count_public(transaction: &mut Transaction<'_>, row: &CaseRow, amount: i64) {
    if !row.is_public() {
        return;
    }
    let cell = row
        .h3_cell
        .and_then(|cell| CellIndex::try_from(cell.cast_unsigned()).ok());
    let Some(cell) = cell else { return };
    for resolution in [COARSE, FINE] {
        if let Some(parent) = cell.parent(resolution) {
            transaction.count(PUBLIC_BY_CELL, dimension(parent), amount);
        }
    }
}

fn dimension(cell: CellIndex) -> String {
    format!("{}:{cell}", u8::from(cell.resolution()))
}

/// How many public cases each of these cells has; cells without any are left out.
///
/// # Errors
/// The database's failure.
pub fn list_cells(connection: &mut DbConnection, cells: &[CellIndex]) -> QueryResult<Vec<(CellIndex, i64)>> {
    let mut found = Vec::new();
    for chunk in cells.chunks(500) {
        let names: Vec<String> = chunk.iter().copied().map(dimension).collect();
        let rows: Vec<(String, i64)> = counters::table
            .filter(counters::name.eq(PUBLIC_BY_CELL).and(counters::dimension.eq_any(names)))
            .select((counters::dimension, counters::amount))
            .load(connection)?;
        found.extend(rows.into_iter().filter_map(counted));
    }
    Ok(found)
}

/// All coarse cells with public cases.
///
/// # Errors
/// The database's failure.
pub fn list_coarse_cells(connection: &mut DbConnection) -> QueryResult<Vec<(CellIndex, i64)>> {
    let digit = u8::from(COARSE);
    let rows: Vec<(String, i64)> = counters::table
        .filter(counters::name.eq(PUBLIC_BY_CELL))
        .filter(counters::dimension.ge(format!("{digit}:")))
        .filter(counters::dimension.lt(format!("{digit};")))
        .limit(MOST_CELLS)
        .select((counters::dimension, counters::amount))
        .load(connection)?;
    Ok(rows.into_iter().filter_map(counted).collect())
}

fn counted((dimension, amount): (String, i64)) -> Option<(CellIndex, i64)> {
    let (_, cell) = dimension.split_once(':')?;
    Some((cell.parse().ok()?, amount)).filter(|(_, amount)| *amount > 0)
}

/// All dimensions of these counters, by name and dimension.
///
/// # Errors
/// The database's failure.
pub fn list_counters(connection: &mut DbConnection, names: &[&str]) -> QueryResult<BTreeMap<(String, String), i64>> {
    let rows: Vec<(String, String, i64)> = counters::table
        .filter(counters::name.eq_any(names.to_vec()))
        .limit(MOST_CELLS)
        .select((counters::name, counters::dimension, counters::amount))
        .load(connection)?;
    Ok(rows
        .into_iter()
        .map(|(name, dimension, amount)| ((name, dimension), amount))
        .collect())
}
