//! The one decision: may this actor do this act to this case now, and what follows. It walks the table and changes nothing;
//! `CaseFacts::apply` does. What an act must bring with it is checked by `Particulars::check`.

use crate::domain::calendar::Calendar;
use crate::domain::case::guard::Situation;
use crate::domain::case::rating::{Resolved, outcome_as_claimed, outcome_as_rated};
use crate::domain::case::table::{Closing, Rule, Stops, TABLE, To, Who};
use crate::domain::case::{Action, ActorFacts, CaseFacts, CaseState, Outcome, Refusal};
use crate::domain::deadline::ClockKind;
use crate::domain::role::Role;
use crate::domain::supervision::Tier;
use crate::domain::time::Timestamp;

/// What an act changes besides state and clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The acceptance clock rests.
    PauseAcceptance,
    /// It goes on.
    ResumeAcceptance,
    /// The cycle counts one up.
    NextCycle,
    /// The redos count one up; a waiting demand is met.
    CountRedo,
    /// The returns count one up.
    CountReturn,
    /// The dispatches count one up.
    CountDispatch,
    /// The unit is named for good.
    Designate,
    /// The unit gets a work order.
    OpenOrder,
    /// The unit's work order ends.
    EndOrder,
    /// The handling limit is extended: the work clock in `starts` gets its new due instant.
    GrantExtension,
    /// A demand for another redo waits for a reviewer.
    AwaitJudgement,
    /// The demand is settled.
    SettleDemand,
    /// Closed without a rating.
    CloseUnrated,
    /// The requester's one reopening is used.
    UseReopening,
    /// Supervision rises at least to this tier.
    RaiseTierTo(u8),
    /// The case no longer follows a primary.
    LeavePrimary,
    /// The member's rating of the primary's reply is recorded.
    RatePrimary,
    /// As `RatePrimary`, and the primary is redone: decide `redo` on it for the member.
    RedoPrimary,
    /// It is left out of the scoring.
    Exclude,
    /// The cases merged under it go to the same state.
    MembersFollow,
    /// The oldest case merged under it becomes the primary, in the state that this one leaves.
    OldestMemberTakesOver,
}

/// A decided step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// The act.
    pub action: Action,
    /// The row of the rule book's table that allows it; 34 for what it says beside the table, 35 for supervision.
    pub row: u8,
    /// The role in which the actor did it.
    pub role: Role,
    /// Where the case stood.
    pub from: CaseState,
    /// Where it stands afterwards.
    pub to: CaseState,
    /// Clocks that start: their due instants are worked out now, from the policy, and stored.
    pub starts: Vec<ClockKind>,
    /// Clocks that stop.
    pub stops: Vec<ClockKind>,
    /// Clocks that rest.
    pub pauses: Vec<ClockKind>,
    /// Clocks that go on, later by the time they rested.
    pub resumes: Vec<ClockKind>,
    /// What else changes.
    pub effects: Vec<Effect>,
    /// The outcome, when the act closes the case.
    pub outcome: Option<Outcome>,
    /// The request that now waits for a second person.
    pub pends: Option<Action>,
    /// The request that a second person answered.
    pub settles: Option<Action>,
}

impl Transition {
    /// Whether the step has that effect.
    #[must_use]
    pub fn has(&self, effect: Effect) -> bool {
        self.effects.contains(&effect)
    }
}

/// Whether `actor` may do `action` to the case at `now`, and what follows.
///
/// # Errors
/// The refusal that says why not: first the role, then the state, then the guards.
pub fn decide(
    action: Action,
    facts: &CaseFacts,
    actor: &ActorFacts,
    now: Timestamp,
    calendar: &Calendar,
) -> Result<Transition, Refusal> {
    decide_rated(action, facts, actor, now, calendar, Resolved::Yes)
}

/// As [`decide`], where `resolved` is what the requester said about the result.
pub(crate) fn decide_rated(
    action: Action,
    facts: &CaseFacts,
    actor: &ActorFacts,
    now: Timestamp,
    calendar: &Calendar,
    resolved: Resolved,
) -> Result<Transition, Refusal> {
    let at = Situation {
        action,
        facts,
        actor,
        now,
        calendar,
    };
    let mut refusal = if concerns_elsewhere(action, actor) {
        Refusal::OutOfScope
    } else {
        Refusal::RoleNotAllowed
    };
    for rule in TABLE.iter().filter(|rule| rule.action == action) {
        let Some(role) = rule.who.iter().find_map(|who| who.role_of(actor)) else {
            continue;
        };
        if !rule.from.contains(&facts.state) {
            if matches!(refusal, Refusal::OutOfScope | Refusal::RoleNotAllowed) {
                refusal = Refusal::WrongState;
            }
            continue;
        }
        match rule.guards.iter().try_for_each(|guard| guard.check(&at)) {
            Ok(()) => return Ok(step(rule, role, &at, resolved)),
            Err(reason) => refusal = reason,
        }
    }
    Err(refusal)
}

/// Row 1: whether `actor` may send in a case, for himself or for a caller, or import it from another channel.
/// It begins as submitted with the acceptance clock running; a "me too" begins as merged (decide `me_too` on the primary).
///
/// # Errors
/// `role_not_allowed` for anybody else.
pub fn decide_submission(actor: &ActorFacts) -> Result<Role, Refusal> {
    [Who::Resident, Who::CallersClerk, Who::In(Role::System)]
        .iter()
        .find_map(|who| who.role_of(actor))
        .ok_or(Refusal::RoleNotAllowed)
}

