//! The guards of the table: each asks one question of the case, the actor and the moment, and names its refusal.
//! None reads a clock or works out a limit: due instants are facts.

use crate::domain::calendar::Calendar;
use crate::domain::case::{
    Action, ActorFacts, CaseFacts, CaseKind, CaseMemory, CaseState, Outcome, Refusal, Urgency, Visibility,
};
use crate::domain::deadline::ClockKind;
use crate::domain::role::Role;
use crate::domain::supervision::Tier;
use crate::domain::time::Timestamp;

/// One question; the answer no is a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Guard {
    /// The clerk's one question is still free.
    InformationNotAsked,
    /// After an appeal another clerk decides than the one who refused.
    AnotherClerkAfterAppeal,
    /// The case was closed for lack of information.
    Incomplete,
    /// It was not.
    NotIncomplete,
    /// The requester's one appeal is still free.
    NotAppealed,
    /// The requester's one reopening is still free.
    NotReopened,
    /// The window is open.
    Within(ClockKind),
    /// The limit has passed.
    Over(ClockKind),
    /// The order can still be returned.
    WithinReturnWindow,
    /// The handling limit has not passed.
    WithinWorkLimit,
    /// The unit has no handling limit.
    NoWorkLimit,
    /// No case is merged under it.
    NoMembers,
    /// It is public.
    PublicCase,
    /// It is not the actor's own.
    SomebodyElsesCase,
    /// The actor does not follow it yet.
    NotFollowing,
    /// It is a question.
    Inquiry,
    /// It can be a dispute between private parties.
    SuitsMediation,
    /// The unit was not designated.
    NotDesignated,
    /// The actor is not the one who dispatched it.
    NotOriginalDispatcher,
    /// The actor had no hand in the handling.
    NotOwnWork,
    /// The actor does not belong to the handling unit.
    OutsideTheUnit,
    /// It is no emergency.
    NotEmergency,
    /// At most one extension was granted: the first is the reviewer's, a second the inspector's.
    ExtensionLeft,
    /// The actor's role decides the extension of this number.
    DecidesThisExtension,
    /// The first person has not asked yet.
    NotYetAsked,
    /// The first person has asked.
    Asked,
    /// The actor is not the one who asked.
    SecondPerson,
    /// Somebody's request passed its limit.
    RequestOver,
    /// The promised day is over.
    PromiseOver,
    /// No demand for another redo waits.
    NoDemand,
    /// One waits.
    DemandWaits,
    /// The next redo follows by itself.
    RedoIsAutomatic,
    /// The next redo is judged first.
    RedoIsJudged,
    /// The primary's reply can be rated.
    PrimaryRateable,
    /// The member has not rated it in this cycle.
    PrimaryNotRated,
    /// The primary is open.
    PrimaryOpen,
    /// It counts in the scoring.
    NotExcluded,
    /// No look-back is outstanding.
    LookBacksDone,
    /// One is due.
    LookBackDue,
    /// The actor's role looks back at such a matter.
    LooksBack,
    /// The requester has not asked for the media tier yet.
    MediaNotAsked,
    /// The matter may be made public by the media.
    Publicity,
    /// No tier as high as the media's has had it.
    BelowMedia,
    /// A supervision is open.
    Supervised,
    /// None is.
    NotSupervised,
    /// A working day has begun since the last urging.
    NotUrgedThisWorkingDay,
}

/// What a guard may ask.
#[derive(Clone, Copy)]
pub(crate) struct Situation<'a> {
    pub(crate) action: Action,
    pub(crate) facts: &'a CaseFacts,
    pub(crate) actor: &'a ActorFacts,
    pub(crate) now: Timestamp,
    pub(crate) calendar: &'a Calendar,
}

impl Guard {
    /// Whether the situation passes.
    pub(crate) fn check(self, at: &Situation<'_>) -> Result<(), Refusal> {
        let (passes, refusal) = self.ask(at);
        if passes { Ok(()) } else { Err(refusal) }
    }

