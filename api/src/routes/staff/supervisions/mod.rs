//! The lists of the five tiers, and what their holders do.

pub mod decide_postponement;
pub mod list;
pub mod postpone;
pub mod record_result;
pub mod show;
pub mod use_tool;
