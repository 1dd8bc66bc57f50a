//! Codes on paper for the day when the phone is lost: ten, good once each, stored as keyed hashes and shown once.

use crate::{
    access::secrets::random_bytes,
    database::Transaction,
    errors::Failure,
    services::Services,
    stores::second_factor_store::{self, NewRecoveryCodeRow},
};

/// Codes given at once.
const CODES: usize = 10;
/// Characters of a code: 50 bits.
const LENGTH: usize = 10;
/// 32 letters and digits without those that look alike.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// New codes as a person writes them down: `abcde-fghjk`.
#[must_use]
pub(super) fn make() -> Vec<String> {
    (0..CODES)
        .map(|_| {
            let letters = random_bytes::<LENGTH>();
            let letter = |byte: &u8| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]);
            let (first, second) = letters.split_at(LENGTH / 2);
            let half = |part: &[u8]| part.iter().map(letter).collect::<String>();
            format!("{}-{}", half(first), half(second))
        })
        .collect()
}

/// The code without what people put between its letters.
#[must_use]
pub(super) fn plain(code: &str) -> String {
    code.chars()
        .filter(char::is_ascii_alphanumeric)
        .take(2 * LENGTH)
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

/// Puts these codes in the place of all earlier ones.
pub(super) fn replace(
    services: &Services,
    transaction: &mut Transaction<'_>,
    account: i64,
    codes: &[String],
) -> Result<(), Failure> {
    second_factor_store::delete_codes(transaction, account)?;
    for code in codes {
        transaction.append(NewRecoveryCodeRow {
            id: services.next_id(),
            account_id: account,
            code_hash: services.access.secrets.recovery_hash(account, &plain(code)),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_different_codes_that_are_read_however_they_are_typed() {
        let codes = make();
        assert_eq!(codes.len(), 10);
        let different: std::collections::BTreeSet<_> = codes.iter().collect();
        assert_eq!(different.len(), 10);
        assert_eq!(plain(" ABCDE fghjk"), plain("abcde-fghjk"));
        assert_eq!(plain(&codes[0]).len(), LENGTH);
    }
}
