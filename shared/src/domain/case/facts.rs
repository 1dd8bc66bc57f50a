//! What the rules need to know of a case and of the person who acts, as plain data, and how a decided step changes it.
//! Loading, storing and working out due dates are the server's matter.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::case::transition::{Effect, Transition};
use crate::domain::case::{
    Action, CaseKind, CaseState, ExclusionReason, Milestone, Outcome, Particulars, Urgency, Visibility,
    commitment::end_of,
};
use crate::domain::deadline::ClockKind;
use crate::domain::id::{AccountId, CaseId};
use crate::domain::role::Role;
use crate::domain::supervision::OpenSupervision;
use crate::domain::time::Timestamp;

/// A case as the rules see it. The fields before `memory` are columns of the case's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFacts {
    /// Where the case stands.
    pub state: CaseState,
    /// What it is, as suggested or chosen, then as fixed at acceptance.
    pub kind: CaseKind,
    /// How pressing it is.
    pub urgency: Urgency,
    /// Who may see it.
    pub visibility: Visibility,
    /// 1 from submission on; one more at each redo and each reopening.
    pub cycle: u32,
    /// Redos so far.
    pub redo_count: u32,
    /// Returns asked for so far.
    pub return_count: u32,
    /// Dispatches so far.
    pub dispatch_count: u32,
    /// The unit was named for good: no more returns.
    pub designated: bool,
    /// Supervision tier, 0 without supervision.
    pub tier: u8,
    /// Code of the unit that leads the handling, or led it last.
    pub lead_unit: Option<String>,
    /// How it ended, when closed.
    pub outcome: Option<Outcome>,
    /// The case that this one was merged under, when merged.
    pub primary: Option<PrimaryFacts>,
    /// How many cases are merged under this one.
    pub member_count: u32,
    /// The ladder keeps such a matter from the media.
    pub no_publicity: bool,
    /// What has no column of its own.
    pub memory: CaseMemory,
    /// The figures frozen with the policy when the case was accepted.
    pub figures: RuleFigures,
}

/// What a merged case needs to know of the case that it follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrimaryFacts {
    /// Its number.
    pub id: CaseId,
    /// Where it stands.
    pub state: CaseState,
    /// Its cycle: a member rates once in each.
    pub cycle: u32,
    /// When its rating window ends, from the release of the reply on.
    pub rating_until: Option<Timestamp>,
}

/// Facts that the rules need and that no list or search asks for: stored as JSON beside the case.
/// Unknown fields are ignored and missing ones empty, so that an older or newer server reads the same rows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "independent facts about one case, each asked by its own guard"
)]
pub struct CaseMemory {
    /// Running clocks and open windows with their due instants, worked out once when each started.
    pub clocks: BTreeMap<ClockKind, Timestamp>,
    /// Clocks that rest.
    pub paused: BTreeMap<ClockKind, PausedClock>,
    /// Requests of a first person that wait for a second.
    pub pending: Vec<PendingRequest>,
    /// A unit has a work order in this cycle.
    pub has_work_order: bool,
    /// Everybody who had a hand in the handling: none of them reviews, judges, follows up or closes.
    pub handled_by: BTreeSet<AccountId>,
    /// The dispatcher of the latest dispatch; none when a catalogue rule did it.
    pub dispatched_by: Option<AccountId>,
    /// Code of the unit that the case complains of.
    pub complained_unit: Option<String>,
    /// The matter is complex: longer time to return it.
    pub complex: bool,
    /// The version of the deadline policy that it was accepted under: its clocks run by that one. None before.
    pub policy_version: Option<String>,
    /// The figures of that policy.
    pub figures: Option<RuleFigures>,
    /// The clerk has used the one question.
    pub information_asked: bool,
    /// Who refused it, and when.
    pub refusal: Option<ActBy>,
    /// The requester has used the one appeal.
    pub appealed: bool,
    /// The requester has used the one reopening.
    pub reopened_by_requester: bool,
    /// The length of the extension asked for last, in working days.
    pub extension_working_days: Option<u32>,
    /// Extensions granted in this cycle.
    pub extensions: u32,
    /// Extensions granted in all cycles.
    pub extensions_in_all: u32,
    /// The promised day's end, from the asking on.
    pub promise_until: Option<Timestamp>,
    /// The steps on the way to it.
    pub milestones: Vec<Milestone>,
    /// When the unit reported which of them as reached, by their place from 0 on.
    pub reached: BTreeMap<usize, Timestamp>,
    /// The reply under review or released came from mediation.
    pub from_mediation: bool,
    /// Others joined with cases of their own: they are told of its steps.
    pub shared: bool,
    /// The state before merging; none for a "me too", which began as merged.
    pub former_state: Option<CaseState>,
    /// The knowledge article that the direct answer cites.
    pub answered_by_article: Option<String>,
    /// What the unit says it achieved.
    pub claimed_outcome: Option<Outcome>,
    /// When the latest reply was released.
    pub replied_at: Option<Timestamp>,
    /// When the cycle ended.
    pub closed_at: Option<Timestamp>,
    /// Closed without a rating: never counted as satisfied.
    pub unrated: bool,
    /// Since when a demand for another redo waits for a reviewer.
    pub demand_since: Option<Timestamp>,
    /// The cycle of the primary that this member has rated.
    pub rated_primary_cycle: Option<u32>,
    /// The city day of the latest urging.
    pub last_urged_on: Option<NaiveDate>,
    /// How often the requester urged.
    pub urge_count: u32,
    /// Why somebody asks to leave this cycle out of the scoring, or asked last.
    pub exclusion_asked: Option<ExclusionReason>,
    /// Why this cycle is left out of it.
    pub excluded: Option<ExclusionReason>,
    /// The hash that it was sealed with when it was archived.
    pub seal: Option<String>,
    /// The supervision under which it stands.
    pub supervision: Option<OpenSupervision>,
    /// Supervisions opened so far.
    pub supervisions: u32,
    /// The matter is about a minor: no publicity.
    pub concerns_minor: bool,
    /// The requester has asked for the media tier.
    pub media_asked: bool,
}

