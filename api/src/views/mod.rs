//! Reads: what a given viewer may see of a thing, in the contract's words.

pub mod reference;
