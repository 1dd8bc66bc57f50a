//! A resident's number, sealed as it is kept and opened for the few who need it.

use shared::domain::phone::MobileNumber;

use super::secrets::{PERSON_PHONE, SecretError, Secrets};

/// The number as it is kept.
///
/// # Errors
/// `Sealed` when the cipher refuses.
pub fn seal(secrets: &Secrets, number: &MobileNumber) -> Result<Vec<u8>, SecretError> {
    secrets.cipher().seal(PERSON_PHONE, number.to_e164().as_bytes())
}

/// The number that was kept.
///
/// # Errors
/// `Sealed` when it was sealed with other keys, changed since, or removed.
pub fn open(secrets: &Secrets, sealed: &[u8]) -> Result<MobileNumber, SecretError> {
    let plain = secrets.cipher().open(PERSON_PHONE, sealed)?;
    std::str::from_utf8(&plain)
        .ok()
        .and_then(|text| text.parse().ok())
        .ok_or(SecretError::Sealed)
}
