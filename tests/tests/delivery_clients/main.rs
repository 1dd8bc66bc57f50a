//! What the push and text-message clients promise, each answer of a gateway against a fake on loopback that verifies

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

mod bearers;
mod clients;
mod patience;
mod push;
mod texts;
