//! What a step on one case does to those that are handled together with it: members follow their primary, the oldest takes
//! its place when it leaves, a member's dissatisfaction has the primary redone, and what a member urges or adds reaches
//! whoever handles the primary.

use serde_json::{Value, json};
use shared::{
    contract::problem::ProblemCode,
    domain::{
        case::{Action, CaseFacts, CaseState, Effect, Transition, facts::PrimaryFacts, merging},
        deadline::ClockKind,
        id::CaseId,
        role::Role,
    },
};

use super::{
    archive,
    clocks::promised,
    orders,
    step::{Act, read_orders, take_step},
    supervise,
    telling::{notify, tell_unit},
};
use crate::{
    access::{Actor, RequestContext, viewpoint::actor_facts},
    city::City,
    database::Transaction,
    errors::Failure,
    services::Services,
    stores::{
        case_store::{self, CaseRow},
        clock_store, order_store, supervision_store,
        timeline_store::CaseEventRow,
    },
};

/// Members that are moved with their primary.
const MOST_MEMBERS: i64 = 10_000;

/// The case under which the actor merges one, when his role reaches it as well and the two may go together.
///
/// # Errors
/// `NotFound` for a primary that he may not know of; why they are kept apart.
pub(super) fn primary_within_reach(
    transaction: &mut Transaction<'_>,
    city: &City,
    actor: &Actor,
    (member, facts): (&CaseRow, &CaseFacts),
    primary_id: i64,
) -> Result<CaseRow, Failure> {
    let primary = transaction.read(|connection| case_store::get_case(connection, primary_id))?;
    if !actor_facts(city, actor, &primary, None)
        .roles
        .contains(&Role::Dispatcher)
    {
        return Err(ProblemCode::NotFound.into());
    }
    merging::may_merge((CaseId(member.id), facts), (CaseId(primary.id), &primary.facts()?))?;
    Ok(primary)
}

/// A step that was taken, with both sides of it.
pub(super) struct Together<'a> {
    pub(super) services: &'a Services,
    pub(super) city: &'a City,
    pub(super) actor: &'a Actor,
    pub(super) context: &'a RequestContext,
    pub(super) act: &'a Act,
    /// The case's row before the step.
    pub(super) row: &'a CaseRow,
    pub(super) before: &'a CaseFacts,
    pub(super) after: &'a CaseFacts,
    pub(super) step: &'a Transition,
}

