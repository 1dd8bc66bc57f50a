//! Photographs: named by cases, received, removed.

pub mod expect;

pub use expect::{expect_photos, parse_hashes};
