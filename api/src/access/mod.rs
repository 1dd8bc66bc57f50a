//! Who is calling, and how that is proven: tokens, passwords, codes, sessions, and the grants of staff.

pub mod actor;
pub mod callers;
pub mod context;
pub mod devices;
pub mod extractor;
pub mod installation;
pub mod key_file;
pub mod notes;
pub mod passwords;
pub mod phone_number;
pub mod photo_reach;
pub mod proxies;
pub mod secrets;
pub mod sms;
pub mod standing;
pub mod tokens;
pub mod totp;
pub mod viewpoint;

pub use self::{
    actor::{Actor, Owed, PersonActor, StaffActor},
    context::RequestContext,
};
use self::{callers::Callers, passwords::Passwords, secrets::Secrets};

/// What the access room keeps from start to end.
pub struct Access {
    /// The installation's keys.
    pub secrets: Secrets,
    /// Hashes and compares passwords.
    pub passwords: Passwords,
    /// Remembers who is behind a session.
    pub callers: Callers,
}
