//! What staff see, by their roles and how far those reach.

pub mod moderation;
pub mod search;
