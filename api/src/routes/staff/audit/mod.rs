//! The audit trail for those who watch over it.

pub mod list;
