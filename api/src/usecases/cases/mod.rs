//! The life of a case: every act goes through `step`, which asks the rules, moves the rows and tells those concerned.

pub mod accept;
pub mod add_progress;
pub mod answer_directly;
pub mod appeal;
pub mod ask_information;
pub mod assign;
pub mod block_requester;
mod clocks;
pub mod dispatch;
pub mod follow;
pub mod information;
pub mod join;
pub mod judge_demand;
mod order_of;
pub mod orders;
pub mod perform;
pub mod rate;
pub mod read_phone;
pub mod record_contact;
pub mod refuse;
pub mod reopen;
pub mod return_order;
pub mod review_reply;
pub mod sign_for;
pub mod sign_reply;
pub mod step;
pub mod submit;
pub mod submit_reply;
pub mod sweep;
mod telling;
mod together;
pub mod urge;
pub mod withdraw;

pub use step::{Act, Fixed, Stepped, take_step};
pub use submit::{NewCase, NewPlace, SubmittedCase, submit_case};