/// Somebody's act at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActBy {
    /// Who.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

/// A clock that rests, with what is needed to set it going again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PausedClock {
    /// When it would have been due.
    pub due: Timestamp,
    /// When it was stopped.
    pub since: Timestamp,
}

/// A first person's act that waits for a second person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingRequest {
    /// What was asked for.
    pub action: Action,
    /// Who asked.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
    /// Until when the second person may answer; none when the policy sets no limit.
    pub until: Option<Timestamp>,
}

/// Figures of the rules that the operator may change; a case keeps those it was accepted under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RuleFigures {
    /// So many redos follow a low rating by themselves; further ones are judged.
    pub automatic_redos: u32,
    /// The dispatch of this number designates.
    pub designating_dispatch: u32,
    /// An extension has at most so many working days.
    pub extension_working_days: u32,
}

impl Default for RuleFigures {
    fn default() -> Self {
        Self {
            automatic_redos: 2,
            designating_dispatch: 3,
            extension_working_days: 10,
        }
    }
}

/// The person who acts, seen from one case.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "independent facts about one person, each asked by its own rule"
)]
pub struct ActorFacts {
    /// The account; none for a visitor and for the platform itself.
    pub id: Option<AccountId>,
    /// The roles whose scope covers this case or order.
    pub roles: BTreeSet<Role>,
    /// Roles that the person holds, but not for this case.
    pub roles_elsewhere: BTreeSet<Role>,
    /// The case is the person's own.
    pub is_requester: bool,
    /// The person follows the case.
    pub is_follower: bool,
    /// The person owns a case merged under this one and rates this one's reply.
    pub is_member: bool,
    /// A clerk who writes down what the requester says on the phone.
    pub speaks_for_requester: bool,
    /// Code of the unit that the person works for.
    pub unit: Option<String>,
}

impl ActorFacts {
    /// The platform itself: sweeps, imports, catalogue rules.
    #[must_use]
    pub fn system() -> Self {
        Self {
            roles: BTreeSet::from([Role::System]),
            ..Self::visitor()
        }
    }

    /// Anybody without sign-in.
    #[must_use]
    pub fn visitor() -> Self {
        Self {
            id: None,
            roles: BTreeSet::from([Role::Visitor]),
            roles_elsewhere: BTreeSet::new(),
            is_requester: false,
            is_follower: false,
            is_member: false,
            speaks_for_requester: false,
            unit: None,
        }
    }
}

