//! What a signed-in person changes about the own account.

pub mod change_number;
pub mod change_profile;
pub mod close_account;
pub mod ownership;
pub mod register_device;
pub mod remove_device;
pub mod request_export;
pub mod rights_requests;
pub mod set_consent;
pub mod set_notice_settings;
pub mod set_password;
pub mod set_staff_password;
