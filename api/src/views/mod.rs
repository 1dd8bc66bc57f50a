//! Reads: what a given viewer may see of a thing, in the contract's words. Nothing here writes.

pub mod audit;
mod case_parts;
pub mod cases;
pub mod city_data;
pub mod dead_letters;
pub mod inbox;
pub mod lookup;
pub mod me;
pub mod photos;
pub mod public;
pub mod readiness;
pub mod reference;
pub mod sessions;
pub mod staff;
pub mod staff_accounts;
