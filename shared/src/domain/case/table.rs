//! The table of a case's life (rule book 6.3), row by row: act, from, who, guards, to, and what follows. It holds data only:
//! `guard` says what a guard checks, `transition` walks the table.

use crate::domain::case::guard::Guard;
use crate::domain::case::transition::Effect;
use crate::domain::case::{Action, CaseState, Outcome};
use crate::domain::deadline::ClockKind;
use crate::domain::role::Role;

/// Who may do an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// The person whose case it is.
    Owner,
    /// Somebody who owns a case merged under this one.
    Member,
    /// Any signed-in resident.
    Resident,
    /// A clerk who writes down what the requester says.
    CallersClerk,
    /// Somebody in that role, within its scope.
    In(Role),
}

/// Where an act leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum To {
    /// To that state.
    State(CaseState),
    /// Nowhere: the case stays where it is.
    Same,
    /// Back to the unit, or to the dispatcher when no unit had it.
    UnitOrDispatcher,
    /// Back to the mediator when the reply came from mediation, else to the unit.
    MediatorOrUnit,
    /// To where it stood before merging; a "me too" to the clerk.
    BeforeMerging,
}

/// How an act closes a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closing {
    /// It does not.
    None,
    /// With that outcome.
    With(Outcome),
    /// With what the requester's rating says.
    AsRated,
    /// With what the unit claims, marked as unrated.
    AsClaimed,
}

/// Which clocks an act stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stops {
    /// These.
    These(&'static [ClockKind]),
    /// All of them: the cycle is over, or somebody else's clocks count.
    All,
    /// The look-backs that are due: one visit answers for them.
    LookBacksDue,
}

/// One row, or a part of one that leads elsewhere.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rule {
    /// The row of the rule book; 34 for what it says beside its table, 35 for supervision.
    pub(crate) row: u8,
    pub(crate) action: Action,
    pub(crate) from: &'static [CaseState],
    pub(crate) who: &'static [Who],
    pub(crate) guards: &'static [Guard],
    pub(crate) to: To,
    pub(crate) stops: Stops,
    pub(crate) starts: &'static [ClockKind],
    pub(crate) effects: &'static [Effect],
    pub(crate) closing: Closing,
}

const fn row(
    row: u8,
    action: Action,
    from: &'static [CaseState],
    who: &'static [Who],
    guards: &'static [Guard],
    to: To,
) -> Rule {
    Rule {
        row,
        action,
        from,
        who,
        guards,
        to,
        stops: Stops::These(&[]),
        starts: &[],
        effects: &[],
        closing: Closing::None,
    }
}

impl Rule {
    const fn stops(mut self, clocks: &'static [ClockKind]) -> Self {
        self.stops = Stops::These(clocks);
        self
    }

    const fn stops_all(mut self) -> Self {
        self.stops = Stops::All;
        self
    }

    const fn stops_look_backs_due(mut self) -> Self {
        self.stops = Stops::LookBacksDue;
        self
    }

    const fn starts(mut self, clocks: &'static [ClockKind]) -> Self {
        self.starts = clocks;
        self
    }

    const fn effects(mut self, effects: &'static [Effect]) -> Self {
        self.effects = effects;
        self
    }

    const fn closes(mut self, closing: Closing) -> Self {
        self.closing = closing;
        self
    }
}

use Action as A;
use CaseState::{
    Accepted, Archived, Closed, Committed, Dispatched, HandedOff, Handling, InMediation, Merged, NeedsInformation,
    NotAccepted, Replied, ReplyReview, ReturnRequested, Submitted, Withdrawn,
};
use ClockKind as C;
use Effect as E;
use Guard as G;
use To::{BeforeMerging, MediatorOrUnit, Same, State, UnitOrDispatcher};
use Who::{CallersClerk, Member, Owner, Resident};

