//! Residents' accounts: a code by text message, and registering with it.

pub mod code_check;
pub mod register;
pub mod request_code;
