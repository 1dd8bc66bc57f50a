//! What everybody else reads of a step: the public, those who follow a case, and those whose own case is handled under it.
//! A sentence speaks to nobody, names no requester and holds no words that anybody typed: it needs no moderator.

use crate::domain::case::Action;
use crate::domain::case::timeline::{SentenceFacts, day, ended, looked_back, postponed, recounted, supervised};

/// The sentence for everybody after `action`; none where the act stays between the city and one requester, or inside the city.
#[must_use]
pub fn public_sentence(action: Action, facts: &SentenceFacts<'_>) -> Option<String> {
    let unit = facts.unit.unwrap_or("承办单位");
    let until = |what: &str| facts.due.map(|due| format!("，{what}{}", day(due))).unwrap_or_default();
    let sentence = match action {
        Action::Submit => format!("诉求已经收到{}。", until("受理期限到")),
        Action::ExpireInformation => "没有等到补充信息，诉求先办结了。".to_owned(),
        Action::Accept => format!("诉求已经受理，马上派给责任单位{}。", until("最晚")),
        Action::Refuse => "诉求不予受理，想知道理由可以拨打12345。".to_owned(),
        Action::AppealRefusal => format!("诉求人申请复核，由另一位受理员来定{}。", until("最晚")),
        Action::HandOff => "诉求已经转接，对方确认接收了。".to_owned(),
        Action::Merge => "同一件事有人反映过，诉求已经并案办理。".to_owned(),
        Action::Split => "诉求改为单独办理。".to_owned(),
        Action::AnswerDirectly => format!("问题已经答复，等待评价{}。", until("评价截止到")),
        Action::Dispatch => format!("诉求已经派给{unit}{}。", until("办理期限到")),
        Action::Designate => format!("诉求已经指定由{unit}承办{}。", until("办理期限到")),
        Action::SignFor => format!("{unit}已经签收，开始办理{}。", until("办理期限到")),
        Action::DeemSigned => format!("{unit}没有按时签收，已视为签收，办理时限照常计算{}。", until("到")),
        Action::RequestReturn => format!("{unit}认为这件事不归它管，正在核实，办理时限不停。"),
        Action::ApproveReturn => "这件事要换一个单位办理，马上重新派单。".to_owned(),
        Action::DenyReturn => format!("核实过了，这件事由{unit}办理，不再退单。"),
        Action::AddProgress if facts.public_progress => format!("{unit}更新了进展。"),
        Action::ApproveExtension => format!("办理时间延长了{}。", until("新的期限到")),
        Action::ReferToMediation => format!("经各方同意，这件事转给调解员调解{}。", until("最晚到")),
        Action::ConcludeMediation => "调解有了结果，正在审核。".to_owned(),
        Action::FailMediation => "调解没有达成一致，这件事转回正常办理。".to_owned(),
        Action::Commit => format!("{unit}承诺办理，办好之前不算解决{}。", until("承诺日期到")),
        Action::ReachMilestone => format!("{unit}报告承诺的一个节点已经完成。"),
        Action::Fulfil => format!("{unit}报告承诺的事已经办好，正在审核。"),
        Action::BreakPromise => format!("{unit}没有按承诺的日期办好，已经提级督办，继续办理。"),
        Action::SignReply => format!("{unit}已经写好答复，正在审核。"),
        Action::SendBack => format!("答复没有通过审核，已退回{unit}，办理时限不停。"),
        Action::ReleaseReply => format!("{unit}已经答复，等待评价{}。", until("评价截止到")),
        Action::RateSatisfied => "诉求人已经评价，诉求办结。".to_owned(),
        Action::Redo if facts.judged => format!("反映这件事的居民不满意，由审核员认定是否再次重办{}。", until("最晚")),
        Action::Redo | Action::UpholdDemand | Action::ExpireJudgement => {
            format!("反映这件事的居民不满意，重新办理{}。", until("新的期限到"))
        }
        Action::DenyCloseExplained | Action::ExpireRequest if facts.redone => {
            format!("反映这件事的居民不满意，重新办理{}。", until("新的期限到"))
        }
        Action::CloseExplained => "这件事以解释说明办结。".to_owned(),
        Action::ExpireRating => "评价时间到了，诉求先办结，没有评价不会算作满意。".to_owned(),
        Action::Reopen => format!("诉求重新打开，继续办理{}。", until("新的期限到")),
        Action::Withdraw => "诉求已经撤回。".to_owned(),
        Action::Archive => "诉求已经归档。".to_owned(),
        Action::LookBack => looked_back(facts, ""),
        Action::Supervise => supervised(facts, "诉求"),
        Action::PostponeSupervision => postponed(facts),
        Action::EndSupervision => ended(facts),
        Action::RecountDues => return recounted(facts).map(|moved| format!("节假日安排有更新，{moved}。")),
        Action::AskInformation
        | Action::SupplyInformation
        | Action::AddInformation
        | Action::RecordContact
        | Action::AttemptFollowUp
        | Action::TightenVisibility
        | Action::Urge
        | Action::AskMedia
        | Action::MeToo
        | Action::Follow
        | Action::AddProgress
        | Action::Assign
        | Action::RequestExtension
        | Action::DenyExtension
        | Action::RequestCommitment
        | Action::DenyCommitment
        | Action::SubmitReply
        | Action::DeclineReply
        | Action::DismissDemand
        | Action::RequestCloseExplained
        | Action::DenyCloseExplained
        | Action::RequestExclusion
        | Action::ApproveExclusion
        | Action::DenyExclusion
        | Action::ExpireRequest => return None,
    };
    Some(sentence)
}

