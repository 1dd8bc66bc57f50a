//! The life of a case: every act goes through `step`, which asks the rules, moves the rows and tells those concerned.

mod clocks;
pub mod orders;
pub mod step;
pub mod submit;
mod telling;

pub use step::{Act, Fixed, Stepped, take_step};
pub use submit::{NewCase, NewPlace, SubmittedCase, submit_case};
