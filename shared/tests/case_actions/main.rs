//! The life of a case against the rule book: every (state x action x actor) triple, each guard by itself, and whole lives
//! from submission to the archive.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot build its world has failed"
)]

mod guards;
mod lives;
mod table;
mod world;
