//! The audit trail from outside: where it ends, and whether it is as it was written.

mod head;
mod verify;

pub use self::{
    head::{audit_head, checkpoints_of},
    verify::{Checkpoint, Finding, TrailReport, verify},
};
