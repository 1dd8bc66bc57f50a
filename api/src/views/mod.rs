//! Reads: what a given viewer may see of a thing, in the contract's words. Nothing here writes.

pub mod me;
pub mod photos;
pub mod readiness;
pub mod reference;
pub mod staff_accounts;