/// Whether any rule gives `action` to the actor, whatever the state.
pub(crate) fn concerns(action: Action, actor: &ActorFacts) -> bool {
    let mut rules = TABLE.iter().filter(|rule| rule.action == action);
    rules.any(|rule| rule.who.iter().any(|who| who.role_of(actor).is_some()))
}

fn concerns_elsewhere(action: Action, actor: &ActorFacts) -> bool {
    let elsewhere = |who: &Who| matches!(who, Who::In(role) if actor.roles_elsewhere.contains(role));
    TABLE
        .iter()
        .filter(|rule| rule.action == action)
        .any(|rule| rule.who.iter().any(elsewhere))
}

impl Who {
    /// The role in which the actor is this one, if he is.
    fn role_of(self, actor: &ActorFacts) -> Option<Role> {
        let (is, role) = match self {
            Self::Owner => (actor.is_requester, Role::Requester),
            Self::Member => (actor.is_member, Role::Requester),
            Self::Resident => (actor.roles.contains(&Role::Requester), Role::Requester),
            Self::CallersClerk => (
                actor.speaks_for_requester && actor.roles.contains(&Role::Clerk),
                Role::Clerk,
            ),
            Self::In(role) => (actor.roles.contains(&role), role),
        };
        is.then_some(role)
    }
}

fn step(rule: &Rule, acting_as: Role, at: &Situation<'_>, resolved: Resolved) -> Transition {
    let facts = at.facts;
    let to = target(rule.to, facts);
    let running = |clocks: &[ClockKind]| {
        clocks
            .iter()
            .copied()
            .filter(|clock| facts.due(*clock).is_some())
            .collect()
    };
    let stops = match rule.stops {
        Stops::These(clocks) => clocks.to_vec(),
        Stops::All => facts
            .memory
            .clocks
            .keys()
            .chain(facts.memory.paused.keys())
            .copied()
            .collect(),
        Stops::LookBacksDue => {
            let due = facts.look_backs().filter(|(_, due)| at.now >= *due);
            due.map(|(clock, _)| clock).collect()
        }
    };
    let effects = effects(rule, facts);
    let pauses = if effects.contains(&Effect::PauseAcceptance) {
        running(&[ClockKind::Accept, ClockKind::AppealDecision])
    } else {
        Vec::new()
    };
    let resumes = if effects.contains(&Effect::ResumeAcceptance) {
        facts.memory.paused.keys().copied().collect()
    } else {
        Vec::new()
    };
    let starts = if effects.contains(&Effect::GrantExtension) {
        running(&[ClockKind::Handle, ClockKind::Redo])
    } else {
        starts(rule, to, facts)
    };
    Transition {
        action: rule.action,
        row: rule.row,
        role: acting_as,
        from: facts.state,
        to,
        starts,
        stops,
        pauses,
        resumes,
        effects,
        outcome: match rule.closing {
            Closing::None => None,
            Closing::With(outcome) => Some(outcome),
            Closing::AsRated => Some(outcome_as_rated(facts, resolved)),
            Closing::AsClaimed => Some(outcome_as_claimed(facts)),
        },
        pends: rule.action.pends(),
        settles: rule.action.answers(),
    }
}

fn target(to: To, facts: &CaseFacts) -> CaseState {
    match to {
        To::State(state) => state,
        To::Same => facts.state,
        To::UnitOrDispatcher if facts.memory.has_work_order => CaseState::Handling,
        To::UnitOrDispatcher => CaseState::Accepted,
        To::MediatorOrUnit if facts.memory.from_mediation => CaseState::InMediation,
        To::MediatorOrUnit => CaseState::Handling,
        To::BeforeMerging => facts.memory.former_state.unwrap_or(CaseState::Submitted),
    }
}

/// The rule's clocks, fitted to where the case really goes: nobody's work clock runs before a dispatch, a later cycle has the
/// redo's limit, a complex matter the longer time to return it, a split case the clocks of its state, and only what was supervised
/// from the media's tier on is looked back at.
fn starts(rule: &Rule, to: CaseState, facts: &CaseFacts) -> Vec<ClockKind> {
    const AFTER_SPLIT: &[ClockKind] = &[
        ClockKind::Handle,
        ClockKind::SignFor,
        ClockKind::FirstContact,
        ClockKind::FirstAction,
        ClockKind::ReturnRequest,
    ];
    let listed: &[ClockKind] = match (rule.to, to) {
        (To::UnitOrDispatcher | To::BeforeMerging, CaseState::Accepted) => &[ClockKind::Dispatch],
        (To::BeforeMerging, CaseState::Submitted) => &[ClockKind::Accept],
        (To::BeforeMerging, _) => AFTER_SPLIT,
        _ => rule.starts,
    };
    let fit = |clock: &ClockKind| match clock {
        ClockKind::Handle if facts.cycle > 1 => ClockKind::Redo,
        ClockKind::ReturnRequest if facts.memory.complex => ClockKind::ReturnRequestComplex,
        clock => *clock,
    };
    let looked_back_at = facts.tier >= Tier::Media.number();
    let runs = |clock: &&ClockKind| looked_back_at || !clock.is_look_back();
    listed.iter().filter(runs).map(fit).collect()
}

/// The rule's effects; the dispatch of the number set for it designates.
fn effects(rule: &Rule, facts: &CaseFacts) -> Vec<Effect> {
    let mut effects = rule.effects.to_vec();
    let next_dispatch = facts.dispatch_count.saturating_add(1);
    if effects.contains(&Effect::CountDispatch)
        && !effects.contains(&Effect::Designate)
        && next_dispatch >= facts.figures.designating_dispatch
    {
        effects.push(Effect::Designate);
    }
    effects
}
