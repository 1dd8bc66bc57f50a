//! Changes, one file an action: permission, rule, one write.

pub mod audit;
pub mod cases;
pub mod city_data;
pub mod idempotency;
pub mod photos;