impl Together<'_> {
    /// Moves and tells the others. `primary` is the case that this one is or was merged under, as it was read for the step.
    pub(super) fn follow(&self, transaction: &mut Transaction<'_>, primary: Option<&CaseRow>) -> Result<(), Failure> {
        let merged = [self.before.state, self.after.state].contains(&CaseState::Merged);
        if let Some(primary) = primary.filter(|_| merged) {
            self.reach_primary(transaction, primary)?;
        }
        if self.step.has(Effect::OldestMemberTakesOver) && self.before.member_count > 0 {
            self.take_over(transaction)?;
        }
        if self.step.has(Effect::MembersFollow)
            && self.before.member_count > 0
            && let Some(to) = merging::members_follow_to(self.after.state)
        {
            self.move_members(transaction, to)?;
        }
        Ok(())
    }

    fn reach_primary(&self, transaction: &mut Transaction<'_>, primary: &CaseRow) -> Result<(), Failure> {
        if self.step.has(Effect::RedoPrimary) {
            let redo = Act {
                case_id: primary.id,
                action: Action::Redo,
                as_member: true,
                detail: self.of_member(&Value::Null),
                ..self.act.clone()
            };
            // The version that the member saw is that of the member's own case.
            let context = RequestContext {
                expected_version: None,
                ..self.context.clone()
            };
            take_step(self.services, self.city, transaction, self.actor, &context, &redo)?;
        }
        match self.step.action {
            Action::Urge => {
                self.change_primary(transaction, primary, |facts| {
                    facts.memory.urge_count = facts.memory.urge_count.saturating_add(1);
                })?;
                self.tell_holder(transaction, primary, "一起反映这件事的居民催办，请尽快办理。")
            }
            Action::Merge => {
                self.change_primary(transaction, primary, |facts| facts.memory.shared = true)?;
                self.tell_holder(
                    transaction,
                    primary,
                    "又有居民反映同一件事，已经并入这件诉求，请一并办理。",
                )
            }
            Action::Split => self.tell_holder(transaction, primary, "并入这件诉求的一件已经拆出，单独办理。"),
            Action::AddInformation => {
                self.tell_holder(transaction, primary, "一起反映这件事的居民追加了信息，请查看。")
            }
            _ => Ok(()),
        }
    }

    fn change_primary(
        &self,
        transaction: &mut Transaction<'_>,
        primary: &CaseRow,
        change: impl FnOnce(&mut CaseFacts),
    ) -> Result<(), Failure> {
        let mut facts = primary.facts()?;
        change(&mut facts);
        case_store::move_case(transaction, primary, &facts, promised(&facts), self.services.now());
        Ok(())
    }

    /// The primary's timeline keeps it for staff, and its unit is told.
    fn tell_holder(&self, transaction: &mut Transaction<'_>, primary: &CaseRow, words: &str) -> Result<(), Failure> {
        let orders = read_orders(transaction, primary)?;
        let order = orders::current(&orders);
        transaction.append(CaseEventRow {
            id: self.services.next_id(),
            case_id: primary.id,
            order_id: order.map(|order| order.id),
            cycle: primary.cycle,
            action: self.step.action.as_str().to_owned(),
            actor_id: self.actor.id(),
            actor_role: self.step.role.as_str().to_owned(),
            actor_unit: None,
            state_before: Some(primary.state.clone()),
            state_after: primary.state.clone(),
            audience: "staff".to_owned(),
            sentence: None,
            public_sentence: None,
            detail: self.of_member(&self.act.detail).to_string(),
        });
        if let Some(order) = order {
            let (topic, now) = (self.step.action.as_str(), self.services.now());
            tell_unit(self.services, transaction, order, primary, topic, words, now)?;
        }
        Ok(())
    }

    /// What the primary's timeline says of an act on a member.
    fn of_member(&self, detail: &Value) -> Value {
        let mut told = json!({ "member": self.services.receipts.write(self.row.id) });
        for word in ["text", "reason"] {
            if let Some(said) = detail.get(word) {
                told[word] = said.clone();
            }
        }
        told
    }

    fn move_members(&self, transaction: &mut Transaction<'_>, to: CaseState) -> Result<(), Failure> {
        let now = self.services.now();
        for member in transaction.read(|connection| case_store::list_members(connection, self.row.id, MOST_MEMBERS))? {
            let mut facts = member.facts()?;
            facts.state = to;
            facts.memory.closed_at = Some(now);
            if to == CaseState::Archived {
                facts.memory.seal = Some(archive::seal_of(transaction, &member)?);
            }
            // They stay under it, so that what is told of this step reaches them.
            facts.primary = Some(following(self.row.id, self.after));
            case_store::move_case(transaction, &member, &facts, None, now);
            transaction.count("cases_by_state", CaseState::Merged.as_str(), -1);
            transaction.count("cases_by_state", to.as_str(), 1);
        }
        Ok(())
    }

    /// The oldest member goes on where the leaving primary stood; the other members follow it.
    fn take_over(&self, transaction: &mut Transaction<'_>) -> Result<(), Failure> {
        let (leaving, now) = (self.row.id, self.services.now());
        let members = transaction.read(|connection| case_store::list_members(connection, leaving, MOST_MEMBERS))?;
        let Some((heir, others)) = members.split_first() else {
            return Ok(());
        };
        let mut facts = heir.facts()?;
        merging::take_over(&mut facts, self.before);
        case_store::move_case(transaction, heir, &facts, promised(&facts), now);
        transaction.count("cases_by_state", CaseState::Merged.as_str(), -1);
        transaction.count("cases_by_state", facts.state.as_str(), 1);
        for other in others {
            let mut followed = other.facts()?;
            followed.primary = Some(following(heir.id, &facts));
            case_store::move_case(transaction, other, &followed, None, now);
        }
        // An order that the heir had of its own ended when it was merged, and leads no more.
        order_store::stand_back(transaction, heir.id)?;
        order_store::hand_over(transaction, leaving, heir.id)?;
        if facts.memory.supervision.is_some() {
            supervision_store::hand_over(transaction, leaving, heir.id)?;
            clock_store::hand_over_running(transaction, (leaving, heir.id), supervise::CLOCKS)?;
        }
        let own = facts.memory.clocks.iter().map(|(kind, due)| (*kind, *due));
        let promised = facts
            .memory
            .milestones_ahead()
            .filter(|_| facts.state == CaseState::Committed);
        for (kind, due) in own.chain(promised.map(|(_, due)| (ClockKind::Milestone, due))) {
            clock_store::hand_over(transaction, (leaving, heir.id), kind, due)?;
        }
        if let Some(requester) = heir.requester_id {
            let words = "原诉求已撤回，您的诉求接着办理，期限不变。";
            notify(self.services, transaction, requester, heir, "take_over", words, now);
        }
        Ok(())
    }
}

/// What a member remembers of its primary.
fn following(primary: i64, facts: &CaseFacts) -> PrimaryFacts {
    PrimaryFacts {
        id: CaseId(primary),
        state: facts.state,
        cycle: facts.cycle,
        rating_until: None,
    }
}
