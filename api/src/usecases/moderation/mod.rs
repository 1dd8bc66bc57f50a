//! What the public may read of a case is decided by a moderator, part by part, and taken back when the requester says so.

mod decide;
mod withdraw;

pub use self::{
    decide::{Decisions, Moderated, PhotoVerdict, ReplyVerdict, ReportVerdict, moderate_case},
    withdraw::withdraw_publication,
};
