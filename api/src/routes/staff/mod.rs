//! What staff do and see.

pub mod moderation;
pub mod search;
