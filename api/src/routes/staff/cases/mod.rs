//! What staff do with a case, and the case as they see it.

pub mod accept;
pub mod add_information;
pub mod answer;
pub mod approve_exclusion;
pub mod ask_information;
pub mod attempt_follow_up;
pub mod block_requester;
pub mod close_explained;
pub mod deny_close_explained;
pub mod deny_exclusion;
pub mod designate;
pub mod dispatch;
pub mod hand_off;
pub mod judge_demand;
pub mod merge;
pub mod rate;
pub mod read_phone;
pub mod refuse;
pub mod release_reply;
pub mod reopen;
pub mod request_close_explained;
pub mod request_exclusion;
pub mod send_back;
pub mod show;
pub mod split;
pub mod tighten_visibility;
