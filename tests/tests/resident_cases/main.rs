//! What a resident does with his cases over HTTP, from the first look at what a report would come to until the last rating.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

mod afterwards;
mod city;
mod neighbours;
mod notices;
mod reporting;
