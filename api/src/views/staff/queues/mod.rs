//! The lists that staff work from: which are the caller's, how full they are, and what lies in them within his reach.

mod desk;
mod overview;
mod page;

pub use overview::overview;
pub use page::list;
