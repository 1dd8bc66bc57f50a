//! Consents as rows: each giving is a row with the wording's version; withdrawing stamps it.

use diesel::prelude::*;

use crate::database::{
    DbConnection, StoreError, Transaction,
    append::append_row,
    prepared::ExecutePrepared,
    schema::{cases, consents},
};

/// A consent that was given.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = consents, treat_none_as_default_value = false)]
pub struct ConsentRow {
    /// The row; tells the time.
    pub id: i64,
    /// What for.
    pub purpose: String,
    /// The wording that was agreed to.
    pub wording_version: String,
    /// How: `online` or `hotline`.
    pub channel: String,
    /// When it was taken back.
    pub withdrawn_at: Option<i64>,
}

/// A consent being given.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = consents, treat_none_as_default_value = false)]
pub struct NewConsentRow {
    /// The row; tells the time.
    pub id: i64,
    /// Who agrees.
    pub person_id: i64,
    /// What for.
    pub purpose: String,
    /// The wording that was agreed to.
    pub wording_version: String,
    /// How: `online` or `hotline`.
    pub channel: String,
    /// The one case that it is about; none for all.
    pub case_id: Option<i64>,
}
append_row!(NewConsentRow, consents::table, order = 30);

/// The consents of a person that are not bound to one case and stand, oldest first.
///
/// # Errors
/// The database's failure.
pub fn list_standing(connection: &mut DbConnection, person: i64) -> QueryResult<Vec<ConsentRow>> {
    consents::table
        .filter(
            consents::person_id
                .eq(person)
                .and(consents::case_id.is_null())
                .and(consents::withdrawn_at.is_null()),
        )
        .order(consents::id)
        .select(ConsentRow::as_select())
        .load(connection)
}

/// Withdraws what the person gave for this purpose, not bound to one case.
///
/// # Errors
/// The database's failure.
pub fn move_to_withdrawn(
    transaction: &mut Transaction<'_>,
    person: i64,
    purpose: &str,
    now: i64,
) -> Result<usize, StoreError> {
    transaction.change(|connection| {
        diesel::update(
            consents::table.filter(
                consents::person_id
                    .eq(person)
                    .and(consents::purpose.eq(purpose))
                    .and(consents::case_id.is_null())
                    .and(consents::withdrawn_at.is_null()),
            ),
        )
        .set(consents::withdrawn_at.eq(Some(now)))
        .execute_prepared(connection)
    })
}

/// Withdraws what the person gave for this purpose for single cases.
///
/// # Errors
/// The database's failure.
pub fn move_of_cases_to_withdrawn(
    transaction: &mut Transaction<'_>,
    person: i64,
    purpose: &str,
    now: i64,
) -> Result<usize, StoreError> {
    let of_person = cases::table
        .filter(cases::requester_id.eq(person))
        .select(cases::id.nullable());
    transaction.change(|connection| {
        diesel::update(
            consents::table.filter(
                consents::case_id
                    .is_not_null()
                    .and(consents::case_id.eq_any(of_person))
                    .and(consents::person_id.eq(person))
                    .and(consents::purpose.eq(purpose))
                    .and(consents::withdrawn_at.is_null()),
            ),
        )
        .set(consents::withdrawn_at.eq(Some(now)))
        .execute_prepared(connection)
    })
}
