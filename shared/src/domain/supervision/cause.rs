//! Why a matter is supervised, and which step of a case is a cause by itself. Which tier a cause opens is the ladder's matter.

use super::ladder::LadderCounts;
use crate::domain::case::words::closed_list;
use crate::domain::case::{Action, CaseFacts, Effect, Transition, Urgency};

closed_list! {
    /// A cause of supervision (rule book 6.6), with the words that the requester reads.
    pub enum Cause as "cause of supervision" {
        /// A red card: the first working day after a limit of handling.
        Late = "late", "到期没有办好";
        /// A limit of an emergency is over.
        EmergencyLate = "emergency_late", "紧急诉求到期没有办好";
        /// The unit let the order count as signed.
        Unsigned = "unsigned", "没有按时签收";
        /// The unit did not speak with the requester in time.
        Silent = "silent", "没有按时联系诉求人";
        /// The first dissatisfied rating.
        Dissatisfied = "dissatisfied", "对办理结果不满意";
        /// The second.
        DissatisfiedTwice = "dissatisfied_twice", "第二次不满意";
        /// The third, found reasonable.
        DissatisfiedThrice = "dissatisfied_thrice", "多次不满意且诉求合理";
        /// Units asked to return it twice.
        ReturnedTwice = "returned_twice", "两次退单";
        /// Many returns by many units.
        ReturnedWidely = "returned_widely", "多个单位多次退单";
        /// Three dispatches without an owner.
        DispatchedThrice = "dispatched_thrice", "三次派单没有落实单位";
        /// A committed date passed.
        PromiseBroken = "promise_broken", "没有按承诺的日期办好";
        /// Redos and supervisions, in total.
        TooMany = "too_many", "重办和督办次数过多";
        /// The tier below came to the end of its limit without a result, or without success.
        TierFailed = "tier_failed", "上一级督办没有办好";
        /// A look-back found it undone.
        LookBackUndone = "look_back_undone", "回访发现没有办好";
        /// The deputies' vote was negative.
        VoteNegative = "vote_negative", "代表委员测评不满意";
        /// The requester asks for the media and consents.
        RequesterAsks = "requester_asks", "诉求人申请并同意";
        /// Many people are concerned.
        PublicInterest = "public_interest", "涉及公众利益";
        /// Several units have to act together.
        SeveralUnits = "several_units", "涉及多个单位";
        /// Many cases of one matter.
        Cluster = "cluster", "同类诉求集中";
        /// It needs a policy, a budget or a rule.
        NeedsPolicy = "needs_policy", "需要政策、预算或规则";
        /// A programme, or a topic of the whole city.
        CityWide = "city_wide", "全市性问题";
        /// The same matter complained of again and again after reasonable dissatisfaction.
        RepeatedComplaints = "repeated_complaints", "同一事项多次投诉";
        /// False closing is proven.
        FalseClosing = "false_closing", "虚假办结";
        /// The requester's identity was leaked.
        IdentityLeaked = "identity_leaked", "泄露诉求人身份";
        /// Retaliation.
        Retaliation = "retaliation", "打击报复";
        /// Pressure on a rating or a withdrawal.
        Pressure = "pressure", "干预评价或撤回";
        /// Money or a duty crime is suspected.
        DutyCrime = "duty_crime", "涉嫌违纪违法";
    }
}

impl Cause {
    /// Whether the platform finds it by itself; the others are named by a supervisor, with a reason.
    #[must_use]
    pub const fn is_found_by_platform(self) -> bool {
        matches!(
            self,
            Self::Late
                | Self::EmergencyLate
                | Self::Unsigned
                | Self::Silent
                | Self::Dissatisfied
                | Self::DissatisfiedTwice
                | Self::DissatisfiedThrice
                | Self::ReturnedTwice
                | Self::ReturnedWidely
                | Self::DispatchedThrice
                | Self::PromiseBroken
                | Self::TooMany
                | Self::TierFailed
        )
    }

    /// Whether it is displeasure with a result, which may be lawful, and no fault of the way there.
    #[must_use]
    pub const fn is_about_result(self) -> bool {
        matches!(
            self,
            Self::Dissatisfied | Self::DissatisfiedTwice | Self::DissatisfiedThrice | Self::VoteNegative
        )
    }

    /// The cause that a limit which passed is for a matter of this urgency: of an emergency none may pass.
    #[must_use]
    pub const fn or_emergency(self, urgency: Urgency) -> Self {
        match urgency {
            Urgency::Emergency => Self::EmergencyLate,
            _ => self,
        }
    }

    /// Whether it is over as soon as nobody is late any more; the others last until somebody says how they ended.
    #[must_use]
    pub const fn ends_with_lateness(self) -> bool {
        self.is_found_by_platform()
    }
}

/// The cause that a decided step is, if it is one: the gravest where it is several. `returning_units` counts the different
/// units that asked to return the case, this step included.
#[must_use]
pub fn cause_of_step(
    step: &Transition,
    after: &CaseFacts,
    returning_units: usize,
    counts: &LadderCounts,
) -> Option<Cause> {
    if step.action == Action::BreakPromise {
        return Some(Cause::PromiseBroken);
    }
    if step.action == Action::AskMedia {
        return Some(Cause::RequesterAsks);
    }
    if step.action == Action::DeemSigned {
        return Some(Cause::Unsigned.or_emergency(after.urgency));
    }
    if step.has(Effect::CountReturn) {
        let widely = after.return_count >= counts.returns_of_many && returning_units >= counts.units_of_many;
        return if widely {
            Some(Cause::ReturnedWidely)
        } else {
            (after.return_count == counts.returns).then_some(Cause::ReturnedTwice)
        };
    }
    if step.has(Effect::CountDispatch) {
        return (after.dispatch_count == counts.dispatches).then_some(Cause::DispatchedThrice);
    }
    if step.has(Effect::CountRedo) {
        return match after.redo_count {
            1 => Some(Cause::Dissatisfied),
            2 => Some(Cause::DissatisfiedTwice),
            _ => Some(Cause::DissatisfiedThrice),
        };
    }
    None
}
