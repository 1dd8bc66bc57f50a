//! The life of a case: its states, the acts that move it, who may do them and when.

pub mod action;
pub mod allowed;
pub mod commitment;
pub mod exclusion;
pub mod facts;
mod guard;
pub mod kind;
pub mod merging;
pub mod outcome;
pub mod particulars;
pub mod public_sentence;
pub mod rating;
pub mod refusal;
pub mod root_cause;
pub mod state;
mod table;
pub mod timeline;
pub mod transition;
pub mod urgency;
pub mod visibility;
pub mod words;

pub use action::Action;
pub use allowed::{ActionVerdict, allowed_actions};
pub use commitment::Milestone;
pub use exclusion::ExclusionReason;
pub use facts::{ActorFacts, CaseFacts, CaseMemory};
pub use kind::CaseKind;
pub use outcome::Outcome;
pub use particulars::Particulars;
pub use rating::{RatingEffect, RatingInput, Resolved, decide_rating};
pub use refusal::Refusal;
pub use root_cause::RootCause;
pub use state::CaseState;
pub use transition::{Effect, Transition, decide, decide_submission};
pub use urgency::Urgency;
pub use visibility::Visibility;