const CLERK: Who = Who::In(Role::Clerk);
const DISPATCHER: Who = Who::In(Role::Dispatcher);
const REVIEWER: Who = Who::In(Role::Reviewer);
const FOLLOW_UP: Who = Who::In(Role::FollowUpClerk);
const LIAISON: Who = Who::In(Role::UnitLiaison);
const HANDLER: Who = Who::In(Role::UnitHandler);
const LEADER: Who = Who::In(Role::UnitLeader);
const HOTLINE: Who = Who::In(Role::HotlineSupervisor);
const MEDIA: Who = Who::In(Role::MediaSupervisor);
const INSPECTOR: Who = Who::In(Role::GovernmentInspector);
const MEDIATOR: Who = Who::In(Role::Mediator);
const SYSTEM: Who = Who::In(Role::System);
/// Whoever holds one of the five supervision tiers.
const SUPERVISORS: &[Who] = &[
    HOTLINE,
    MEDIA,
    INSPECTOR,
    Who::In(Role::DeputyOffice),
    Who::In(Role::DisciplineOfficer),
];

const OPEN: &[CaseState] = &[
    Submitted,
    NeedsInformation,
    Accepted,
    Dispatched,
    ReturnRequested,
    Handling,
    InMediation,
    Committed,
    ReplyReview,
    Replied,
];
const MERGED: &[CaseState] = &[Merged];
const ENDED: &[CaseState] = &[Closed, NotAccepted, HandedOff, Withdrawn];

/// Everything that can still be taken up again, merged cases apart: those are supervised through their primary.
const BEFORE_ARCHIVING: &[CaseState] = &[
    Submitted,
    NeedsInformation,
    Accepted,
    Dispatched,
    ReturnRequested,
    Handling,
    InMediation,
    Committed,
    ReplyReview,
    Replied,
    Closed,
    NotAccepted,
    HandedOff,
    Withdrawn,
];

/// The clocks of a fresh work order.
const ON_DISPATCH: &[ClockKind] = &[C::Handle, C::SignFor, C::FirstContact, C::FirstAction, C::ReturnRequest];
/// The clocks of the work on an order, which rest when somebody else takes over.
const OF_WORK: &[ClockKind] = &[
    C::Handle,
    C::Redo,
    C::SignFor,
    C::FirstContact,
    C::FirstAction,
    C::ReturnRequest,
    C::ReturnRequestComplex,
    C::ReturnDecision,
];
/// The windows that open when a case is closed, and the look-backs at one that was supervised from the second tier on.
const ON_CLOSING: &[ClockKind] = &[C::ReopenWindow, C::Archive, C::FirstLookBack, C::SecondLookBack];
/// The windows that end when a closed case is taken up again; what is taken up is not looked back at.
const AFTER_CLOSING: &[ClockKind] = &[
    C::ReopenWindow,
    C::Archive,
    C::RatingWindow,
    C::SupplyAfterExpiry,
    C::FirstLookBack,
    C::SecondLookBack,
];
const AGAIN: &[Effect] = &[E::NextCycle, E::CountRedo];