    #[rustfmt::skip]
    fn ask(self, at: &Situation<'_>) -> (bool, Refusal) {
        let (facts, memory) = (at.facts, &at.facts.memory);
        match self {
            Self::InformationNotAsked => (!memory.information_asked, Refusal::AlreadyUsed),
            Self::AnotherClerkAfterAppeal => (!at.decides_own_refusal(), Refusal::SameClerk),
            Self::Incomplete => (facts.outcome == Some(Outcome::Incomplete), Refusal::NotIncomplete),
            Self::NotIncomplete => (facts.outcome != Some(Outcome::Incomplete), Refusal::SupplyInstead),
            Self::NotAppealed => (!memory.appealed, Refusal::AlreadyUsed),
            Self::NotReopened => (!memory.reopened_by_requester, Refusal::AlreadyUsed),
            Self::Within(clock) => (at.is_before_end_of(&[clock]), Refusal::WindowOver),
            Self::Over(clock) => (facts.due(clock).is_some_and(|due| at.now >= due), Refusal::NotYetDue),
            Self::WithinReturnWindow => {
                (at.is_before_end_of(&[ClockKind::ReturnRequest, ClockKind::ReturnRequestComplex]), Refusal::WindowOver)
            }
            Self::WithinWorkLimit => (at.is_before_end_of(&[ClockKind::Handle, ClockKind::Redo]), Refusal::WindowOver),
            Self::NoWorkLimit => {
                let limit = [ClockKind::Handle, ClockKind::Redo].iter().any(|clock| facts.due(*clock).is_some());
                (!limit && !memory.from_mediation, Refusal::WrongState)
            }
            Self::NoMembers => (facts.member_count == 0, Refusal::HasMembers),
            Self::PublicCase => (facts.visibility == Visibility::Public, Refusal::NotPublic),
            Self::SomebodyElsesCase => (!at.actor.is_requester, Refusal::OwnCase),
            Self::NotFollowing => (!at.actor.is_follower, Refusal::AlreadyFollowing),
            Self::Inquiry => (facts.kind == CaseKind::Inquiry, Refusal::NotInquiry),
            Self::SuitsMediation => {
                (matches!(facts.kind, CaseKind::Assistance | CaseKind::Complaint), Refusal::MediationUnsuited)
            }
            Self::NotDesignated => (!facts.designated, Refusal::Designated),
            Self::NotOriginalDispatcher => {
                (memory.dispatched_by.is_none() || memory.dispatched_by != at.actor.id, Refusal::OriginalDispatcher)
            }
            Self::NotOwnWork => (!at.actor.id.is_some_and(|id| memory.handled_by.contains(&id)), Refusal::OwnWork),
            Self::OutsideTheUnit => {
                (facts.lead_unit.is_none() || facts.lead_unit != at.actor.unit, Refusal::HandlingUnit)
            }
            Self::NotEmergency => (facts.urgency != Urgency::Emergency, Refusal::NoExtensionForEmergency),
            Self::ExtensionLeft => (memory.extensions < 2, Refusal::AlreadyUsed),
            Self::DecidesThisExtension => {
                (at.actor.roles.contains(&facts.memory.decides_extension()), Refusal::WrongDeciderForExtension)
            }
            Self::NotYetAsked => (at.waiting_for(at.request()).is_none(), Refusal::AlreadyPending),
            Self::Asked => (at.waiting_for(at.request()).is_some(), Refusal::NothingPending),
            Self::SecondPerson => {
                (at.waiting_for(at.request()).is_none_or(|asked| Some(asked) != at.actor.id), Refusal::SamePerson)
            }
            Self::RequestOver => {
                let over = memory.pending.iter().any(|request| request.until.is_some_and(|until| at.now >= until));
                (over, if memory.pending.is_empty() { Refusal::NothingPending } else { Refusal::NotYetDue })
            }
            Self::PromiseOver => (memory.promise_until.is_some_and(|until| at.now >= until), Refusal::NotYetDue),
            Self::NoDemand => (memory.demand_since.is_none(), Refusal::JudgementPending),
            Self::DemandWaits => (memory.demand_since.is_some(), Refusal::NoDemand),
            Self::RedoIsAutomatic => (facts.next_redo_is_automatic(), Refusal::JudgementPending),
            Self::RedoIsJudged => (!facts.next_redo_is_automatic(), Refusal::NoDemand),
            Self::PrimaryRateable => (at.primary_is_rateable(), Refusal::PrimaryNotReady),
            Self::PrimaryNotRated => {
                let rated = facts.primary.is_some_and(|primary| memory.rated_primary_cycle == Some(primary.cycle));
                (!rated, Refusal::AlreadyUsed)
            }
            Self::PrimaryOpen => (facts.primary.is_some_and(|primary| primary.state.is_open()), Refusal::PrimaryNotReady),
            Self::NotExcluded => (memory.excluded.is_none(), Refusal::AlreadyUsed),
            Self::NotSupervised => (memory.supervision.is_none(), Refusal::UnderSupervision),
            Self::Supervised => (memory.supervision.is_some(), Refusal::NotSupervised),
            Self::LookBacksDone => (facts.look_backs().next().is_none(), Refusal::LookBackOutstanding),
            Self::LookBackDue => (facts.look_backs().any(|(_, due)| at.now >= due), Refusal::NoLookBackDue),
            Self::LooksBack => (at.actor.roles.contains(&facts.looks_back()), Refusal::RoleNotAllowed),
            Self::MediaNotAsked => (!memory.media_asked, Refusal::AlreadyUsed),
            Self::Publicity => (!facts.no_publicity, Refusal::NoPublicity),
            Self::BelowMedia => (facts.tier < Tier::Media.number(), Refusal::AlreadySupervised),
            Self::NotUrgedThisWorkingDay => (at.is_new_working_day_for_urging(), Refusal::UrgedToday),
        }
    }
}

