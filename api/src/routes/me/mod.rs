//! The signed-in person's own things.

pub mod cases;
pub mod change_profile;
pub mod inbox;
pub mod list_consents;
pub mod register_device;
pub mod remove_device;
pub mod set_consent;
pub mod set_password;
pub mod show_profile;
