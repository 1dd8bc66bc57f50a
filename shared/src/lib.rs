//! The rules of a 12345 city service (`domain`) and the words that travel over HTTP (`contract`).
//!
//! Server and phone call the same functions. Nothing here reads a clock, a database or the network.

pub mod contract;
pub mod domain;
