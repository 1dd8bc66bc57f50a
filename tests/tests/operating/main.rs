//! What the operator is promised: figures, logs and traces without anybody's data, an examination that tells what to do,
//! migrations that announce themselves, dead letters that can be sent again, and nothing kept longer than the policy says.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

mod dead_letters;
mod doctor;
mod metrics;
mod migrations;
mod program;
mod retention;
