//! Staff accounts.

pub mod block;
pub mod create;
pub mod grant;
pub mod list;
pub mod reset_password;
pub mod revoke_grant;
pub mod set_own_password;
pub mod show;
pub mod show_own;
pub mod unblock;
