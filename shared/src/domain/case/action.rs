//! The acts of a case's life by name. Who may do which from which state, and what follows, is the table in `table`.

use crate::domain::case::words::closed_list;
use crate::domain::deadline::ClockKind;

closed_list! {
    /// One single act (rule book 6.3). Where a row of the rule book names two acts or two people, each has its own.
    pub enum Action as "action" {
        /// Row 1.
        Submit = "submit", "提交";
        /// Row 2.
        AskInformation = "ask_information", "要求补充";
        /// Row 3.
        SupplyInformation = "supply_information", "补充信息";
        /// Row 3: nobody supplied what was asked for.
        ExpireInformation = "expire_information", "补充超时";
        /// Row 4.
        Accept = "accept", "受理";
        /// Row 5.
        Refuse = "refuse", "不予受理";
        /// Row 6.
        AppealRefusal = "appeal_refusal", "申请复核";
        /// Row 7.
        HandOff = "hand_off", "转接";
        /// Row 8.
        Merge = "merge", "并单";
        /// Row 8: the way back.
        Split = "split", "拆单";
        /// Row 8: another resident has the same matter; opens an own case that starts as merged.
        MeToo = "me_too", "我也遇到";
        /// Row 8: subscribes to the news of a public case, nothing more.
        Follow = "follow", "关注";
        /// Row 9.
        AnswerDirectly = "answer_directly", "直接答复";
        /// Row 10.
        Dispatch = "dispatch", "派单";
        /// Row 11.
        SignFor = "sign_for", "签收";
        /// Row 11: the unit let the limit pass.
        DeemSigned = "deem_signed", "视为签收";
        /// Row 12.
        RequestReturn = "request_return", "申请退单";
        /// Row 13.
        ApproveReturn = "approve_return", "同意退单";
        /// Row 13.
        DenyReturn = "deny_return", "驳回退单";
        /// Row 14.
        RecordContact = "record_contact", "登记首次联系";
        /// Row 14.
        AddProgress = "add_progress", "更新进展";
        /// Row 15.
        RequestExtension = "request_extension", "申请延期";
        /// Row 15.
        ApproveExtension = "approve_extension", "同意延期";
        /// Row 15.
        DenyExtension = "deny_extension", "驳回延期";
        /// Row 16.
        ReferToMediation = "refer_to_mediation", "转调解";
        /// Row 17: agreed, performed or shelved.
        ConcludeMediation = "conclude_mediation", "调解成功";
        /// Row 17: failed, or a party refused.
        FailMediation = "fail_mediation", "调解未成";
        /// Row 18: the unit's leader asks.
        RequestCommitment = "request_commitment", "申请承诺办理";
        /// Row 18: the inspector approves.
        Commit = "commit", "同意承诺办理";
        /// Row 18: the inspector does not.
        DenyCommitment = "deny_commitment", "驳回承诺办理";
        /// Row 18: the unit reports one of the steps on the way.
        ReachMilestone = "reach_milestone", "报告节点完成";
        /// Row 19.
        Fulfil = "fulfil", "兑现承诺";
        /// Row 19.
        BreakPromise = "break_promise", "承诺逾期";
        /// Row 20: the handler's reply, waiting for the leader's signature.
        SubmitReply = "submit_reply", "提交答复";
        /// Row 20: the leader signs.
        SignReply = "sign_reply", "签发答复";
        /// Row 20: the leader does not.
        DeclineReply = "decline_reply", "退改答复";
        /// Row 21.
        SendBack = "send_back", "退回重办";
        /// Row 22.
        ReleaseReply = "release_reply", "发布答复";
        /// Row 23: somebody outside the unit called and reached nobody.
        AttemptFollowUp = "attempt_follow_up", "回访未接通";
        /// Row 23.
        RateSatisfied = "rate_satisfied", "评价满意";
        /// Row 24: a grade of 1 or 2, or "not solved".
        Redo = "redo", "重办";
        /// Row 24: the reviewer finds the demand for another redo reasonable.
        UpholdDemand = "uphold_demand", "认定合理";
        /// Row 24: the reviewer finds it unreasonable, which waits for the tier-1 approval of `close_explained`.
        DismissDemand = "dismiss_demand", "认定不合理";
        /// Row 24: nobody judged in time.
        ExpireJudgement = "expire_judgement", "认定超时";
        /// Row 25: the reviewer asks to close with an explanation.
        RequestCloseExplained = "request_close_explained", "申请解释办结";
        /// Row 25: tier 1 approves.
        CloseExplained = "close_explained", "解释办结";
        /// Row 25: tier 1 does not.
        DenyCloseExplained = "deny_close_explained", "驳回解释办结";
        /// Row 26.
        ExpireRating = "expire_rating", "评价超时";
        /// Rule book 6.9: somebody asks to leave a closed case out of the scoring.
        RequestExclusion = "request_exclusion", "申请不计考核";
        /// Rule book 6.9: tier 1 approves.
        ApproveExclusion = "approve_exclusion", "同意不计考核";
        /// Rule book 6.9: tier 1 does not.
        DenyExclusion = "deny_exclusion", "驳回不计考核";
        /// Row 27.
        Reopen = "reopen", "重新打开";
        /// Row 28.
        Withdraw = "withdraw", "撤回";
        /// Row 29.
        Archive = "archive", "归档";
        /// Row 30.
        Designate = "designate", "指定承办";
        /// Row 31.
        Assign = "assign", "指派";
        /// Row 32.
        AddInformation = "add_information", "追加信息";
        /// Row 33.
        Urge = "urge", "催办";
        /// Rule book 6.5: staff close a case to more eyes than its requester did.
        TightenVisibility = "tighten_visibility", "收紧公开范围";
        /// The requester asks for the media tier and consents to it (rule book 6.6).
        AskMedia = "ask_media", "申请媒体督办";
        /// Somebody went to see whether a supervised matter is still done (rule book 6.6).
        LookBack = "look_back", "回访";
        /// A tier of supervision takes the matter up (rule book 6.6).
        Supervise = "supervise", "提级督办";
        /// The limit of a supervision is moved, with a second person's consent.
        PostponeSupervision = "postpone_supervision", "督办延期";
        /// The tier says how its supervision ended.
        EndSupervision = "end_supervision", "督办办结";
        /// A new calendar moved due instants that were provisional (rule book 5.1).
        RecountDues = "recount_dues", "期限重算";
        /// The second person let the limit of a request pass: it is cancelled and its author told.
        ExpireRequest = "expire_request", "审批超时";
    }
}

