//! The states of a case. Which action leads from one to another is the table in `transition`, not here.

use crate::domain::case::words::closed_list;

closed_list! {
    /// Where a case stands (rule book 6.3). The first ten are open.
    pub enum CaseState as "case state" {
        /// Sent in; the centre has not decided on it yet.
        Submitted = "submitted", "待受理";
        /// The clerk asked the requester a question; the acceptance clock rests.
        NeedsInformation = "needs_information", "待补充";
        /// Taken on; no unit has it yet.
        Accepted = "accepted", "待派单";
        /// Sent to a unit that has not signed for it.
        Dispatched = "dispatched", "待签收";
        /// The unit says that it is not its matter; the dispatcher decides.
        ReturnRequested = "return_requested", "退单待审";
        /// The unit works on it.
        Handling = "handling", "办理中";
        /// A mediator works on it with the parties.
        InMediation = "in_mediation", "调解中";
        /// Promised for a later date, publicly. Not counted as resolved.
        Committed = "committed", "承诺办理";
        /// The reply is signed and waits for the reviewer.
        ReplyReview = "reply_review", "答复待审";
        /// Answered; the requester is asked to rate.
        Replied = "replied", "已答复待评价";
        /// Ended with an outcome.
        Closed = "closed", "办结";
        /// Refused with a reason and the lawful path.
        NotAccepted = "not_accepted", "不予受理";
        /// Handled together with another case, whose way it follows.
        Merged = "merged", "并单";
        /// Taken over by another body that acknowledged it.
        HandedOff = "handed_off", "已转接";
        /// Taken back by the requester.
        Withdrawn = "withdrawn", "撤回";
        /// Sealed; nothing moves any more.
        Archived = "archived", "归档";
    }
}

impl CaseState {
    /// Whether somebody still has to do something: the first ten states.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(
            self,
            Self::Closed | Self::NotAccepted | Self::Merged | Self::HandedOff | Self::Withdrawn | Self::Archived
        )
    }

    /// Whether nobody has taken the case on yet: it keeps no deadline policy before that.
    #[must_use]
    pub const fn awaits_acceptance(self) -> bool {
        matches!(self, Self::Submitted | Self::NeedsInformation)
    }

    /// Whether the cycle is over. A merged case is neither open nor ended: it follows its primary.
    #[must_use]
    pub const fn has_ended(self) -> bool {
        matches!(
            self,
            Self::Closed | Self::NotAccepted | Self::HandedOff | Self::Withdrawn | Self::Archived
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_states_are_open_five_have_ended_and_a_merged_case_follows_its_primary() {
        let open: Vec<_> = CaseState::ALL.iter().filter(|state| state.is_open()).collect();
        let ended: Vec<_> = CaseState::ALL.iter().filter(|state| state.has_ended()).collect();
        assert_eq!((CaseState::ALL.len(), open.len(), ended.len()), (16, 10, 5));
        assert!(open.iter().all(|state| !state.has_ended()));
        assert!(!CaseState::Merged.is_open() && !CaseState::Merged.has_ended());
    }

    #[test]
    fn a_state_has_one_name_in_rows_and_on_the_wire() {
        for state in CaseState::ALL {
            assert_eq!(state.as_str().parse(), Ok(*state));
            assert_eq!(serde_json::to_string(state).unwrap(), format!("\"{state}\""));
        }
        assert!("solved".parse::<CaseState>().is_err());
    }
}
