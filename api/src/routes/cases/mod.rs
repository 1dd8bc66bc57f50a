//! A resident's cases: asking what a report would come to, sending it, and what the requester does with it afterwards.

pub mod add_information;
pub mod appeal;
pub mod ask_media;
pub mod follow;
pub mod join;
pub(crate) mod parse;
pub mod preview;
pub mod rate;
pub mod reopen;
pub mod show;
pub mod submit;
pub mod supply_information;
pub mod unfollow;
pub mod urge;
pub mod withdraw;