impl Action {
    /// For the act of a first person: the two acts of the second, yes and no.
    #[must_use]
    pub const fn second_acts(self) -> Option<(Self, Self)> {
        match self {
            Self::RequestExtension => Some((Self::ApproveExtension, Self::DenyExtension)),
            Self::RequestCommitment => Some((Self::Commit, Self::DenyCommitment)),
            Self::SubmitReply => Some((Self::SignReply, Self::DeclineReply)),
            Self::RequestCloseExplained => Some((Self::CloseExplained, Self::DenyCloseExplained)),
            Self::RequestExclusion => Some((Self::ApproveExclusion, Self::DenyExclusion)),
            _ => None,
        }
    }

    /// For the act of a first person: the clock of the second's answer. What can wait at the same time has its own.
    #[must_use]
    pub const fn decision_clock(self) -> ClockKind {
        match self {
            Self::RequestExtension => ClockKind::ExtensionDecision,
            Self::RequestCommitment => ClockKind::CommitmentDecision,
            Self::RequestExclusion => ClockKind::ExclusionDecision,
            _ => ClockKind::SecondPerson,
        }
    }

    /// Whether doing it is a hand in the handling: who did it neither reviews nor closes the case afterwards.
    #[must_use]
    pub const fn is_handling(self) -> bool {
        matches!(
            self,
            Self::AnswerDirectly
                | Self::SignFor
                | Self::RequestReturn
                | Self::RecordContact
                | Self::AddProgress
                | Self::RequestExtension
                | Self::ConcludeMediation
                | Self::FailMediation
                | Self::RequestCommitment
                | Self::ReachMilestone
                | Self::Fulfil
                | Self::SubmitReply
                | Self::SignReply
                | Self::DeclineReply
                | Self::Assign
        )
    }

    /// The request that waits for a second person after this act: the act itself, or for a dismissed demand the closing.
    #[must_use]
    pub const fn pends(self) -> Option<Self> {
        match self {
            Self::DismissDemand => Some(Self::RequestCloseExplained),
            action if action.second_acts().is_some() => Some(action),
            _ => None,
        }
    }

    /// For an act of a second person: the first person's act that it answers.
    #[must_use]
    pub const fn answers(self) -> Option<Self> {
        match self {
            Self::ApproveExtension | Self::DenyExtension => Some(Self::RequestExtension),
            Self::Commit | Self::DenyCommitment => Some(Self::RequestCommitment),
            Self::SignReply | Self::DeclineReply => Some(Self::SubmitReply),
            Self::CloseExplained | Self::DenyCloseExplained => Some(Self::RequestCloseExplained),
            Self::ApproveExclusion | Self::DenyExclusion => Some(Self::RequestExclusion),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_request_for_a_second_person_is_answered_by_a_yes_and_a_no() {
        for action in Action::ALL {
            if let Some((yes, no)) = action.second_acts() {
                assert_eq!((yes.answers(), no.answers()), (Some(*action), Some(*action)));
            }
            if let Some(first) = action.answers() {
                let (yes, no) = first.second_acts().unwrap();
                assert!([yes, no].contains(action));
            }
        }
    }

    #[test]
    fn no_two_actions_share_a_name() {
        let names: std::collections::BTreeSet<_> = Action::ALL.iter().map(|action| action.as_str()).collect();
        assert_eq!(names.len(), Action::ALL.len());
    }
}
