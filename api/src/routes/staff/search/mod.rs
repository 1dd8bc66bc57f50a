//! The search of staff.

pub mod cases;
