//! What a step does to the work orders of a case: given out at dispatch, moved along with the case, and opened anew in each cycle.

use shared::domain::{
    case::{Action, CaseFacts, CaseState, Effect, Particulars, Transition},
    time::Timestamp,
};

use crate::{
    database::Transaction,
    stores::order_store::{self, WorkOrderRow},
};

/// Who passes an order on to whom.
#[derive(Debug, Clone, Default)]
pub struct Assignment {
    /// The handler named.
    pub handler_id: Option<i64>,
    /// The unit inside the own subtree that takes the order over.
    pub unit: Option<String>,
}

/// What the orders need to know of the step.
pub(super) struct OrderMoves<'a> {
    pub(super) step: &'a Transition,
    pub(super) facts: &'a CaseFacts,
    pub(super) particulars: &'a Particulars,
    pub(super) assignment: &'a Assignment,
    pub(super) work_due: Option<Timestamp>,
    pub(super) actor_id: Option<i64>,
    pub(super) now: Timestamp,
}

/// The order that stands for the case now: the latest lead order.
pub(super) fn current(orders: &[WorkOrderRow]) -> Option<&WorkOrderRow> {
    orders.iter().rev().find(|order| order.role == "lead")
}

impl OrderMoves<'_> {
    /// Moves the orders and answers the one that the step concerns.
    pub(super) fn make(
        &self,
        transaction: &mut Transaction<'_>,
        case_id: i64,
        orders: &[WorkOrderRow],
        mut next_id: impl FnMut() -> i64,
    ) -> Option<WorkOrderRow> {
        if matches!(self.step.action, Action::Dispatch | Action::Designate) {
            return self.give_out(transaction, case_id, &mut next_id);
        }
        let before = current(orders)?;
        if is_about_supervision(self.step.action) {
            return Some(before.clone());
        }
        if self.step.has(Effect::OldestMemberTakesOver) && self.facts.member_count > 0 {
            // The order goes on with the member that takes the case over.
            return Some(before.clone());
        }
        if self.step.has(Effect::NextCycle) && self.facts.state == CaseState::Handling {
            return Some(self.open_again(transaction, before, next_id()));
        }
        let after = self.moved(before.clone());
        if self.changes(before, &after) {
            count_stage(transaction, before, -1);
            count_stage(transaction, &after, 1);
            order_store::move_order(transaction, after.clone());
        }
        if matches!(after.stage.as_str(), "finished" | "returned" | "cancelled") {
            self.end_helpers(transaction, orders, &after);
        } else if self.step.action == Action::Split {
            wake_helpers(transaction, orders, &after);
        }
        Some(after)
    }

    fn give_out(
        &self,
        transaction: &mut Transaction<'_>,
        case_id: i64,
        next_id: &mut impl FnMut() -> i64,
    ) -> Option<WorkOrderRow> {
        let order = |id: i64, role: &str, unit: &String| WorkOrderRow {
            id,
            version: 1,
            case_id,
            cycle: i64::from(self.facts.cycle),
            role: role.to_owned(),
            unit: unit.clone(),
            handler_id: None,
            stage: "to_sign".to_owned(),
            urgency: self.facts.urgency.as_str().to_owned(),
            dispatched_by: self.actor_id,
            reason: self.particulars.reason.clone().unwrap_or_default(),
            signed_at: None,
            deemed_signed: false,
            contacted_at: None,
            finished_at: None,
            due_at: self.work_due.map(|due| due.0),
        };
        let lead = order(next_id(), "lead", self.particulars.lead_unit.as_ref()?);
        let helpers = self.particulars.co_units.iter().filter(|unit| **unit != lead.unit);
        let helpers: Vec<_> = helpers.map(|unit| order(next_id(), "co", unit)).collect();
        for row in helpers.into_iter().chain([lead.clone()]) {
            count_stage(transaction, &row, 1);
            transaction.append(row);
        }
        Some(lead)
    }

    /// The next cycle begins with the unit that handled the one before, already signed for.
    fn open_again(&self, transaction: &mut Transaction<'_>, before: &WorkOrderRow, id: i64) -> WorkOrderRow {
        let again = WorkOrderRow {
            id,
            version: 1,
            cycle: i64::from(self.facts.cycle),
            stage: "handling".to_owned(),
            urgency: self.facts.urgency.as_str().to_owned(),
            dispatched_by: self.actor_id,
            signed_at: Some(self.now.0),
            deemed_signed: false,
            contacted_at: None,
            finished_at: None,
            due_at: self.work_due.map(|due| due.0),
            ..before.clone()
        };
        count_stage(transaction, &again, 1);
        transaction.append(again.clone());
        again
    }

    fn moved(&self, mut order: WorkOrderRow) -> WorkOrderRow {
        match self.step.action {
            Action::SignFor | Action::DeemSigned | Action::DenyReturn if order.signed_at.is_none() => {
                order.signed_at = Some(self.now.0);
                order.deemed_signed = self.step.action == Action::DeemSigned;
            }
            Action::RecordContact => order.contacted_at = order.contacted_at.or(Some(self.now.0)),
            Action::Assign => {
                order.handler_id = self.assignment.handler_id;
                order.unit = self.assignment.unit.clone().unwrap_or(order.unit);
            }
            _ => {}
        }
        if self.work_due.is_some() {
            order.due_at = self.work_due.map(|due| due.0);
        }
        if let Some(stage) = self.stage(&order) {
            if stage == "finished" && order.finished_at.is_none() {
                order.finished_at = Some(self.now.0);
            }
            order.stage = stage.to_owned();
        }
        order
    }

    /// Where the order stands when the case stands where it does after the step.
    fn stage(&self, order: &WorkOrderRow) -> Option<&'static str> {
        Some(match self.step.to {
            CaseState::Dispatched => "to_sign",
            CaseState::ReturnRequested => "return_requested",
            CaseState::Handling | CaseState::Committed if self.facts.pending(Action::SubmitReply).is_some() => {
                "reply_to_sign"
            }
            CaseState::Handling | CaseState::Committed => "handling",
            CaseState::ReplyReview => "to_review",
            CaseState::Replied | CaseState::Closed if order.stage != "returned" => "finished",
            CaseState::Accepted => "returned",
            CaseState::Withdrawn | CaseState::HandedOff | CaseState::InMediation | CaseState::Merged
                if order.finished_at.is_none() && order.stage != "returned" =>
            {
                "cancelled"
            }
            _ => return None,
        })
    }

    fn changes(&self, before: &WorkOrderRow, after: &WorkOrderRow) -> bool {
        self.step.action == Action::Assign
            || before.stage != after.stage
            || before.signed_at != after.signed_at
            || before.contacted_at != after.contacted_at
            || before.due_at != after.due_at
    }

    /// Co-handling units end with the lead.
    fn end_helpers(&self, transaction: &mut Transaction<'_>, orders: &[WorkOrderRow], lead: &WorkOrderRow) {
        let open = |order: &&WorkOrderRow| {
            order.role == "co"
                && order.cycle == lead.cycle
                && !matches!(order.stage.as_str(), "finished" | "returned" | "cancelled")
        };
        for helper in orders.iter().filter(open) {
            let ended = WorkOrderRow {
                stage: lead.stage.clone(),
                finished_at: Some(self.now.0),
                ..helper.clone()
            };
            count_stage(transaction, helper, -1);
            count_stage(transaction, &ended, 1);
            order_store::move_order(transaction, ended);
        }
    }
}

