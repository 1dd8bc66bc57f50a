//! The life of a case.

pub mod kind;
pub mod urgency;

pub use kind::CaseKind;
pub use urgency::Urgency;
