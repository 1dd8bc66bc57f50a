//! One step in the life of a case: read, ask the rules, move the rows under guard of their versions, tell those concerned.
//!
//! People's acts, the sweep's acts and what members do to their primary all come through here, inside one job of the writer.

use serde_json::Value;
use shared::{
    contract::problem::ProblemCode,
    domain::{
        case::{
            Action, ActorFacts, CaseFacts, CaseKind, CaseState, Effect, Particulars, RatingInput, Transition, Urgency,
            Visibility, decide, decide_rating,
            facts::{PendingRequest, RuleFigures},
        },
        deadline::{ClockKind, Limit},
        time::Timestamp,
    },
};

use super::{
    clocks::{Limits, go_on, policy_of, promised},
    known::Known,
    orders::{self, Assignment, OrderMoves},
    recount::{self, MovedDue},
    signs,
    supervise::{self, Supervising},
    telling::Told,
    together::{self, Together},
};
use crate::{
    access::{Actor, RequestContext, viewpoint::actor_facts},
    city::City,
    database::{StoreError, Transaction},
    errors::Failure,
    services::Services,
    stores::{
        case_store::{self, CaseRow},
        clock_store, counter_store, look_back_store, order_store,
        order_store::WorkOrderRow,
        outbox_store::{OutboxRow, Task},
    },
    usecases::audit,
};

/// What acceptance fixes.
#[derive(Debug, Clone)]
pub struct Fixed {
    /// What it is.
    pub kind: CaseKind,
    /// Code of the category.
    pub category: String,
    /// Code of the finest known region.
    pub region: Option<String>,
    /// How pressing it is.
    pub urgency: Urgency,
    /// Who may see it: never looser than the requester chose; as it is when absent.
    pub visibility: Option<Visibility>,
    /// Code of the unit complained of.
    pub complained_unit: Option<String>,
    /// The matter is about a minor.
    pub concerns_minor: bool,
    /// The matter is complex.
    pub complex: bool,
}

/// What somebody wants to do to a case.
#[derive(Debug, Clone)]
pub struct Act {
    /// The case.
    pub case_id: i64,
    /// The act.
    pub action: Action,
    /// What it brings with it.
    pub particulars: Particulars,
    /// The rating, for the acts that are one.
    pub rating: Option<RatingInput>,
    /// What acceptance fixes.
    pub fixed: Option<Fixed>,
    /// To whom an order is passed.
    pub assignment: Assignment,
    /// The order through which a unit acts, when it is not the case's own.
    pub order_id: Option<i64>,
    /// The case under which this one is merged.
    pub primary_id: Option<i64>,
    /// A clerk speaks for the requester.
    pub for_requester: bool,
    /// The actor owns a case merged under this one.
    pub as_member: bool,
    /// The progress is meant for the requester.
    pub public_progress: bool,
    /// What happens to the supervision, for the acts that are about one.
    pub supervising: Option<Supervising>,
    /// Due instants that a new calendar moved.
    pub moved: Vec<MovedDue>,
    /// What the timeline keeps for staff.
    pub detail: Value,
}

impl Act {
    /// An act with nothing but its name.
    #[must_use]
    pub fn new(case_id: i64, action: Action) -> Self {
        Self {
            case_id,
            action,
            particulars: Particulars::default(),
            rating: None,
            fixed: None,
            assignment: Assignment::default(),
            order_id: None,
            primary_id: None,
            for_requester: false,
            as_member: false,
            public_progress: false,
            supervising: None,
            moved: Vec::new(),
            detail: Value::Null,
        }
    }

    /// The same with the actor's reason, which the timeline keeps for staff.
    #[must_use]
    pub fn because(self, reason: String) -> Self {
        Self {
            detail: serde_json::json!({ "reason": reason }),
            particulars: Particulars {
                reason: Some(reason),
                ..self.particulars
            },
            ..self
        }
    }
}

/// A step that was taken. The rows are as they are after it.
#[derive(Debug)]
pub struct Stepped {
    /// The case's row as it was before, but for what acceptance fixes.
    pub row: CaseRow,
    /// The case's row as it is now.
    pub now: CaseRow,
    /// The case as the rules see it now.
    pub facts: CaseFacts,
    /// What was decided.
    pub step: Transition,
    /// The order that the step concerns.
    pub order: Option<WorkOrderRow>,
    /// The timeline's entry.
    pub event_id: i64,
}

