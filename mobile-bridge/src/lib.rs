//! Hands the phone's core to Kotlin and Swift: what crosses, in which shape, and which errors. It decides nothing: each
//! call turns plain values into those of `shared`, asks it, and turns the answer back.

mod working_days;

pub use working_days::{CalendarProblem, WorkingDayCount, working_days_from};

uniffi::setup_scaffolding!();
