//! What a tier can do about a matter, and how it can end. Which tier has which is the ladder's matter.

use crate::domain::case::words::closed_list;

closed_list! {
    /// A tool of supervision (rule book 6.6), each used with a note and, where there is any, evidence.
    pub enum Tool as "tool" {
        /// A reminder to the unit.
        Reminder = "reminder", "督办提醒";
        /// A call to the unit or the requester.
        Call = "call", "电话督办";
        /// Hotline, unit and requester at one table.
        Meeting = "meeting", "三方会商";
        /// The matter is done again.
        Redo = "redo", "要求重办";
        /// Somebody went to see.
        Visit = "visit", "现场走访";
        /// The case was published.
        Article = "article", "公开报道";
        /// A film was made.
        Film = "film", "视频报道";
        /// Somebody went to see whether it lasts.
        LookBack = "look_back", "回访";
        /// What the unit answered to the tier.
        UnitReply = "unit_reply", "单位答复";
        /// A numbered supervision order.
        SupervisionOrder = "supervision_order", "督查令";
        /// A leader is in charge by name.
        NamedLeader = "named_leader", "领导包案";
        /// The unit's plan.
        Plan = "plan", "办理方案";
        /// A meeting on the spot.
        SiteMeeting = "site_meeting", "现场会";
        /// A unit was designated.
        Designation = "designation", "指定承办";
        /// Deputies inspected it.
        Inspection = "inspection", "代表委员视察";
        /// A hearing or a consultation.
        Hearing = "hearing", "听证协商";
        /// Named deputies voted on the result.
        Vote = "vote", "满意度测评";
        /// An entry of the closed file.
        File = "file", "卷宗记录";
    }
}

closed_list! {
    /// How a supervision ended.
    pub enum SupervisionResult as "supervision result" {
        /// What was wrong is put right.
        Settled = "settled", "督办到位";
        /// It was not: the next tier takes over.
        Failed = "failed", "督办未果";
        /// A higher tier took the matter over meanwhile.
        Climbed = "climbed", "已提级";
        /// Tier 5: nothing to blame.
        Unfounded = "unfounded", "查无问题";
        /// Tier 5: a talk.
        YellowCard = "yellow_card", "约谈提醒";
        /// Tier 5: accountability.
        RedCard = "red_card", "追责问责";
    }
}
