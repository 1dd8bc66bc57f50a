//! Integrity signs, for the first tier alone.

pub mod decide;
pub mod show;
