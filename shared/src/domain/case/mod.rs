//! The life of a case: its states, the acts that move it, who may do them and when.

pub mod action;
pub mod kind;
pub mod outcome;
pub mod state;
pub mod urgency;
pub mod visibility;
pub mod words;

pub use action::Action;
pub use kind::CaseKind;
pub use outcome::Outcome;
pub use state::CaseState;
pub use urgency::Urgency;
pub use visibility::Visibility;