/// The case keeps its state and its orders meanwhile. The step that gave cause may have opened an order in the same write,
/// which is not among those read.
const fn is_about_supervision(action: Action) -> bool {
    matches!(
        action,
        Action::Supervise | Action::PostponeSupervision | Action::EndSupervision
    )
}

/// Co-handling units go on with the lead, after a merging that ended their orders.
fn wake_helpers(transaction: &mut Transaction<'_>, orders: &[WorkOrderRow], lead: &WorkOrderRow) {
    let rests = |order: &&WorkOrderRow| order.role == "co" && order.cycle == lead.cycle && order.stage == "cancelled";
    for helper in orders.iter().filter(rests) {
        let stage = if helper.signed_at.is_some() {
            "handling"
        } else {
            "to_sign"
        };
        let woken = WorkOrderRow {
            stage: stage.to_owned(),
            finished_at: None,
            due_at: lead.due_at,
            ..helper.clone()
        };
        count_stage(transaction, helper, -1);
        count_stage(transaction, &woken, 1);
        order_store::move_order(transaction, woken);
    }
}

/// Counts an order into its unit's stage (`amount` 1) or out of it (−1).
pub(super) fn count_stage(transaction: &mut Transaction<'_>, order: &WorkOrderRow, amount: i64) {
    transaction.count(
        "orders_by_unit_and_stage",
        format!("{}/{}", order.unit, order.stage),
        amount,
    );
}
