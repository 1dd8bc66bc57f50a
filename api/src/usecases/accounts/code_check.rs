//! Whether a code is the live one of its number: counted at each try, used once.

use crate::{
    access::secrets::same_hash,
    database::{StoreError, Transaction},
    services::Services,
    stores::code_store,
};

/// A number's keyed hash and the code that somebody typed.
#[derive(Clone)]
pub struct TypedCode {
    /// The keyed hash of the number.
    pub phone_lookup: String,
    /// The keyed hash of the code.
    pub code_hash: String,
}

impl TypedCode {
    /// From what was typed. Anything but digits around the code is dropped.
    #[must_use]
    pub fn new(services: &Services, phone_lookup: &str, code: &str) -> Self {
        let digits: String = code.chars().filter(char::is_ascii_digit).take(12).collect();
        Self {
            phone_lookup: phone_lookup.to_owned(),
            code_hash: services.access.secrets.code_hash(phone_lookup, &digits),
        }
    }
}

/// Counts a try and compares. The code stays usable until [`use_up`]. Answers the id of the code when it is the right one.
///
/// # Errors
/// The database's failure.
pub fn compare(
    services: &Services,
    transaction: &mut Transaction<'_>,
    typed: &TypedCode,
) -> Result<Option<i64>, StoreError> {
    let now = services.now().0;
    let attempts = services.config.codes.attempts;
    let live = transaction.read(|connection| code_store::find_live(connection, &typed.phone_lookup, now, attempts))?;
    let Some((id, hash)) = live else { return Ok(None) };
    let counted = code_store::count_attempt(transaction, id, attempts)?;
    Ok((counted && same_hash(&hash, &typed.code_hash)).then_some(id))
}

/// Uses the code up; `false` when another request did so first.
///
/// # Errors
/// The database's failure.
pub fn use_up(services: &Services, transaction: &mut Transaction<'_>, id: i64) -> Result<bool, StoreError> {
    code_store::move_to_used(transaction, id, services.now().0)
}
