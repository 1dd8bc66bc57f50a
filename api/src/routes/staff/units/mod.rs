//! What staff read of the units beyond what everybody does.

pub mod people;
