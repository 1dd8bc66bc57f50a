//! The lists that staff work from: whose they are, what lies in them, and which clock runs for it.
//! How a list is read, and what an entry shows, is the server's matter.

use crate::domain::case::words::closed_list;
use crate::domain::case::{Action, CaseMemory, CaseState};
use crate::domain::deadline::ClockKind;
use crate::domain::role::Role;

closed_list! {
    /// A list that staff work from.
    pub enum Queue as "queue" {
        /// Submitted, to be accepted.
        Acceptance = "acceptance", "待受理";
        /// The requester was asked for more.
        Information = "information", "待补充";
        /// Accepted, without a unit yet.
        Dispatch = "dispatch", "待派单";
        /// A unit asks to be rid of its order.
        Returns = "returns", "退单待审";
        /// Orders that the unit has not signed for.
        Signing = "signing", "待签收";
        /// Orders that the unit works on.
        Handling = "handling", "办理中";
        /// Orders assigned to the person who asks.
        Mine = "mine", "我承办的";
        /// Replies that wait for the unit's leader.
        Signature = "signature", "待签发";
        /// Extensions that wait for a reviewer, second ones for the government inspector.
        Extensions = "extensions", "待批延期";
        /// Commitments that wait for the government inspector.
        Commitments = "commitments", "待批承诺";
        /// Replies that wait for a reviewer.
        Review = "review", "答复待审";
        /// Demands for another redo that wait for a reviewer.
        Judgement = "judgement", "待认定";
        /// Requests to close with an explanation that wait for supervision tier 1.
        Closing = "closing", "待批解释办结";
        /// Requests to leave a case out of the scoring that wait for supervision tier 1.
        Exclusions = "exclusions", "待批不计考核";
        /// Replied, to be followed up.
        FollowUp = "follow_up", "待回访";
        /// Closed after supervision, to be looked back at: by the media desk, by the hotline what is kept from the media.
        LookBacks = "look_backs", "回头看";
        /// Integrity signs that wait for somebody of supervision tier 1 who had no hand in the matter.
        Flags = "flags", "诚信疑点";
    }
}

closed_list! {
    /// A list with an operation of its own, beside the queues and the tiers.
    pub enum OtherList as "list" {
        /// Cases whose words or photos wait for a moderator.
        Moderation = "moderation", "待审核公开";
    }
}

impl OtherList {
    /// The role whose work it is.
    #[must_use]
    pub const fn role(self) -> Role {
        match self {
            Self::Moderation => Role::Moderator,
        }
    }

    /// The operation that reads it.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Moderation => "/api/v1/staff/moderation",
        }
    }
}

/// From what a list is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueueSource {
    /// The cases in a state.
    State(CaseState),
    /// The work orders of the units within reach at a stage.
    Orders {
        /// As the order names it.
        stage: &'static str,
    },
    /// The work orders of the person who asks.
    OwnOrders {
        /// As the order names it.
        stage: &'static str,
    },
    /// The cases with a running clock of a decision, in a state.
    Decision(ClockKind, CaseState),
    /// The look-backs that are open.
    LookBacks,
    /// The integrity signs that nobody has decided about.
    Flags,
}

