//! What staff do with a case, from the clerk to the released reply: lists, acts, refusals, and who learns what.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

mod acceptance;
mod commitments;
mod desk;
mod exclusions;
mod extensions;
mod follow_up;
mod for_callers;
mod hand_off;
mod knowledge;
mod knowledge_over_time;
mod lists;
mod merging;
mod orders;
mod replies;
mod reply_templates;
mod same_commit;
mod visibility;
mod way;
mod work_lists;