impl CaseMemory {
    /// The milestones that nobody reported as reached, in their order, each with the first instant after its day.
    pub fn milestones_ahead(&self) -> impl Iterator<Item = (usize, Timestamp)> {
        let waiting = self.milestones.iter().enumerate();
        waiting
            .filter(|(place, _)| !self.reached.contains_key(place))
            .filter_map(|(place, milestone)| Some((place, end_of(milestone.day)?)))
    }
}

impl CaseFacts {
    /// A case as it is right after its submission.
    #[must_use]
    pub fn submitted(kind: CaseKind, urgency: Urgency, visibility: Visibility) -> Self {
        Self {
            state: CaseState::Submitted,
            kind,
            urgency,
            visibility: visibility.for_kind(kind),
            cycle: 1,
            redo_count: 0,
            return_count: 0,
            dispatch_count: 0,
            designated: false,
            tier: 0,
            lead_unit: None,
            outcome: None,
            primary: None,
            member_count: 0,
            no_publicity: false,
            memory: CaseMemory::default(),
            figures: RuleFigures::default(),
        }
    }

    /// The waiting request of a first person for `action`.
    #[must_use]
    pub fn pending(&self, action: Action) -> Option<&PendingRequest> {
        self.memory.pending.iter().find(|request| request.action == action)
    }

