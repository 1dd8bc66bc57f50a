//! The lists that staff work from.

pub mod list;
pub mod overview;
