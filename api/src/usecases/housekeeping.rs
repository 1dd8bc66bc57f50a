//! Forgets what nobody needs any more: answers to repeated requests, used codes, ended sessions, counts of tries, dead letters,
//! and texts that found no gateway. A bounded part in each run; the next run goes on.

use std::sync::Arc;

use crate::{
    database::ids::first_id_at,
    errors::Failure,
    services::Services,
    stores::{attempt_store, code_store, idempotency_store, outbox_store, session_store},
};

const DAY_MINUTES: i64 = 24 * 60;
/// How long a dead letter is kept for a person to look at, in days.
const DEAD_LETTER_DAYS: i64 = 30;
/// Rows of each kind removed in one run.
const MOST: i64 = 500;

/// Removes a part of each kind and answers how many rows went.
///
/// # Errors
/// `Busy`, or the database's failure.
pub async fn keep_house(services: &Arc<Services>) -> Result<usize, Failure> {
    let now = services.now();
    let yesterday = now.plus_minutes(-DAY_MINUTES);
    let sessions = &services.config.sessions;
    let longest_session = sessions.resident_seconds.max(sessions.staff_seconds);
    let no_token_lives = now.plus_seconds(-longest_session).plus_minutes(-DAY_MINUTES);
    let long_ago = now.plus_minutes(-DEAD_LETTER_DAYS * DAY_MINUTES);
    services
        .database
        .writer
        .write(move |transaction| {
            Ok(idempotency_store::delete_ended(transaction, now, MOST)?
                + code_store::delete_old(transaction, first_id_at(yesterday), MOST)?
                // The longest window of any limit is a day.
                + attempt_store::delete_idle(transaction, now.plus_minutes(-2 * DAY_MINUTES).0, MOST)?
                + session_store::delete_old(transaction, first_id_at(no_token_lives), MOST)?
                + outbox_store::delete_unsent_texts(transaction, first_id_at(yesterday), MOST)?
                + outbox_store::delete_dead(transaction, first_id_at(long_ago), MOST)?)
        })
        .await
}
