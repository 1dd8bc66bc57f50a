//! What units do with their work orders, and what others decide about them.

pub mod add_progress;
pub mod approve_commitment;
pub mod approve_extension;
pub mod approve_return;
pub mod assign;
pub mod decline_reply;
pub mod deny_commitment;
pub mod deny_extension;
pub mod deny_return;
pub mod fulfil;
pub mod reach_milestone;
pub mod record_contact;
pub mod request_commitment;
pub mod request_extension;
pub mod request_return;
pub mod sign_for;
pub mod sign_reply;
pub mod submit_reply;
