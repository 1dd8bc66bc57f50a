//! The signed-in person's own things.

pub mod cases;
pub mod change_number;
pub mod change_profile;
pub mod close_account;
pub mod exports;
pub mod inbox;
pub mod list_consents;
pub mod notice_settings;
pub mod prove_owner;
pub mod register_device;
pub mod remove_device;
pub mod rights_requests;
pub mod set_consent;
pub mod set_password;
pub mod show_profile;

use shared::contract::secret::Secret;

use crate::{errors::Failure, usecases::me::ownership::Offered};

/// A code or a password, one of the two; `field` names the code.
fn offered(field: &'static str, code: Option<&Secret>, password: Option<&Secret>) -> Result<Offered, Failure> {
    match (code, password) {
        (Some(code), None) => Ok(Offered::Code(code.reveal().to_owned())),
        (None, Some(password)) => Ok(Offered::Password(password.reveal().to_owned())),
        _ => Err(Failure::invalid(field, "请填写验证码或密码，二选一")),
    }
}
