//! The second factor of staff: enrolled and kept by its owner, taken away by a security administrator when the phone is lost.

pub mod begin;
pub mod confirm;
pub mod new_codes;
pub mod proof;
pub mod recovery;
pub mod reset;
