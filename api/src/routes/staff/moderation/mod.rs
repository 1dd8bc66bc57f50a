//! Moderators: what waits, one case, and the decision.

pub mod decide;
pub mod list;
pub mod show;
