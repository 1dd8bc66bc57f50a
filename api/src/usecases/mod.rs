//! Changes, one file an action: permission, rule, one write.

pub mod audit;
pub mod cases;
pub mod idempotency;
pub mod photos;
