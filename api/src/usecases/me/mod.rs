//! What a signed-in person changes about the own account.

pub mod change_profile;
pub mod register_device;
pub mod remove_device;
pub mod set_consent;
pub mod set_password;
pub mod set_staff_password;