/// The table. Several rules for one act: the first whose states, people and guards all fit is taken.
#[rustfmt::skip]
pub(crate) const TABLE: &[Rule] = &[
    // Taking a case on. (Row 1 has no state before it: `transition::decide_submission`.)
    row(2, A::AskInformation, &[Submitted], &[CLERK], &[G::InformationNotAsked, G::AnotherClerkAfterAppeal], State(NeedsInformation))
        .starts(&[C::Information]).effects(&[E::PauseAcceptance]),
    row(3, A::SupplyInformation, &[NeedsInformation], &[Owner], &[], State(Submitted))
        .stops(&[C::Information]).effects(&[E::ResumeAcceptance]),
    row(3, A::SupplyInformation, &[Closed], &[Owner], &[G::Incomplete, G::Within(C::SupplyAfterExpiry)], State(Submitted))
        .stops(AFTER_CLOSING).starts(&[C::Accept]),
    row(3, A::ExpireInformation, &[NeedsInformation], &[SYSTEM], &[G::Over(C::Information)], State(Closed))
        .stops_all().starts(&[C::SupplyAfterExpiry, C::Archive]).effects(&[E::OldestMemberTakesOver]).closes(Closing::With(Outcome::Incomplete)),
    row(4, A::Accept, &[Submitted], &[CLERK], &[G::AnotherClerkAfterAppeal], State(Accepted))
        .stops(&[C::Accept, C::AppealDecision]).starts(&[C::Dispatch]),
    row(5, A::Refuse, &[Submitted], &[CLERK], &[G::AnotherClerkAfterAppeal], State(NotAccepted))
        .stops_all().starts(&[C::AppealWindow, C::Archive]).effects(&[E::MembersFollow]),
    row(6, A::AppealRefusal, &[NotAccepted], &[Owner], &[G::NotAppealed, G::Within(C::AppealWindow)], State(Submitted))
        .stops(&[C::AppealWindow, C::Archive]).starts(&[C::AppealDecision]),
    row(7, A::HandOff, &[Submitted, Accepted, Handling], &[CLERK], &[G::AnotherClerkAfterAppeal], State(HandedOff))
        .stops_all().starts(&[C::Archive]).effects(&[E::MembersFollow]),

    // One matter, several residents.
    row(8, A::Merge, &[Submitted, Accepted, Dispatched], &[DISPATCHER], &[G::NoMembers], State(Merged))
        .stops_all(),
    row(8, A::Split, MERGED, &[DISPATCHER], &[], BeforeMerging)
        .effects(&[E::LeavePrimary]),
    row(8, A::MeToo, OPEN, &[Resident], &[G::PublicCase, G::SomebodyElsesCase], Same),
    row(8, A::Follow, OPEN, &[Resident], &[G::PublicCase, G::SomebodyElsesCase, G::NotFollowing], Same),

    // To the unit and back.
    row(9, A::AnswerDirectly, &[Submitted, Accepted], &[CLERK], &[G::Inquiry, G::AnotherClerkAfterAppeal], State(Replied))
        .stops_all().starts(&[C::RatingWindow, C::FollowUp]),
    row(10, A::Dispatch, &[Accepted], &[DISPATCHER, SYSTEM], &[], State(Dispatched))
        .stops(&[C::Dispatch]).starts(ON_DISPATCH).effects(&[E::OpenOrder, E::CountDispatch]),
    row(11, A::SignFor, &[Dispatched], &[LIAISON], &[], State(Handling))
        .stops(&[C::SignFor]),
    row(11, A::DeemSigned, &[Dispatched], &[SYSTEM], &[G::Over(C::SignFor)], State(Handling))
        .stops(&[C::SignFor]),
    row(12, A::RequestReturn, &[Dispatched, Handling], &[LEADER], &[G::NotDesignated, G::WithinReturnWindow], State(ReturnRequested))
        .stops(&[C::SignFor]).starts(&[C::ReturnDecision]).effects(&[E::CountReturn]),
    row(13, A::ApproveReturn, &[ReturnRequested], &[DISPATCHER], &[G::NotOriginalDispatcher], State(Accepted))
        .stops(OF_WORK).starts(&[C::Dispatch]).effects(&[E::EndOrder]),
    row(13, A::DenyReturn, &[ReturnRequested], &[DISPATCHER], &[G::NotOriginalDispatcher], State(Handling))
        .stops(&[C::ReturnDecision]).effects(&[E::Designate]),

    // The work.
    row(14, A::RecordContact, &[Handling], &[HANDLER], &[], Same)
        .stops(&[C::FirstContact]),
    row(14, A::AddProgress, &[Handling], &[HANDLER], &[], Same)
        .stops(&[C::FirstAction]),
    row(15, A::RequestExtension, &[Handling], &[LEADER], &[G::NotEmergency, G::ExtensionLeft, G::WithinWorkLimit, G::NotYetAsked], Same),
    row(15, A::ApproveExtension, &[Handling], &[REVIEWER, INSPECTOR], &[G::Asked, G::SecondPerson, G::DecidesThisExtension, G::NotOwnWork], Same)
        .effects(&[E::GrantExtension]),
    row(15, A::DenyExtension, &[Handling], &[REVIEWER, INSPECTOR], &[G::Asked, G::SecondPerson, G::DecidesThisExtension, G::NotOwnWork], Same),
    row(16, A::ReferToMediation, &[Accepted, Handling], &[DISPATCHER], &[G::SuitsMediation], State(InMediation))
        .stops_all().starts(&[C::MediationAssign, C::MediationContact, C::MediationEnd]),
    row(17, A::ConcludeMediation, &[InMediation], &[MEDIATOR], &[], State(ReplyReview))
        .stops(&[C::MediationAssign, C::MediationContact]).starts(&[C::ReplyReview]),
    row(17, A::FailMediation, &[InMediation], &[MEDIATOR], &[], UnitOrDispatcher)
        .stops_all().starts(&[C::Handle]),
    row(18, A::RequestCommitment, &[Handling], &[LEADER], &[G::NotYetAsked], Same),
    row(18, A::Commit, &[Handling], &[INSPECTOR], &[G::Asked, G::SecondPerson, G::NotOwnWork], State(Committed))
        .stops_all().starts(&[C::Promise]),
    row(18, A::DenyCommitment, &[Handling], &[INSPECTOR], &[G::Asked, G::SecondPerson, G::NotOwnWork], Same),
    row(18, A::ReachMilestone, &[Committed], &[HANDLER, LEADER], &[], Same),
    row(19, A::Fulfil, &[Committed], &[HANDLER, LEADER], &[], State(ReplyReview))
        .stops(&[C::Promise]).starts(&[C::ReplyReview]),
    row(19, A::BreakPromise, &[Committed], &[SYSTEM], &[G::PromiseOver], State(Handling))
        .stops(&[C::Promise]).starts(&[C::Handle]).effects(&[E::RaiseTierTo(3)]),

    // The reply.
    row(20, A::SubmitReply, &[Handling], &[HANDLER], &[G::NotYetAsked], Same),
    row(20, A::SignReply, &[Handling], &[LEADER], &[G::Asked, G::SecondPerson], State(ReplyReview))
        .starts(&[C::ReplyReview]),
    row(20, A::DeclineReply, &[Handling], &[LEADER], &[G::Asked, G::SecondPerson], Same),
    // A promise stopped the work's clock: what is sent back after it gets a new one.
    row(21, A::SendBack, &[ReplyReview], &[REVIEWER], &[G::NotOwnWork, G::NoWorkLimit], State(Handling))
        .stops(&[C::ReplyReview]).starts(&[C::Handle]),
    row(21, A::SendBack, &[ReplyReview], &[REVIEWER], &[G::NotOwnWork], MediatorOrUnit)
        .stops(&[C::ReplyReview]),
    row(22, A::ReleaseReply, &[ReplyReview], &[REVIEWER], &[G::NotOwnWork], State(Replied))
        .stops_all().starts(&[C::RatingWindow, C::FollowUp]),

    // The requester's word.
    row(23, A::AttemptFollowUp, &[Replied], &[FOLLOW_UP], &[G::NoDemand, G::NotOwnWork, G::OutsideTheUnit], Same)
        .stops(&[C::FollowUp]),
    row(23, A::RateSatisfied, &[Replied], &[Owner], &[G::NoDemand], State(Closed))
        .stops(&[C::FollowUp]).starts(ON_CLOSING).closes(Closing::AsRated),
    row(23, A::RateSatisfied, &[Replied], &[FOLLOW_UP], &[G::NoDemand, G::NotOwnWork, G::OutsideTheUnit], State(Closed))
        .stops(&[C::FollowUp]).starts(ON_CLOSING).closes(Closing::AsRated),
    row(23, A::RateSatisfied, MERGED, &[Owner], &[G::PrimaryRateable, G::PrimaryNotRated], Same)
        .effects(&[E::RatePrimary]),
    row(24, A::Redo, &[Replied], &[Owner, Member], &[G::NoDemand, G::RedoIsAutomatic], UnitOrDispatcher)
        .stops_all().starts(&[C::Redo]).effects(AGAIN),
    row(24, A::Redo, &[Replied], &[FOLLOW_UP], &[G::NoDemand, G::NotOwnWork, G::OutsideTheUnit, G::RedoIsAutomatic], UnitOrDispatcher)
        .stops_all().starts(&[C::Redo]).effects(AGAIN),
    row(24, A::Redo, &[Replied], &[Owner, Member], &[G::NoDemand, G::RedoIsJudged], Same)
        .stops(&[C::FollowUp]).starts(&[C::JudgeDemand]).effects(&[E::AwaitJudgement]),
    row(24, A::Redo, &[Replied], &[FOLLOW_UP], &[G::NoDemand, G::NotOwnWork, G::OutsideTheUnit, G::RedoIsJudged], Same)
        .stops(&[C::FollowUp]).starts(&[C::JudgeDemand]).effects(&[E::AwaitJudgement]),
    row(24, A::Redo, &[Closed], &[Member], &[G::Within(C::RatingWindow), G::RedoIsAutomatic], UnitOrDispatcher)
        .stops_all().starts(&[C::Redo]).effects(AGAIN),
    row(24, A::Redo, &[Closed], &[Member], &[G::Within(C::RatingWindow), G::RedoIsJudged], State(Replied))
        .stops(&[C::ReopenWindow, C::Archive, C::FirstLookBack, C::SecondLookBack]).starts(&[C::JudgeDemand]).effects(&[E::AwaitJudgement]),
    row(24, A::Redo, MERGED, &[Owner], &[G::PrimaryRateable, G::PrimaryNotRated], Same)
        .effects(&[E::RedoPrimary]),
    row(24, A::UpholdDemand, &[Replied], &[REVIEWER], &[G::DemandWaits, G::NotOwnWork, G::NotYetAsked], UnitOrDispatcher)
        .stops_all().starts(&[C::Redo]).effects(AGAIN),
    row(24, A::DismissDemand, &[Replied], &[REVIEWER], &[G::DemandWaits, G::NotOwnWork, G::NotYetAsked], Same)
        .stops(&[C::JudgeDemand]),
    row(24, A::ExpireJudgement, &[Replied], &[SYSTEM], &[G::DemandWaits, G::Over(C::JudgeDemand)], UnitOrDispatcher)
        .stops_all().starts(&[C::Redo]).effects(AGAIN),
    row(25, A::RequestCloseExplained, &[Replied], &[REVIEWER], &[G::NoDemand, G::NotOwnWork, G::NotYetAsked], Same),
    row(25, A::CloseExplained, &[Replied], &[HOTLINE], &[G::Asked, G::SecondPerson, G::NotOwnWork], State(Closed))
        .stops(&[C::FollowUp, C::JudgeDemand]).starts(ON_CLOSING).effects(&[E::SettleDemand]).closes(Closing::With(Outcome::Explained)),
    // Without tier 1's yes a dismissed demand stands: the matter is redone.
    row(25, A::DenyCloseExplained, &[Replied], &[HOTLINE], &[G::Asked, G::SecondPerson, G::NotOwnWork, G::DemandWaits], UnitOrDispatcher)
        .stops_all().starts(&[C::Redo]).effects(AGAIN),
    row(25, A::DenyCloseExplained, &[Replied], &[HOTLINE], &[G::Asked, G::SecondPerson, G::NotOwnWork, G::NoDemand], Same),
    row(26, A::ExpireRating, &[Replied], &[SYSTEM], &[G::Over(C::RatingWindow), G::NoDemand], State(Closed))
        .stops(&[C::FollowUp]).starts(ON_CLOSING).effects(&[E::CloseUnrated]).closes(Closing::AsClaimed),

    // After the end.
    row(27, A::Reopen, &[Closed], &[Owner], &[G::NotIncomplete, G::NotReopened, G::Within(C::ReopenWindow)], UnitOrDispatcher)
        .stops(AFTER_CLOSING).starts(&[C::Redo]).effects(&[E::NextCycle, E::UseReopening]),
    row(27, A::Reopen, &[Closed], SUPERVISORS, &[G::NotIncomplete], UnitOrDispatcher)
        .stops(AFTER_CLOSING).starts(&[C::Redo]).effects(&[E::NextCycle]),
    row(28, A::Withdraw, OPEN, &[Owner], &[], State(Withdrawn))
        .stops_all().starts(&[C::Archive]).effects(&[E::OldestMemberTakesOver]),
    row(28, A::Withdraw, MERGED, &[Owner], &[G::PrimaryOpen], State(Withdrawn))
        .stops_all().starts(&[C::Archive]).effects(&[E::LeavePrimary]),
    row(29, A::Archive, ENDED, &[SYSTEM], &[G::Over(C::Archive), G::LookBacksDone, G::NotSupervised], State(Archived))
        .stops_all().effects(&[E::MembersFollow]),

    // Besides.
    row(30, A::Designate, &[Accepted], &[HOTLINE, INSPECTOR], &[], State(Dispatched))
        .stops(&[C::Dispatch]).starts(ON_DISPATCH).effects(&[E::OpenOrder, E::CountDispatch, E::Designate]),
    row(31, A::Assign, &[Handling], &[LIAISON], &[], Same),
    row(32, A::AddInformation, OPEN, &[Owner, CallersClerk], &[], Same),
    row(32, A::AddInformation, MERGED, &[Owner, CallersClerk], &[G::PrimaryOpen], Same),
    row(33, A::Urge, OPEN, &[Owner], &[G::NotUrgedThisWorkingDay], Same),
    row(33, A::Urge, MERGED, &[Owner], &[G::PrimaryOpen, G::NotUrgedThisWorkingDay], Same),
    row(34, A::RequestExclusion, &[Closed], &[LEADER, REVIEWER], &[G::NotYetAsked, G::NotExcluded], Same),
    row(34, A::ApproveExclusion, &[Closed], &[HOTLINE], &[G::Asked, G::SecondPerson, G::NotOwnWork], Same)
        .effects(&[E::Exclude]),
    row(34, A::DenyExclusion, &[Closed], &[HOTLINE], &[G::Asked, G::SecondPerson, G::NotOwnWork], Same),
    row(34, A::TightenVisibility, OPEN, &[CLERK, HOTLINE], &[], Same),
    row(34, A::TightenVisibility, MERGED, &[CLERK, HOTLINE], &[], Same),
    row(34, A::TightenVisibility, ENDED, &[CLERK, HOTLINE], &[], Same),
    row(34, A::RecountDues, BEFORE_ARCHIVING, &[SYSTEM], &[], Same),
    // Supervision (rule book 6.6) leaves the state alone. Which supervisor may do what is the tier's matter.
    row(35, A::AskMedia, OPEN, &[Owner], &[G::MediaNotAsked, G::Publicity, G::BelowMedia], Same),
    row(35, A::LookBack, &[Closed], &[MEDIA, HOTLINE], &[G::LookBackDue, G::LooksBack, G::NotOwnWork], Same)
        .stops_look_backs_due(),
    row(35, A::Supervise, BEFORE_ARCHIVING, &[SYSTEM], &[], Same),
    row(35, A::Supervise, BEFORE_ARCHIVING, SUPERVISORS, &[], Same),
    row(35, A::PostponeSupervision, BEFORE_ARCHIVING, SUPERVISORS, &[G::Supervised], Same),
    row(35, A::EndSupervision, BEFORE_ARCHIVING, SUPERVISORS, &[G::Supervised], Same),
    row(35, A::EndSupervision, BEFORE_ARCHIVING, &[SYSTEM], &[G::Supervised], Same),
    row(34, A::ExpireRequest, &[Replied], &[SYSTEM], &[G::RequestOver, G::DemandWaits], UnitOrDispatcher)
        .stops_all().starts(&[C::Redo]).effects(AGAIN),
    row(34, A::ExpireRequest, &[Handling, Replied, Closed], &[SYSTEM], &[G::RequestOver], Same),
];