    /// The look-backs that are not recorded yet, with the instants at which they are due.
    pub fn look_backs(&self) -> impl Iterator<Item = (ClockKind, Timestamp)> + '_ {
        let running = self.memory.clocks.iter().filter(|(clock, _)| clock.is_look_back());
        running.map(|(clock, due)| (*clock, *due))
    }

    /// Who goes to look back: the media desk, and the hotline where there is to be no publicity.
    #[must_use]
    pub const fn looks_back(&self) -> Role {
        if self.no_publicity {
            Role::HotlineSupervisor
        } else {
            Role::MediaSupervisor
        }
    }

    /// Whether it ended as solved, at least in part.
    #[must_use]
    pub const fn ended_as_solved(&self) -> bool {
        matches!(self.outcome, Some(Outcome::Resolved | Outcome::PartlyResolved))
    }

    /// When the clock is due, while it runs.
    #[must_use]
    pub fn due(&self, clock: ClockKind) -> Option<Timestamp> {
        self.memory.clocks.get(&clock).copied()
    }

    /// The facts after the decided step.
    ///
    /// `dues` holds the due instant of each clock in `step.starts` and `step.resumes`, and `request_until` the limit of a
    /// request for a second person; a clock without an entry has no limit and does not run.
    pub fn apply(
        &mut self,
        step: &Transition,
        by: Option<AccountId>,
        now: Timestamp,
        particulars: &Particulars,
        dues: &BTreeMap<ClockKind, Timestamp>,
        request_until: Option<Timestamp>,
    ) {
        self.turn_clocks(step, now, dues);
        if step.to != self.state {
            self.memory.pending.clear();
            self.enter(step, now);
        }
        if let Some(request) = step.settles {
            self.memory.pending.retain(|waiting| waiting.action != request);
        }
        if step.action == Action::ExpireRequest {
            self.memory
                .pending
                .retain(|waiting| waiting.until.is_none_or(|until| until > now));
        }
        if let (Some(action), Some(by)) = (step.pends, by) {
            self.memory.pending.push(PendingRequest {
                action,
                by,
                at: now,
                until: request_until,
            });
        }
        for effect in &step.effects {
            self.take_effect(*effect, by, now);
        }
        self.remember(step.action, by, now, particulars);
    }

    fn turn_clocks(&mut self, step: &Transition, now: Timestamp, dues: &BTreeMap<ClockKind, Timestamp>) {
        for clock in &step.pauses {
            if let Some(due) = self.memory.clocks.remove(clock) {
                self.memory.paused.insert(*clock, PausedClock { due, since: now });
            }
        }
        for clock in &step.stops {
            self.memory.clocks.remove(clock);
            self.memory.paused.remove(clock);
        }
        for clock in step.starts.iter().chain(&step.resumes) {
            self.memory.paused.remove(clock);
            if let Some(due) = dues.get(clock) {
                self.memory.clocks.insert(*clock, *due);
            }
        }
    }

    fn enter(&mut self, step: &Transition, now: Timestamp) {
        if step.to == CaseState::Merged {
            self.memory.former_state = Some(self.state);
        }
        if step.to == CaseState::Replied {
            self.memory.replied_at = Some(now);
        }
        if step.to == CaseState::ReplyReview {
            self.memory.from_mediation = step.action == Action::ConcludeMediation;
        }
        if step.to.has_ended() && step.to != CaseState::Archived {
            self.memory.closed_at = Some(now);
        }
        if step.to.is_open() {
            self.outcome = None;
            self.memory.closed_at = None;
            self.memory.unrated = false;
        }
        if let Some(outcome) = step.outcome {
            self.outcome = Some(outcome);
        }
        self.state = step.to;
    }

    fn take_effect(&mut self, effect: Effect, by: Option<AccountId>, now: Timestamp) {
        match effect {
            Effect::NextCycle => {
                self.cycle = self.cycle.saturating_add(1);
                self.memory.extensions = 0;
                self.memory.excluded = None;
            }
            Effect::CountRedo => {
                self.redo_count = self.redo_count.saturating_add(1);
                self.memory.demand_since = None;
            }
            Effect::CountReturn => self.return_count = self.return_count.saturating_add(1),
            Effect::CountDispatch => {
                self.dispatch_count = self.dispatch_count.saturating_add(1);
                self.memory.dispatched_by = by;
            }
            Effect::Designate => self.designated = true,
            Effect::OpenOrder => self.memory.has_work_order = true,
            Effect::EndOrder => self.memory.has_work_order = false,
            Effect::GrantExtension => {
                self.memory.extensions = self.memory.extensions.saturating_add(1);
                self.memory.extensions_in_all = self.memory.extensions_in_all.saturating_add(1);
            }
            Effect::AwaitJudgement => self.memory.demand_since = Some(now),
            Effect::SettleDemand => self.memory.demand_since = None,
            Effect::CloseUnrated => self.memory.unrated = true,
            Effect::RaiseTierTo(tier) => self.tier = self.tier.max(tier),
            Effect::LeavePrimary => {
                self.primary = None;
                self.memory.former_state = None;
            }
            Effect::RatePrimary | Effect::RedoPrimary => {
                self.memory.rated_primary_cycle = self.primary.map(|primary| primary.cycle);
            }
            Effect::Exclude => self.memory.excluded = self.memory.exclusion_asked,
            Effect::UseReopening => self.memory.reopened_by_requester = true,
            // The clocks are turned already, and other cases are other facts.
            Effect::PauseAcceptance
            | Effect::ResumeAcceptance
            | Effect::MembersFollow
            | Effect::OldestMemberTakesOver => {}
        }
    }

    fn remember(&mut self, action: Action, by: Option<AccountId>, now: Timestamp, particulars: &Particulars) {
        if let Some(by) = by.filter(|_| action.is_handling()) {
            self.memory.handled_by.insert(by);
        }
        match action {
            Action::AskInformation => self.memory.information_asked = true,
            Action::MeToo => self.memory.shared = true,
            Action::AskMedia => self.memory.media_asked = true,
            Action::Refuse => self.memory.refusal = by.map(|by| ActBy { by, at: now }),
            Action::AppealRefusal => self.memory.appealed = true,
            Action::AnswerDirectly => self.memory.answered_by_article.clone_from(&particulars.article),
            Action::Dispatch | Action::Designate => self.lead_unit.clone_from(&particulars.lead_unit),
            Action::RequestCommitment => {
                self.memory.promise_until = particulars.promise_until;
                self.memory.milestones.clone_from(&particulars.milestones);
                self.memory.reached.clear();
            }
            Action::ReachMilestone => self
                .memory
                .reached
                .extend(particulars.milestone.map(|place| (place, now))),
            Action::RequestExtension => self.memory.extension_working_days = particulars.extension_working_days,
            Action::SubmitReply | Action::Fulfil => self.memory.claimed_outcome = particulars.claimed_outcome,
            Action::RequestExclusion => self.memory.exclusion_asked = particulars.exclusion,
            Action::Archive => self.memory.seal.clone_from(&particulars.seal),
            Action::TightenVisibility => self.visibility = particulars.visibility.unwrap_or(self.visibility),
            Action::Urge => {
                self.memory.last_urged_on = Some(now.city_date());
                self.memory.urge_count = self.memory.urge_count.saturating_add(1);
            }
            _ => {}
        }
    }
}
