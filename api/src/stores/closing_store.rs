//! Accounts that are about to close, and what is removed when they do. The record of the matter stays, without the person.

use diesel::prelude::*;

use crate::database::{
    DbConnection, StoreError, Transaction,
    append::append_row,
    prepared::ExecutePrepared,
    schema::{
        cases, closings, consents, exports, follows, idempotency_keys, notice_settings, notices, number_changes,
        persons, push_devices, rights_requests, sessions,
    },
};

/// An account that closes.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = closings, treat_none_as_default_value = false)]
pub struct ClosingRow {
    /// Whose.
    pub person_id: i64,
    /// When.
    pub due_at: i64,
    /// Whether the open cases are withdrawn first.
    pub withdraw_cases: bool,
}
append_row!(ClosingRow, closings::table, order = 30);

/// Accounts that are due, the longest waiting first.
///
/// # Errors
/// The database's failure.
pub fn list_due(connection: &mut DbConnection, now: i64, limit: i64) -> QueryResult<Vec<ClosingRow>> {
    closings::table
        .filter(closings::due_at.le(now))
        .order(closings::due_at.asc())
        .limit(limit)
        .select(ClosingRow::as_select())
        .load(connection)
}

/// Takes a closing off the list; answers how many there were.
///
/// # Errors
/// The database's failure.
pub fn delete_closing(transaction: &mut Transaction<'_>, person: i64) -> Result<usize, StoreError> {
    transaction.change(|connection| diesel::delete(closings::table.find(person)).execute(connection))
}

/// Cases of this person that are still open, counted.
///
/// # Errors
/// The database's failure.
pub fn count_open_cases(connection: &mut DbConnection, person: i64) -> QueryResult<i64> {
    cases::table
        .filter(cases::requester_id.eq(person).and(cases::is_open.eq(true)))
        .count()
        .get_result(connection)
}

/// Open cases of this person, after the case `after`.
///
/// # Errors
/// The database's failure.
pub fn list_open_cases(connection: &mut DbConnection, person: i64, after: i64, limit: i64) -> QueryResult<Vec<i64>> {
    cases::table
        .filter(cases::requester_id.eq(person).and(cases::is_open.eq(true)))
        .filter(cases::id.gt(after))
        .order(cases::id.asc())
        .limit(limit)
        .select(cases::id)
        .load(connection)
}

/// Removes all that tells who the person is; what was agreed to stays on record as ended, and the cases without requester.
/// The empty account keeps the number of those who wrote, and lets the timeline name the same unknown person.
///
/// # Errors
/// The database's failure.
pub fn erase_person(transaction: &mut Transaction<'_>, person: i64, now: i64) -> Result<(), StoreError> {
    transaction.change(|connection| {
        diesel::update(persons::table.find(person))
            .set((
                persons::version.eq(persons::version + 1),
                persons::phone_cipher.eq(Vec::<u8>::new()),
                persons::phone_lookup.eq(format!("closed:{person}")),
                persons::display_name.eq(None::<String>),
                persons::password_hash.eq(None::<String>),
                persons::status.eq("closed"),
            ))
            .execute_prepared(connection)
    })?;
    let given = || consents::person_id.eq(person).and(consents::withdrawn_at.is_null());
    transaction.change(|connection| {
        diesel::update(consents::table.filter(consents::case_id.is_null().and(given())))
            .set(consents::withdrawn_at.eq(Some(now)))
            .execute_prepared(connection)
    })?;
    transaction.change(|connection| {
        let own_cases = cases::table
            .filter(cases::requester_id.eq(person))
            .select(cases::id.nullable());
        diesel::update(consents::table.filter(consents::case_id.eq_any(own_cases).and(given())))
            .set(consents::withdrawn_at.eq(Some(now)))
            .execute_prepared(connection)
    })?;
    transaction.change(|connection| {
        diesel::update(cases::table.filter(cases::requester_id.eq(person)))
            .set(cases::requester_id.eq(None::<i64>))
            .execute_prepared(connection)
    })?;
    // Who asked is gone: nobody waits for an answer any more.
    transaction.change(|connection| {
        let open = rights_requests::person_id
            .eq(person)
            .and(rights_requests::outcome.is_null());
        diesel::delete(rights_requests::table.filter(open)).execute(connection)
    })?;
    transaction.change(|connection| {
        diesel::update(rights_requests::table.filter(rights_requests::person_id.eq(person)))
            .set((rights_requests::words.eq(""), rights_requests::answer.eq(Some(""))))
            .execute_prepared(connection)
    })?;
    macro_rules! forget {
        ($($table:ident by $column:ident),+ $(,)?) => {
            $(transaction.change(|connection| {
                diesel::delete($table::table.filter($table::$column.eq(person))).execute(connection)
            })?;)+
        };
    }
    forget!(
        push_devices by account_id,
        sessions by account_id,
        notices by recipient_id,
        follows by person_id,
        idempotency_keys by actor_id,
        number_changes by person_id,
        notice_settings by person_id,
        exports by person_id,
    );
    Ok(())
}

/// All cases of this person, counted.
///
/// # Errors
/// The database's failure.
pub fn count_cases(connection: &mut DbConnection, person: i64) -> QueryResult<i64> {
    cases::table
        .filter(cases::requester_id.eq(person))
        .count()
        .get_result(connection)
}
