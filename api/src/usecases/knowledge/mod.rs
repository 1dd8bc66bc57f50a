//! The knowledge base: editors write, change and retire its articles, and owners are told before one ends.

pub mod edit;
pub mod tell_owners;
