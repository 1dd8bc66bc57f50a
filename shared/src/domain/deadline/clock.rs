//! The clocks that can run for a case. How long each runs is the deadline policy's matter.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Declares the clocks once: variant, name in rows and data files, meaning.
macro_rules! clocks {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+) => {
        /// A clock: what is being waited for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum ClockKind {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl ClockKind {
            /// Every clock, in the order in which a case meets them.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The name used in rows, in data files and on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

clocks! {
    /// A clerk accepts, refuses or asks; from submission.
    Accept = "accept",
    /// The requester supplies what the clerk asked for.
    Information = "information",
    /// An unanswered case can still be supplied with information after it expired.
    SupplyAfterExpiry = "supply_after_expiry",
    /// The requester can appeal a refusal.
    AppealWindow = "appeal_window",
    /// A different clerk decides the appeal.
    AppealDecision = "appeal_decision",
    /// A dispatcher names the unit; from acceptance.
    Dispatch = "dispatch",
    /// The unit signs for the order; from dispatch.
    SignFor = "sign_for",
    /// The unit speaks with the requester for the first time; from dispatch.
    FirstContact = "first_contact",
    /// Somebody is on the spot or at work on it; from dispatch.
    FirstAction = "first_action",
    /// The unit's reply in the first cycle; from dispatch.
    Handle = "handle",
    /// The most by which the handling limit is extended; from the end of that limit.
    Extension = "extension",
    /// The unit can ask to return the order; from dispatch.
    ReturnRequest = "return_request",
    /// The same for a complex matter.
    ReturnRequestComplex = "return_request_complex",
    /// A dispatcher decides on the return.
    ReturnDecision = "return_decision",
    /// The second person says yes or no to what the first one asked; some questions have a clock of their own.
    SecondPerson = "second_person",
    /// A reviewer or the government inspector decides on an extension.
    ExtensionDecision = "extension_decision",
    /// The government inspector decides on a commitment.
    CommitmentDecision = "commitment_decision",
    /// Supervision tier 1 decides whether a case is left out of the scoring.
    ExclusionDecision = "exclusion_decision",
    /// The unit keeps what it promised: until the promised day, which the policy only bounds; from the commitment.
    Promise = "promise",
    /// The unit reports a step of its promise as reached: until the end of the step's day; from the commitment.
    Milestone = "milestone",
    /// The unit's reply in a later cycle; from its start.
    Redo = "redo",
    /// A reviewer releases the reply or sends it back.
    ReplyReview = "reply_review",
    /// Somebody outside the unit tries to reach the requester; from the reply.
    FollowUp = "follow_up",
    /// The requester can rate; from the reply.
    RatingWindow = "rating_window",
    /// A reviewer judges whether a further redo is reasonable.
    JudgeDemand = "judge_demand",
    /// The requester can reopen a closed case.
    ReopenWindow = "reopen_window",
    /// An ended case is archived.
    Archive = "archive",
    /// Somebody goes to see whether a supervised matter is still done; from its closing.
    FirstLookBack = "first_look_back",
    /// And once more, from its closing.
    SecondLookBack = "second_look_back",
    /// The visit of a look-back is recorded; from when the look-back was due.
    LookBackVisit = "look_back_visit",
    /// The unit's answer or plan, where the tier of supervision asks for one; from the supervision's opening.
    SupervisionAnswer = "supervision_answer",
    /// The result of a supervision; from its opening.
    Supervision = "supervision",
    /// A mediator is named.
    MediationAssign = "mediation_assign",
    /// The mediator speaks with the parties for the first time.
    MediationContact = "mediation_contact",
    /// The mediation ends.
    MediationEnd = "mediation_end",
    /// By how much both parties together can extend it; from its end.
    MediationExtension = "mediation_extension",
    /// First look at whether an agreement is performed; from the agreement.
    MediationFirstCheck = "mediation_first_check",
    /// Second look at whether an agreement is performed; from the agreement.
    MediationSecondCheck = "mediation_second_check",
}

impl ClockKind {
    /// Whether somebody's request waits for another's answer while it runs.
    #[must_use]
    pub const fn is_of_second_person(self) -> bool {
        matches!(
            self,
            Self::SecondPerson | Self::ExtensionDecision | Self::CommitmentDecision | Self::ExclusionDecision
        )
    }

    /// Whether at its end somebody has to go and see whether the matter is still done.
    #[must_use]
    pub const fn is_look_back(self) -> bool {
        matches!(self, Self::FirstLookBack | Self::SecondLookBack)
    }

    /// Whether its limit is the ladder's of the five tiers and not the deadline policy's.
    #[must_use]
    pub const fn is_of_ladder(self) -> bool {
        matches!(self, Self::SupervisionAnswer | Self::Supervision)
    }

    /// Whether the deadline policy has a limit for it: not for a tier's, which is the ladder's, nor for the day of a milestone.
    #[must_use]
    pub const fn has_policy_limit(self) -> bool {
        !self.is_of_ladder() && !matches!(self, Self::Milestone)
    }

    /// Whether it runs to a day that somebody named, and not by a limit.
    #[must_use]
    pub const fn runs_to_a_day(self) -> bool {
        matches!(self, Self::Promise | Self::Milestone)
    }

    /// The clock of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|clock| clock.as_str() == text)
    }
}

impl fmt::Display for ClockKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a clock")]
pub struct UnknownClockKind;

impl FromStr for ClockKind {
    type Err = UnknownClockKind;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text).ok_or(UnknownClockKind)
    }
}
