//! Written next.

pub mod fake_fcm;
pub mod fake_sms;
mod loopback;