/// The same for somebody whose own case is handled under this one, who also rates its reply.
#[must_use]
pub fn member_sentence(action: Action, public_sentence: &str) -> String {
    let rates = matches!(action, Action::ReleaseReply | Action::AnswerDirectly);
    let invitation = if rates {
        "您也可以看看答复并评价。"
    } else {
        ""
    };
    format!("与您的诉求合并办理的诉求有进展：{public_sentence}{invitation}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case::timeline::sentence;

    /// Everything that a sentence may mention, with words that a clerk or a requester typed.
    fn telling() -> SentenceFacts<'static> {
        SentenceFacts {
            unit: Some("沂城街道办事处"),
            reason: Some("王女士家的欠条要走诉讼"),
            lawful_path: Some("请王女士向受理的法院反映"),
            public_progress: true,
            ..SentenceFacts::default()
        }
    }

    #[test]
    fn what_everybody_reads_speaks_to_nobody_and_holds_nothing_that_was_typed() {
        for action in Action::ALL {
            for (judged, redone, by_another) in [(false, false, false), (true, true, true), (false, true, true)] {
                let facts = SentenceFacts {
                    judged,
                    redone,
                    by_another,
                    ..telling()
                };
                let Some(said) = public_sentence(*action, &facts) else {
                    continue;
                };
                assert!(said.ends_with('。') && said.chars().count() <= 60, "{action}: {said}");
                for word in ["您", "我们", "王女士"] {
                    assert!(!said.contains(word), "{action}: {said}");
                }
                let own = sentence(*action, &facts);
                assert!(own.is_some(), "{action}: told to everybody and not to its requester");
            }
        }
    }

    #[test]
    fn what_is_between_the_city_and_one_requester_is_told_to_nobody_else() {
        let between: Vec<_> = Action::ALL
            .iter()
            .filter(|action| sentence(**action, &telling()).is_some())
            .filter(|action| public_sentence(**action, &telling()).is_none())
            .collect();
        let expected = [
            Action::AskInformation,
            Action::SupplyInformation,
            Action::MeToo,
            Action::Follow,
            Action::RecordContact,
            Action::AttemptFollowUp,
            Action::TightenVisibility,
            Action::AddInformation,
            Action::Urge,
            Action::AskMedia,
        ];
        assert_eq!(between.len(), expected.len(), "{between:?}");
        assert!(expected.iter().all(|action| between.contains(&action)), "{between:?}");
    }

    #[test]
    fn who_shares_a_case_is_asked_to_rate_its_reply() {
        let said = public_sentence(Action::ReleaseReply, &telling()).unwrap();
        assert_eq!(
            member_sentence(Action::ReleaseReply, &said),
            "与您的诉求合并办理的诉求有进展：沂城街道办事处已经答复，等待评价。您也可以看看答复并评价。"
        );
        assert!(!member_sentence(Action::SignFor, &said).contains("您也可以"));
    }
}