/// Takes the step inside the writer's transaction.
///
/// # Errors
/// `NotFound` where the actor may not know of the case; the rules' refusal; `Stale` and `VersionMismatch`.
pub fn take_step(
    services: &Services,
    city: &City,
    transaction: &mut Transaction<'_>,
    actor: &Actor,
    context: &RequestContext,
    act: &Act,
) -> Result<Stepped, Failure> {
    let row = transaction.read(|connection| case_store::get_case(connection, act.case_id))?;
    take_step_from(services, city, transaction, (actor, context), act, row.into())
}

/// As [`take_step`], from rows that were read already. The write is `Stale` when the case is another one by now; no order changes
/// without it.
///
/// # Errors
/// As [`take_step`].
pub fn take_step_from(
    services: &Services,
    city: &City,
    transaction: &mut Transaction<'_>,
    (actor, context): (&Actor, &RequestContext),
    act: &Act,
    known: Known,
) -> Result<Stepped, Failure> {
    let mut row = known.row;
    transaction.about(act.case_id)?;
    let now = services.now();
    let (before, primary) = read_facts(transaction, city, &row, act.action)?;
    let orders = known
        .orders
        .map_or_else(|| orders_for(transaction, &row, act.action), Ok)?;
    let (viewpoint, step) = decide_step(city, actor, act, &row, &before, &orders, now)?;
    if context.expected_version.is_some_and(|version| version != row.version) {
        return Err(ProblemCode::VersionMismatch.into());
    }
    act.particulars.check(act.action, &before, now)?;
    let primary = match act.primary_id {
        Some(id) => Some(together::primary_within_reach(
            transaction,
            city,
            actor,
            (&row, &before),
            id,
        )?),
        None => primary,
    };

    let mut facts = before.clone();
    fix(&mut facts, &mut row, city, act)?;
    freeze(&mut facts, city, act.action, row.category.as_deref());
    let policy = policy_of(transaction, city, &facts)?;
    let limits = Limits {
        city,
        policy: &policy,
        facts: &facts,
        category: row.category.as_deref(),
        now,
    };
    let dues = limits.after(&step, before.memory.extension_working_days);
    let order_id = orders::current(&orders).map(|order| order.id);
    let rows = limits.rows(&dues, row.id, order_id, || services.next_id());
    turn_clocks(transaction, &before, &row, &step, rows, now)?;
    let until = step.pends.and_then(|request| dues.at(request.decision_clock()));
    facts.apply(&step, viewpoint.id, now, &act.particulars, &dues.instants(), until);
    if facts.state == CaseState::Merged {
        facts.primary = primary.as_ref().map(case_store::primary_facts).transpose()?;
    }
    recount::apply(&act.moved, &mut facts);
    let supervision = act.supervising.and_then(|change| change.apply(&mut facts));

    let moves = OrderMoves {
        step: &step,
        facts: &facts,
        particulars: &act.particulars,
        assignment: &act.assignment,
        work_due: dues.work(),
        actor_id: actor.id(),
        now,
    };
    let order = moves.make(transaction, row.id, &orders, || services.next_id());
    moderate_anew(&mut row, &facts, &step);
    let current = case_store::move_case(transaction, &row, &facts, promised(&facts), now);
    count(transaction, &row, &before, &facts, &step);
    leave_public(services, transaction, (&before, &facts), &row);
    let told = Told {
        services,
        city,
        actor,
        row: &row,
        before: &before,
        facts: &facts,
        step: &step,
        particulars: &act.particulars,
        public_progress: act.public_progress,
        supervision,
        supervision_result: act.supervising.and_then(Supervising::result),
        detail: act.detail.clone(),
        order: order.as_ref(),
        now,
    };
    let event_id = told.tell(transaction)?;
    audit::record_act(services, transaction, actor, context, &done(act));
    let together = Together {
        services,
        city,
        actor,
        context,
        act,
        row: &row,
        before: &before,
        after: &facts,
        step: &step,
    };
    together.follow(transaction, primary.as_ref())?;
    let mut stepped = Stepped {
        row,
        now: current,
        facts,
        step,
        order,
        event_id,
    };
    signs::after_step(services, city, transaction, (actor, act, &before), &stepped)?;
    supervise::after_step(services, city, transaction, (&orders, known.openings), &mut stepped)?;
    Ok(stepped)
}

/// What is no longer public is neither counted nor found as such.
fn leave_public(
    services: &Services,
    transaction: &mut Transaction<'_>,
    (before, after): (&CaseFacts, &CaseFacts),
    row: &CaseRow,
) {
    if before.visibility != Visibility::Public || after.visibility == Visibility::Public {
        return;
    }
    counter_store::count_public(transaction, row, -1);
    let (id, now) = (services.next_id(), services.now());
    transaction.append(OutboxRow::new(id, Task::IndexCase, row.id, "{}".to_owned(), now));
}

