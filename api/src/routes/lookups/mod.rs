//! Looking a case up without an account.

pub mod look_up;
pub mod request_code;
pub mod show;