impl Queue {
    /// The roles whose work it is.
    #[must_use]
    pub const fn roles(self) -> &'static [Role] {
        match self {
            Self::Acceptance | Self::Information => &[Role::Clerk],
            Self::Dispatch => &[Role::Dispatcher, Role::HotlineSupervisor],
            Self::Returns => &[Role::Dispatcher],
            Self::Signing => &[Role::UnitLiaison],
            Self::Handling => &[Role::UnitLiaison, Role::UnitHandler, Role::UnitLeader],
            Self::Mine => &[Role::UnitHandler],
            Self::Signature => &[Role::UnitLeader],
            Self::Extensions => &[Role::Reviewer, Role::GovernmentInspector],
            Self::Commitments => &[Role::GovernmentInspector],
            Self::Review | Self::Judgement => &[Role::Reviewer],
            Self::Closing | Self::Exclusions | Self::Flags => &[Role::HotlineSupervisor],
            Self::FollowUp => &[Role::FollowUpClerk],
            Self::LookBacks => &[Role::MediaSupervisor, Role::HotlineSupervisor],
        }
    }

    /// What lies in it.
    #[must_use]
    pub const fn source(self) -> QueueSource {
        match self {
            Self::Acceptance => QueueSource::State(CaseState::Submitted),
            Self::Information => QueueSource::State(CaseState::NeedsInformation),
            Self::Dispatch => QueueSource::State(CaseState::Accepted),
            Self::Returns => QueueSource::State(CaseState::ReturnRequested),
            Self::Review => QueueSource::State(CaseState::ReplyReview),
            Self::FollowUp => QueueSource::State(CaseState::Replied),
            Self::Signing => QueueSource::Orders { stage: "to_sign" },
            Self::Handling => QueueSource::Orders { stage: "handling" },
            Self::Signature => QueueSource::Orders { stage: "reply_to_sign" },
            Self::Mine => QueueSource::OwnOrders { stage: "handling" },
            Self::Extensions => QueueSource::Decision(ClockKind::ExtensionDecision, CaseState::Handling),
            Self::Commitments => QueueSource::Decision(ClockKind::CommitmentDecision, CaseState::Handling),
            Self::Judgement => QueueSource::Decision(ClockKind::JudgeDemand, CaseState::Replied),
            Self::Exclusions => QueueSource::Decision(ClockKind::ExclusionDecision, CaseState::Closed),
            Self::Closing => QueueSource::Decision(ClockKind::SecondPerson, CaseState::Replied),
            Self::LookBacks => QueueSource::LookBacks,
            Self::Flags => QueueSource::Flags,
        }
    }

    /// Whether something of what the rules remember of a case decides if it lies in the list.
    #[must_use]
    pub const fn asks_memory(self) -> bool {
        matches!(self, Self::FollowUp | Self::LookBacks) || matches!(self.source(), QueueSource::Decision(..))
    }

    /// Whether a case with this memory lies in the list, its state and its clocks being as they should: what waits for a second
    /// person was asked by a first, and nobody is called whose demand for a redo is being judged.
    #[must_use]
    pub fn holds(self, memory: &CaseMemory) -> bool {
        let asked = |action: Action| memory.pending.iter().any(|request| request.action == action);
        match self {
            Self::Exclusions => asked(Action::RequestExclusion),
            Self::Extensions => asked(Action::RequestExtension),
            Self::Commitments => asked(Action::RequestCommitment),
            Self::Closing => asked(Action::RequestCloseExplained),
            Self::FollowUp => memory.demand_since.is_none(),
            _ => true,
        }
    }

    /// The clocks that run for whoever works from it; the first one that runs counts.
    #[must_use]
    pub const fn clocks(self) -> &'static [ClockKind] {
        match self {
            Self::Acceptance => &[ClockKind::Accept, ClockKind::AppealDecision],
            Self::Information => &[ClockKind::Information],
            Self::Dispatch => &[ClockKind::Dispatch, ClockKind::Redo],
            Self::Returns => &[ClockKind::ReturnDecision],
            Self::Signing => &[ClockKind::SignFor],
            Self::Handling | Self::Mine => &[ClockKind::Handle, ClockKind::Redo, ClockKind::Promise],
            Self::Extensions => &[ClockKind::ExtensionDecision],
            Self::Commitments => &[ClockKind::CommitmentDecision],
            Self::Exclusions => &[ClockKind::ExclusionDecision],
            Self::Signature | Self::Closing => &[ClockKind::SecondPerson],
            Self::Review => &[ClockKind::ReplyReview],
            Self::Judgement => &[ClockKind::JudgeDemand],
            Self::FollowUp => &[ClockKind::FollowUp, ClockKind::RatingWindow],
            Self::LookBacks => &[ClockKind::LookBackVisit],
            // A sign blames nobody: nobody is late with it.
            Self::Flags => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_belongs_to_somebody_and_all_but_the_signs_have_a_clock() {
        for queue in Queue::ALL {
            let timed = *queue != Queue::Flags;
            assert!(
                !queue.roles().is_empty() && queue.clocks().is_empty() != timed,
                "{queue}"
            );
            assert!(queue.roles().iter().all(|role| role.is_staff()), "{queue}");
        }
    }

    #[test]
    fn every_open_state_that_waits_for_the_hotline_has_its_list() {
        for state in [
            CaseState::Submitted,
            CaseState::NeedsInformation,
            CaseState::Accepted,
            CaseState::ReturnRequested,
            CaseState::ReplyReview,
            CaseState::Replied,
        ] {
            let lies = |queue: &&Queue| queue.source() == QueueSource::State(state);
            assert_eq!(Queue::ALL.iter().filter(lies).count(), 1, "{state}");
        }
    }
}