/// What is no longer public needs no moderator; a new reply does.
fn moderate_anew(row: &mut CaseRow, facts: &CaseFacts, step: &Transition) {
    if facts.visibility != Visibility::Public {
        "none".clone_into(&mut row.publication);
    } else if step.to == CaseState::Replied && matches!(row.publication.as_str(), "released" | "refused") {
        "pending".clone_into(&mut row.publication);
    }
}

/// What the audit trail keeps of the act.
fn done(act: &Act) -> audit::Act {
    let done = audit::Act::done(format!("case.{}", act.action.as_str()), "case", Some(act.case_id));
    match (&act.particulars.seal, act.supervising) {
        (Some(seal), _) => done.with(serde_json::json!({ "seal": seal })),
        (None, Some(_)) => done.with(act.detail.clone()),
        (None, None) => done,
    }
}

/// The orders that a step may concern. A supervision is about the case: whoever has its order keeps it and learns nothing by it.
fn orders_for(
    transaction: &mut Transaction<'_>,
    row: &CaseRow,
    action: Action,
) -> Result<Vec<WorkOrderRow>, StoreError> {
    match action {
        Action::Supervise | Action::EndSupervision => Ok(Vec::new()),
        _ => read_orders(transaction, row),
    }
}

/// The orders of a case; before its first dispatch there are none to be read.
pub(super) fn read_orders(transaction: &mut Transaction<'_>, row: &CaseRow) -> Result<Vec<WorkOrderRow>, StoreError> {
    if row.dispatch_count == 0 {
        return Ok(Vec::new());
    }
    transaction.read(|connection| order_store::list_orders(connection, row.id))
}

/// The facts with what other rows add: the primary of a merged case, which is answered too, and whether others are merged
/// under this one.
fn read_facts(
    transaction: &mut Transaction<'_>,
    city: &City,
    row: &CaseRow,
    action: Action,
) -> Result<(CaseFacts, Option<CaseRow>), Failure> {
    let mut facts = row.facts()?;
    facts.no_publicity = city.ladder.no_publicity.covers(&facts, row.category.as_deref());
    let primary = row
        .primary_case_id
        .map(|primary| transaction.read(|connection| case_store::get_case(connection, primary)))
        .transpose()?;
    facts.primary = primary.as_ref().map(case_store::primary_facts).transpose()?;
    let asks = matches!(
        action,
        Action::Merge | Action::Withdraw | Action::Refuse | Action::HandOff | Action::Archive | Action::MeToo
    );
    if asks {
        let members = transaction.read(|connection| case_store::count_members(connection, row.id))?;
        facts.member_count = u32::try_from(members).unwrap_or(u32::MAX);
    }
    Ok((facts, primary))
}

fn decide_step(
    city: &City,
    actor: &Actor,
    act: &Act,
    row: &CaseRow,
    facts: &CaseFacts,
    orders: &[WorkOrderRow],
    now: Timestamp,
) -> Result<(ActorFacts, Transition), Failure> {
    let order = act
        .order_id
        .and_then(|id| orders.iter().find(|order| order.id == id))
        .or(orders::current(orders));
    let mut viewpoint = actor_facts(city, actor, row, order.map(|order| order.unit.as_str()));
    viewpoint.speaks_for_requester = act.for_requester;
    viewpoint.is_member = act.as_member;
    let decided = match &act.rating {
        Some(rating) => decide_rating(rating, facts, &viewpoint, now, &city.calendar).map(|(_, step)| step),
        None => decide(act.action, facts, &viewpoint, now, &city.calendar),
    };
    let step = decided.map_err(|refusal| {
        if may_know(actor, &viewpoint, row) {
            refusal.into()
        } else {
            Failure::new(ProblemCode::NotFound)
        }
    })?;
    Ok((viewpoint, step))
}

/// Whether the actor may know that the case exists: else the answer is "not found", whatever the reason.
fn may_know(actor: &Actor, viewpoint: &ActorFacts, row: &CaseRow) -> bool {
    match actor {
        Actor::System => true,
        Actor::Person(_) | Actor::Visitor => viewpoint.is_requester || viewpoint.is_member || row.is_public(),
        Actor::Staff(_) => !viewpoint.roles.is_empty() || row.is_public(),
    }
}

