//! What the requester reads: one short spoken sentence for each act that he may see, and how far the case has come.
//! Texts of returns, internal progress and requests between colleagues are not for him.

use crate::domain::case::{Action, CaseState, Outcome};
use crate::domain::supervision::{LookBackFinding, OpenSupervision, SupervisionResult};
use crate::domain::time::Timestamp;
use chrono::{Datelike, Timelike};

/// What a sentence may mention. What is missing is left out of the sentence.
#[derive(Debug, Clone, Copy, Default)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "independent facts about one act, each asked by its own sentence"
)]
pub struct SentenceFacts<'a> {
    /// The unit that handles the case.
    pub unit: Option<&'a str>,
    /// The instant until which somebody has to do the next thing.
    pub due: Option<Timestamp>,
    /// What it was before the act, where the act moved it.
    pub due_before: Option<Timestamp>,
    /// A reason, a question or a receiver, in words meant for the requester.
    pub reason: Option<&'a str>,
    /// The lawful path after a refusal.
    pub lawful_path: Option<&'a str>,
    /// How the case was closed.
    pub outcome: Option<Outcome>,
    /// The progress is meant for the requester.
    pub public_progress: bool,
    /// The demand for another redo goes to a reviewer first.
    pub judged: bool,
    /// The act has the matter redone.
    pub redone: bool,
    /// The supervision that an act opened, moved or ended.
    pub supervision: Option<OpenSupervision>,
    /// What a look-back found.
    pub look_back: Option<LookBackFinding>,
    /// How it ended.
    pub supervision_result: Option<SupervisionResult>,
    /// Somebody else did it who has the same matter: the owner of a case merged under this one, or about to be.
    pub by_another: bool,
}

