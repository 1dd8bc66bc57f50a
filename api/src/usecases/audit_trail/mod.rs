//! The audit trail from outside: where it ends, and whether it is as it was written.

mod head;
mod keep;
mod verify;

pub use self::{
    head::{audit_head, checkpoints_of},
    keep::keep_own_head,
    verify::{Checkpoint, Finding, TrailReport, verify},
};
