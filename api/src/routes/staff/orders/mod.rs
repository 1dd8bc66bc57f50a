//! What units do with their work orders.

pub mod add_progress;
pub mod approve_return;
pub mod assign;
pub mod decline_reply;
pub mod deny_return;
pub mod record_contact;
pub mod request_return;
pub mod sign_for;
pub mod sign_reply;
pub mod submit_reply;