/// The sentence for the requester after `action`; none where the act is not for him to see.
#[must_use]
pub fn sentence(action: Action, facts: &SentenceFacts<'_>) -> Option<String> {
    let unit = facts.unit.unwrap_or("承办单位");
    let reason = facts.reason.map(|reason| format!("：{reason}")).unwrap_or_default();
    let until = |what: &str| facts.due.map(|due| format!("，{what}{}", day(due))).unwrap_or_default();
    let sentence = match action {
        Action::Submit => format!("您的诉求已经收到{}。", until("受理期限到")),
        Action::AskInformation => format!("请您补充一点信息{reason}{}。", until("请在这之前补充：")),
        Action::SupplyInformation => "您补充的信息已经收到，继续受理。".to_owned(),
        Action::ExpireInformation => format!("没有等到您补充信息，诉求先办结了。您随时可以补上{}。", until("最晚到")),
        Action::Accept => format!("您的诉求已经受理，马上派给责任单位{}。", until("最晚")),
        Action::Refuse => {
            let path = facts
                .lawful_path
                .map(|path| format!("您可以这样办：{path}。"))
                .unwrap_or_default();
            format!(
                "您的诉求不予受理{reason}。{path}不同意的话，您可以申请复核一次{}。",
                until("最晚到")
            )
        }
        Action::AppealRefusal => format!("您的复核申请已经收到，由另一位受理员来定{}。", until("最晚")),
        Action::HandOff => format!("您的诉求已经转接，对方确认接收了{reason}。"),
        Action::Merge => "有人反映了同一件事，我们一起办理。您照样会收到答复，也照样可以评价。".to_owned(),
        Action::Split => "您的诉求改为单独办理。".to_owned(),
        Action::MeToo if facts.by_another => "又有一位居民反映了同一件事，我们一起办理。".to_owned(),
        Action::MeToo => "您的诉求已经收到，和同一件事一起办理。您会收到答复，也可以评价。".to_owned(),
        Action::Follow => "您已关注这件诉求，有进展会告诉您。".to_owned(),
        Action::AnswerDirectly => format!("您的问题已经答复，请您看看并评价{}。", until("评价截止到")),
        Action::Dispatch => format!("您的诉求已经派给{unit}{}。", until("办理期限到")),
        Action::Designate => format!("您的诉求已经指定由{unit}承办{}。", until("办理期限到")),
        Action::SignFor => format!("{unit}已经签收，开始办理{}。", until("办理期限到")),
        Action::DeemSigned => format!("{unit}没有按时签收，已视为签收，办理时限照常计算{}。", until("到")),
        Action::RequestReturn => format!("{unit}认为这件事不归它管，我们正在核实，办理时限不停。"),
        Action::ApproveReturn => "这件事要换一个单位办理，我们马上重新派单。".to_owned(),
        Action::DenyReturn => format!("我们核实过了，这件事由{unit}办理，不再退单。"),
        Action::RecordContact => format!("{unit}已经和您联系过。如果没有，请告诉我们。"),
        Action::AddProgress if facts.public_progress => format!("{unit}更新了进展{reason}。"),
        Action::ApproveExtension => format!("办理时间延长了{reason}{}。", until("新的期限到")),
        Action::ReferToMediation => format!("经各方同意，这件事转给调解员调解{}。", until("最晚到")),
        Action::ConcludeMediation => "调解有了结果，我们审核后马上告诉您。".to_owned(),
        Action::FailMediation => format!("调解没有达成一致{reason}。这件事转回正常办理。"),
        Action::Commit => format!("{unit}承诺办理，办好之前不算解决{}。", until("承诺日期到")),
        Action::ReachMilestone => format!("{unit}报告承诺的一个节点已经完成{reason}。"),
        Action::Fulfil => format!("{unit}报告承诺的事已经办好，我们正在审核。"),
        Action::BreakPromise => format!("{unit}没有按承诺的日期办好，已经提级督办，继续办理。"),
        Action::SignReply => format!("{unit}已经写好答复，我们正在审核。"),
        Action::SendBack => format!("答复没有通过审核，已退回{unit}，办理时限不停。"),
        Action::ReleaseReply => format!("{unit}已经答复，请您看看并评价{}。", until("评价截止到")),
        Action::AttemptFollowUp => format!(
            "我们打电话回访，没有联系上您。您也可以自己评价{}。",
            until("评价截止到")
        ),
        Action::RateSatisfied => "谢谢您的评价，诉求已经办结。".to_owned(),
        Action::Redo if facts.by_another && facts.judged => {
            format!(
                "同样反映这件事的居民不满意，审核员马上认定是否再次重办{}。",
                until("最晚")
            )
        }
        Action::Redo if facts.by_another => {
            format!("同样反映这件事的居民不满意，我们重新办理{}。", until("新的期限到"))
        }
        Action::Redo if facts.judged => format!("您的意见已经收到，审核员马上认定是否再次重办{}。", until("最晚")),
        Action::Redo | Action::UpholdDemand | Action::ExpireJudgement => {
            format!("您不满意，我们重新办理{}。", until("新的期限到"))
        }
        Action::DenyCloseExplained | Action::ExpireRequest if facts.redone => {
            format!("您不满意，我们重新办理{}。", until("新的期限到"))
        }
        Action::CloseExplained => format!("这件事以解释说明办结{reason}。"),
        Action::ExpireRating => "评价时间到了，诉求先办结，没有评价不会算作满意。".to_owned(),
        Action::Reopen => format!("诉求已经重新打开，继续办理{}。", until("新的期限到")),
        Action::Withdraw => "诉求已经撤回。".to_owned(),
        Action::Archive => "诉求已经归档，您随时可以查看。".to_owned(),
        Action::AddInformation => "您追加的信息已经收到，一并办理。".to_owned(),
        Action::TightenVisibility => format!("为了保护隐私，您的诉求收紧了公开范围{reason}。"),
        Action::Urge => format!("您的催办已经收到，我们已提醒{unit}。"),
        Action::AskMedia => "您申请了媒体督办，并同意把联系方式告诉负责的记者。".to_owned(),
        Action::LookBack => looked_back(facts, "您反映的"),
        Action::Supervise => supervised(facts, "您的诉求"),
        Action::PostponeSupervision => postponed(facts),
        Action::EndSupervision => ended(facts),
        Action::RecountDues => return recounted(facts).map(|moved| format!("节假日安排有更新，您的诉求{moved}。")),
        Action::AddProgress
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

/// Which tier, why, who holds it, until when. What is in the closed file of the fifth tier is said to nobody.
pub(super) fn supervised(facts: &SentenceFacts<'_>, whose: &str) -> String {
    let Some(supervision) = facts.supervision else {
        return format!("{whose}已提级督办。");
    };
    let tier = supervision.tier;
    let why = if tier.tells_why(supervision.cause) {
        format!("，原因是{}", supervision.cause.name_zh())
    } else {
        String::new()
    };
    format!(
        "{whose}升为{}级督办（{}）{why}。由{}负责，最晚{}有结果。",
        ["一", "二", "三", "四", "五"][usize::from(tier.number() - 1)],
        tier.name_zh(),
        supervision.owner.name_zh(),
        day(supervision.until)
    )
}

pub(super) fn looked_back(facts: &SentenceFacts<'_>, whose: &str) -> String {
    match facts.look_back {
        Some(LookBackFinding::Undone) => format!("回访发现{whose}问题没有办好，马上重新办理。"),
        _ => format!("回访过了，{whose}问题已经办好，没有反复。"),
    }
}

pub(super) fn postponed(facts: &SentenceFacts<'_>) -> String {
    let until = facts
        .supervision
        .map(|supervision| format!("，最晚{}有结果", day(supervision.until)));
    format!("督办的期限经批准延长了{}。", until.unwrap_or_default())
}

pub(super) fn ended(facts: &SentenceFacts<'_>) -> String {
    let tier = facts
        .supervision
        .map_or("督办", |supervision| supervision.tier.name_zh());
    let how = facts.supervision_result.map(|result| format!("：{}", result.name_zh()));
    format!("{tier}有了结果{}。", how.unwrap_or_default())
}

/// From when to when a limit was moved.
pub(super) fn recounted(facts: &SentenceFacts<'_>) -> Option<String> {
    let (before, after) = facts.due_before.zip(facts.due)?;
    Some(format!("期限从{}改到{}", day(before), day(after)))
}

/// A due instant as people say it: midnight is the end of the day before.
#[must_use]
pub fn day(due: Timestamp) -> String {
    let time = due.city_time();
    if time.hour() == 0 && time.minute() == 0 {
        let last = Timestamp(due.0.saturating_sub(1)).city_date();
        return format!("{}月{}日", last.month(), last.day());
    }
    format!("{}月{}日{}:{:02}", time.month(), time.day(), time.hour(), time.minute())
}

/// The five dots under a case.
pub const DOTS: [&str; 5] = ["提交", "派单", "办理", "答复", "评价"];

/// How far a case has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// So many dots of [`DOTS`] are reached, 1 to 5.
    pub reached: u8,
    /// The case ended before the last dot, or follows another: no further dot will be reached here.
    pub stopped: bool,
}

/// The progress that a state shows.
#[must_use]
pub const fn progress(state: CaseState) -> Progress {
    let (reached, stopped) = match state {
        CaseState::Submitted | CaseState::NeedsInformation | CaseState::Accepted => (1, false),
        CaseState::Dispatched | CaseState::ReturnRequested => (2, false),
        CaseState::Handling | CaseState::InMediation | CaseState::Committed | CaseState::ReplyReview => (3, false),
        CaseState::Replied => (4, false),
        CaseState::Closed | CaseState::Archived => (5, false),
        CaseState::NotAccepted | CaseState::Merged | CaseState::HandedOff | CaseState::Withdrawn => (1, true),
    };
    Progress { reached, stopped }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    fn midnight_after(month: u32, day: u32) -> Timestamp {
        let date = NaiveDate::from_ymd_opt(2026, month, day).unwrap().succ_opt().unwrap();
        Timestamp::from_city_time(date.and_hms_opt(0, 0, 0).unwrap())
    }

    #[test]
    fn a_due_day_is_said_as_the_last_day_not_as_the_midnight_after_it() {
        let facts = SentenceFacts {
            unit: Some("沂城街道办事处"),
            due: Some(midnight_after(11, 30)),
            ..Default::default()
        };
        let said = sentence(Action::Dispatch, &facts).unwrap();
        assert_eq!(said, "您的诉求已经派给沂城街道办事处，办理期限到11月30日。");
    }

    #[test]
    fn sentences_are_short_whole_and_never_speak_of_what_is_internal() {
        let internal: Vec<_> = Action::ALL
            .iter()
            .filter(|action| sentence(**action, &SentenceFacts::default()).is_none())
            .collect();
        assert_eq!(internal.len(), 16, "{internal:?}");
        for action in Action::ALL {
            for facts in [
                SentenceFacts::default(),
                SentenceFacts {
                    public_progress: true,
                    judged: true,
                    ..Default::default()
                },
                SentenceFacts {
                    by_another: true,
                    ..Default::default()
                },
            ] {
                if let Some(said) = sentence(*action, &facts) {
                    assert!(said.ends_with('。') && said.chars().count() <= 60, "{action}: {said}");
                }
            }
        }
    }

    #[test]
    fn a_refusal_tells_the_reason_the_lawful_path_and_the_appeal() {
        let facts = SentenceFacts {
            reason: Some("已经进入诉讼程序"),
            lawful_path: Some("向受理的法院反映"),
            due: Some(midnight_after(11, 30)),
            ..Default::default()
        };
        let said = sentence(Action::Refuse, &facts).unwrap();
        for part in ["已经进入诉讼程序", "向受理的法院反映", "复核", "11月30日"] {
            assert!(said.contains(part), "{said}");
        }
    }

    #[test]
    fn a_moved_limit_is_told_with_both_days() {
        let facts = SentenceFacts {
            due_before: Some(midnight_after(12, 31)),
            due: Some(midnight_after(12, 30)),
            ..Default::default()
        };
        let said = sentence(Action::RecountDues, &facts).unwrap();
        assert_eq!(said, "节假日安排有更新，您的诉求期限从12月31日改到12月30日。");
    }

    #[test]
    fn progress_reaches_its_five_dots_in_order() {
        use CaseState::{Accepted, Closed, Dispatched, Handling, Replied, Submitted};
        let reached: Vec<_> = [Submitted, Accepted, Dispatched, Handling, Replied, Closed]
            .iter()
            .map(|s| progress(*s).reached)
            .collect();
        assert_eq!(reached, [1, 1, 2, 3, 4, 5]);
        assert!(progress(CaseState::Withdrawn).stopped && !progress(Submitted).stopped);
        assert_eq!(DOTS.len(), 5);
    }
}
