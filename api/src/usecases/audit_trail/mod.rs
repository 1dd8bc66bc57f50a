//! The audit trail from outside: where it ends, whether it is as it was written, and that reading it is an act of its own.

mod head;
mod keep;
mod note_reading;
mod verify;

pub use self::{
    head::{audit_head, checkpoints_of},
    keep::keep_own_head,
    note_reading::note_reading,
    verify::{Checkpoint, Finding, TrailReport, verify},
};