impl CaseFacts {
    /// Whether a low rating now leads to a redo by itself, or to a reviewer's judgement.
    #[must_use]
    pub fn next_redo_is_automatic(&self) -> bool {
        self.redo_count < self.figures.automatic_redos
    }
}

impl CaseMemory {
    /// Who decides on the next extension: the first is the reviewer's, a second the government inspector's.
    #[must_use]
    pub const fn decides_extension(&self) -> Role {
        if self.extensions == 0 {
            Role::Reviewer
        } else {
            Role::GovernmentInspector
        }
    }
}

impl Situation<'_> {
    /// The first person's request that this act makes or answers.
    fn request(&self) -> Action {
        match self.action {
            Action::UpholdDemand => Action::RequestCloseExplained,
            action => action.answers().or(action.pends()).unwrap_or(action),
        }
    }

    fn waiting_for(&self, request: Action) -> Option<crate::domain::id::AccountId> {
        self.facts.pending(request).map(|waiting| waiting.by)
    }

    /// A window that never opened is not open.
    fn is_before_end_of(&self, clocks: &[ClockKind]) -> bool {
        clocks
            .iter()
            .any(|clock| self.facts.due(*clock).is_some_and(|due| self.now < due))
    }

    fn decides_own_refusal(&self) -> bool {
        let memory = &self.facts.memory;
        self.facts.state == CaseState::Submitted
            && memory.appealed
            && memory.refusal.is_some_and(|refusal| Some(refusal.by) == self.actor.id)
    }

    fn primary_is_rateable(&self) -> bool {
        self.facts.primary.is_some_and(|primary| match primary.state {
            CaseState::Replied => true,
            CaseState::Closed => primary.rating_until.is_some_and(|until| self.now < until),
            _ => false,
        })
    }

    /// Urging on a Saturday counts for the Friday before: the next one is on the next working day.
    fn is_new_working_day_for_urging(&self) -> bool {
        self.facts
            .memory
            .last_urged_on
            .is_none_or(|last| self.calendar.next_working_day(last).date <= self.now.city_date())
    }
}
