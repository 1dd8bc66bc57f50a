//! The Shoufa server: REST API, background work and commands in one binary.

pub mod clock;
pub mod database;
