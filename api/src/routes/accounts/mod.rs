//! Residents' accounts.

pub mod register;
pub mod request_code;

use shared::{contract::secret::Secret, domain::phone::MobileNumber};

use crate::errors::Failure;

/// The number that somebody typed.
pub(in crate::routes) fn phone(text: &Secret) -> Result<MobileNumber, Failure> {
    text.reveal()
        .parse()
        .map_err(|_| Failure::invalid("phone", "请填写 11 位手机号"))
}
