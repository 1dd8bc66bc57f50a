//! A resident's number as it is kept: sealed. Who may see how much of it is decided by whoever opens it.

use shared::domain::phone::{MobileNumber, PhoneError};

use super::secrets::{PERSON_PHONE, Secrets};
use crate::errors::Failure;

/// The number as it is kept.
///
/// # Errors
/// `Internal` when the cipher refuses.
pub fn seal_number(secrets: &Secrets, number: &MobileNumber) -> Result<Vec<u8>, Failure> {
    let plain = number.to_e164();
    secrets
        .cipher()
        .seal(PERSON_PHONE, plain.as_bytes())
        .map_err(Failure::internal)
}

/// Opens a number that was sealed for `person.phone`.
///
/// # Errors
/// `Internal` when it was sealed with other keys, or removed with its account.
pub fn open_number(secrets: &Secrets, sealed: &[u8]) -> Result<MobileNumber, Failure> {
    let number = secrets.cipher().open(PERSON_PHONE, sealed).map_err(Failure::internal)?;
    std::str::from_utf8(&number)
        .map_err(|_| PhoneError)
        .and_then(str::parse)
        .map_err(Failure::internal)
}