/// Acceptance fixes what the requester only suggested.
fn fix(facts: &mut CaseFacts, row: &mut CaseRow, city: &City, act: &Act) -> Result<(), Failure> {
    let Some(fixed) = &act.fixed else { return Ok(()) };
    let visibility = fixed.visibility.unwrap_or(facts.visibility).for_kind(fixed.kind);
    if visibility < facts.visibility {
        return Err(Failure::invalid("visibility", "公开范围只能收紧，放宽要诉求人同意"));
    }
    facts.kind = fixed.kind;
    facts.urgency = fixed.urgency;
    facts.visibility = visibility;
    if fixed.complained_unit.is_some() {
        facts.memory.complained_unit.clone_from(&fixed.complained_unit);
    }
    facts.memory.concerns_minor = fixed.concerns_minor;
    facts.memory.complex = fixed.complex;
    row.category = Some(fixed.category.clone());
    if let Some(region) = &fixed.region {
        row.county = city.regions.county_of(region).map(|county| county.code.clone());
        row.region = Some(region.clone());
    }
    Ok(())
}

/// The case keeps the policy in force when it is taken on, and takes the one of the day when it is taken up again after its end:
/// the version for its clocks, the figures for the rules.
fn freeze(facts: &mut CaseFacts, city: &City, action: Action, category: Option<&str>) {
    let taken_on = match action {
        Action::Accept | Action::Reopen => true,
        Action::AnswerDirectly => facts.memory.policy_version.is_none(),
        _ => false,
    };
    if taken_on {
        facts.figures = figures(city, facts, category);
        facts.memory.figures = Some(facts.figures);
        facts.memory.policy_version = Some(city.policy.version.clone());
    }
}

/// The policy's figures as they are now.
fn figures(city: &City, facts: &CaseFacts, category: Option<&str>) -> RuleFigures {
    let (counts, usual) = (&city.policy.counts, RuleFigures::default());
    let extension = city
        .policy
        .limit(ClockKind::Extension, facts.kind, facts.urgency, category);
    RuleFigures {
        automatic_redos: counts.automatic_redos.into(),
        designating_dispatch: counts.dispatches_until_designation.into(),
        extension_working_days: match extension {
            Limit::WorkingDays(days) => days.into(),
            _ => usual.extension_working_days,
        },
    }
}

fn turn_clocks(
    transaction: &mut Transaction<'_>,
    before: &CaseFacts,
    row: &CaseRow,
    step: &Transition,
    rows: Vec<clock_store::ClockRow>,
    now: Timestamp,
) -> Result<(), Failure> {
    let mut ended: Vec<ClockKind> = step
        .stops
        .iter()
        .chain(&step.pauses)
        .chain(&step.starts)
        .copied()
        .collect();
    // Requests that are answered, that wait no longer because the case moved on, or that nobody answered in time.
    let over = |request: &&PendingRequest| {
        step.to != step.from
            || step.settles == Some(request.action)
            || (step.action == Action::ExpireRequest && request.until.is_some_and(|until| until <= now))
    };
    let requests = before.memory.pending.iter().filter(over);
    ended.extend(requests.map(|request| request.action.decision_clock()));
    if step.from == CaseState::Closed && step.to != CaseState::Closed && before.look_backs().next().is_some() {
        ended.push(ClockKind::LookBackVisit);
        look_back_store::stop_look_backs(transaction, row.id, now)?;
    }
    // The days of milestones are not among the case's own clocks: they end with the promise.
    if step.from == CaseState::Committed && step.to != CaseState::Committed {
        ended.push(ClockKind::Milestone);
    }
    clock_store::stop_clocks(transaction, row.id, &ended, now);
    for mut clock in rows {
        let goes_on = |clocks: &[ClockKind]| clocks.iter().any(|kind| kind.as_str() == clock.kind);
        let extends = step.has(Effect::GrantExtension) && goes_on(&step.starts);
        if extends || goes_on(&step.resumes) {
            go_on(transaction, &mut clock, extends)?;
        }
        transaction.append(clock);
    }
    Ok(())
}

/// Queue sizes and the public figures: kept as counters, since nobody counts rows.
fn count(transaction: &mut Transaction<'_>, row: &CaseRow, before: &CaseFacts, after: &CaseFacts, step: &Transition) {
    if before.state != after.state {
        transaction.count("cases_by_state", before.state.as_str(), -1);
        transaction.count("cases_by_state", after.state.as_str(), 1);
    }
    let first_answer = after.cycle == 1
        && before.memory.replied_at.is_none()
        && matches!(
            step.to,
            CaseState::Replied | CaseState::NotAccepted | CaseState::HandedOff
        );
    if first_answer {
        transaction.count("cases_answered", "all", 1);
        if let Some(county) = &row.county {
            transaction.count("cases_answered", county.as_str(), 1);
        }
    }
}
