//! Publication rests on consent: when a resident takes it back, the public sees none of that person's cases any more.

use crate::{
    database::Transaction,
    errors::Failure,
    services::Services,
    stores::{
        counter_store,
        outbox_store::{OutboxRow, Task},
        photo_key_store, publication_store,
    },
};

/// Cases read at once.
const AT_ONCE: i64 = 200;

/// Makes all public cases of a person private, inside the transaction that writes the consent's end. Answers the keys of the
/// photos' public copies, whose files are to be removed after the commit.
///
/// # Errors
/// `Stale` when a case changed meanwhile; the database's failure.
pub fn withdraw_publication(
    services: &Services,
    transaction: &mut Transaction<'_>,
    person_id: i64,
) -> Result<Vec<String>, Failure> {
    let now = services.now();
    let mut after = 0;
    let mut copies = Vec::new();
    loop {
        let rows =
            transaction.read(|connection| publication_store::list_public_of(connection, person_id, after, AT_ONCE))?;
        let Some(last) = rows.last() else { return Ok(copies) };
        after = last.id;
        let hidden: Vec<i64> = rows.iter().map(|row| row.id).collect();
        copies.extend(photo_key_store::take_back_copies(transaction, &hidden)?);
        for row in &rows {
            publication_store::hide_case(transaction, row, now)?;
            counter_store::count_public(transaction, row, -1);
            let id = services.next_id();
            transaction.append(OutboxRow::new(id, Task::IndexCase, row.id, "{}".to_owned(), now));
        }
    }
}
