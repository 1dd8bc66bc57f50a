//! Who hears of a step: the timeline's entry, the requester's inbox, the unit's inbox, and those who follow or are merged under it.

use serde_json::Value;
use shared::domain::{
    case::{
        Action, CaseFacts, CaseState, Effect, Particulars, Transition, Visibility,
        public_sentence::public_sentence,
        timeline::{SentenceFacts, sentence},
    },
    supervision::{OpenSupervision, SupervisionResult},
    time::Timestamp,
};

use super::clocks::spoken;
use crate::{
    access::Actor,
    city::City,
    database::{StoreError, Transaction},
    services::Services,
    stores::{
        case_store::CaseRow,
        notice_store::{self, NoticeRow},
        order_store::WorkOrderRow,
        outbox_store::{OutboxRow, Task},
        timeline_store::CaseEventRow,
    },
};

/// A step that was decided and applied, to be told.
pub(super) struct Told<'a> {
    pub(super) services: &'a Services,
    pub(super) city: &'a City,
    pub(super) actor: &'a Actor,
    pub(super) row: &'a CaseRow,
    pub(super) before: &'a CaseFacts,
    pub(super) facts: &'a CaseFacts,
    pub(super) step: &'a Transition,
    pub(super) particulars: &'a Particulars,
    pub(super) public_progress: bool,
    pub(super) supervision: Option<OpenSupervision>,
    pub(super) supervision_result: Option<SupervisionResult>,
    pub(super) detail: Value,
    pub(super) order: Option<&'a WorkOrderRow>,
    pub(super) now: Timestamp,
}

impl Told<'_> {
    /// Adds the timeline's entry and everybody's notices; answers the entry's id.
    pub(super) fn tell(&self, transaction: &mut Transaction<'_>) -> Result<i64, StoreError> {
        let mentions = self.mentions();
        let sentence = sentence(self.step.action, &mentions);
        let public_sentence = public_sentence(self.step.action, &mentions);
        let audience = self.audience(sentence.is_some(), public_sentence.is_some());
        let event_id = self.services.next_id();
        transaction.append(CaseEventRow {
            id: event_id,
            case_id: self.row.id,
            order_id: self.order.map(|order| order.id),
            cycle: i64::from(self.facts.cycle),
            action: self.step.action.as_str().to_owned(),
            actor_id: self.actor.id(),
            actor_role: self.step.role.as_str().to_owned(),
            actor_unit: self.actor_unit(),
            state_before: Some(self.step.from.as_str().to_owned()),
            state_after: self.step.to.as_str().to_owned(),
            audience: audience.to_owned(),
            sentence: sentence.clone(),
            public_sentence: public_sentence.clone(),
            detail: self.detail.to_string(),
        });
        if let Some(sentence) = &sentence {
            self.tell_requester(transaction, sentence);
        }
        if public_sentence.is_some() {
            self.tell_others(transaction, event_id);
        }
        self.tell_first_persons(transaction);
        self.tell_unit(transaction)?;
        Ok(event_id)
    }

    fn mentions(&self) -> SentenceFacts<'_> {
        let unit = self
            .order
            .map(|order| order.unit.as_str())
            .or(self.facts.lead_unit.as_deref());
        let due = spoken(self.step.action, self.facts);
        SentenceFacts {
            unit: unit.map(|code| self.city.unit_name(code)),
            due,
            due_before: spoken(self.step.action, self.before).filter(|before| due != Some(*before)),
            reason: self.spoken_reason(),
            lawful_path: self.particulars.lawful_path.as_deref(),
            outcome: self.facts.outcome,
            public_progress: self.public_progress,
            judged: self.step.has(Effect::AwaitJudgement),
            supervision: self.supervision,
            look_back: self.particulars.look_back,
            supervision_result: self.supervision_result,
            redone: self.step.has(Effect::NextCycle),
            by_another: matches!(self.actor, Actor::Person(person) if self.row.requester_id != Some(person.id)),
        }
    }

    /// Reasons that are meant for the requester; what colleagues write to each other is not.
    fn spoken_reason(&self) -> Option<&str> {
        matches!(
            self.step.action,
            Action::AskInformation
                | Action::Refuse
                | Action::HandOff
                | Action::AddProgress
                | Action::ReachMilestone
                | Action::ApproveExtension
                | Action::FailMediation
                | Action::CloseExplained
                | Action::TightenVisibility
        )
        .then_some(self.particulars.reason.as_deref())
        .flatten()
    }

    fn audience(&self, for_requester: bool, for_everybody: bool) -> &'static str {
        match (for_requester, self.facts.visibility) {
            (false, _) => "staff",
            (true, Visibility::Public) if for_everybody => "public",
            (true, _) => "requester",
        }
    }

    fn actor_unit(&self) -> Option<String> {
        match self.actor {
            Actor::Staff(staff) => Some(staff.unit.clone()),
            _ => None,
        }
    }

    /// The requester need not be told what he just did himself, unless a promise comes with it.
    fn tell_requester(&self, transaction: &mut Transaction<'_>, sentence: &str) {
        let Some(recipient) = self.row.requester_id else { return };
        let own = self.actor.id() == Some(recipient);
        let promises = matches!(
            self.step.action,
            Action::Submit | Action::Redo | Action::Reopen | Action::AppealRefusal | Action::RateSatisfied
        );
        if !own || promises {
            notify(
                self.services,
                transaction,
                recipient,
                self.row,
                self.step.action.as_str(),
                sentence,
                self.now,
            );
        }
    }

    /// Followers hear of a public case, those who joined it also of one that is not public (any more).
    fn tell_others(&self, transaction: &mut Transaction<'_>, event_id: i64) {
        let somebody = self.facts.visibility == Visibility::Public || self.facts.memory.shared;
        if somebody && self.step.to != CaseState::Merged {
            let id = self.services.next_id();
            let payload = serde_json::json!({ "case": self.row.id.to_string() }).to_string();
            transaction.append(OutboxRow::new(id, Task::TellOthers, event_id, payload, self.now));
        }
    }

    /// Whoever asked for a second person's yes that did not come in time; and of what no unit is told, how it was answered.
    fn tell_first_persons(&self, transaction: &mut Transaction<'_>) {
        let topic = self.step.action.as_str();
        let answer = match self.step.action {
            Action::ExpireRequest => return self.tell_expired(transaction, topic),
            Action::ApproveExclusion => "已经同意",
            Action::DenyExclusion | Action::DenyCloseExplained => "没有批准",
            _ => return,
        };
        let asked = self.step.settles.and_then(|request| self.before.pending(request));
        if let Some(request) = asked {
            let words = format!("“{}”{answer}。", request.action.name_zh());
            notify(
                self.services,
                transaction,
                request.by.0,
                self.row,
                topic,
                &words,
                self.now,
            );
        }
    }

    fn tell_expired(&self, transaction: &mut Transaction<'_>, topic: &str) {
        let over = |until: Option<Timestamp>| until.is_some_and(|until| until <= self.now);
        for request in self.before.memory.pending.iter().filter(|request| over(request.until)) {
            let words = format!("“{}”没有按时审批，申请已取消，可以重新提出。", request.action.name_zh());
            notify(
                self.services,
                transaction,
                request.by.0,
                self.row,
                topic,
                &words,
                self.now,
            );
        }
    }

    /// New order, sent back, redo, urged, cancelled: those in the unit who must act, or need not any more.
    fn tell_unit(&self, transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        let cancelled = self.order.is_some_and(|order| order.stage == "cancelled");
        let words = match self.step.action {
            Action::Dispatch | Action::Designate => "收到新工单，请及时签收。",
            Action::DeemSigned => "工单没有按时签收，已视为签收，请马上办理。",
            Action::SendBack => "答复被退回，请补充后重新提交。",
            Action::DenyReturn => "退单没有通过，请继续办理。",
            Action::DeclineReply => "答复没有签发，请修改后重新提交。",
            Action::Redo if self.step.to == CaseState::Handling => "诉求人不满意，请重新办理。",
            _ if self.step.has(Effect::NextCycle) && self.step.to == CaseState::Handling => "诉求需要重新办理。",
            Action::Urge => "诉求人催办，请尽快办理。",
            Action::AddInformation => "诉求人追加了信息，请查看。",
            Action::ApproveExtension => "延期已经批准，请按新的期限办理。",
            Action::DenyExtension => "延期没有批准，请按原期限办理。",
            Action::Commit => "承诺办理已经批准，请按承诺的日期办好。",
            Action::DenyCommitment => "承诺办理没有批准，请按原期限办理。",
            Action::BreakPromise => "承诺的日期过了还没有办好，已经提级督办，请马上办理。",
            Action::HandOff if cancelled => "诉求已经转接给别的单位，工单取消。",
            Action::Merge if cancelled => "诉求已经并入同一件事的另一件诉求，工单取消。",
            Action::Split if self.step.to == CaseState::Dispatched => "诉求改为单独办理，工单恢复，请及时签收。",
            _ => return Ok(()),
        };
        let Some(order) = self.order else { return Ok(()) };
        tell_unit(
            self.services,
            transaction,
            order,
            self.row,
            self.step.action.as_str(),
            words,
            self.now,
        )
    }
}

/// Puts an entry into an inbox and has it pushed.
pub(super) fn notify(
    services: &Services,
    transaction: &mut Transaction<'_>,
    recipient_id: i64,
    case: &CaseRow,
    topic: &str,
    body: &str,
    now: Timestamp,
) {
    let id = services.next_id();
    transaction.append(NoticeRow {
        id,
        recipient_id,
        case_id: Some(case.id),
        topic: topic.to_owned(),
        title: case.title.clone(),
        body: body.to_owned(),
        read_at: None,
    });
    if services.gateways.reach_phones() {
        transaction.append(OutboxRow::new(services.next_id(), Task::Push, id, "{}".to_owned(), now));
    }
}

/// Tells the handler of an order, or while there is none the unit's liaisons and leaders.
pub(super) fn tell_unit(
    services: &Services,
    transaction: &mut Transaction<'_>,
    order: &WorkOrderRow,
    case: &CaseRow,
    topic: &str,
    words: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let desk = transaction.read_once(("desk", &order.unit), |connection| {
        notice_store::list_unit_desk(connection, &order.unit)
    })?;
    for recipient in with_handler(desk, order.handler_id) {
        notify(services, transaction, recipient, case, topic, words, now);
    }
    Ok(())
}

/// Who is told of an order: the unit's desk and the handler, each once.
pub(super) fn with_handler(mut desk: Vec<i64>, handler: Option<i64>) -> Vec<i64> {
    desk.extend(handler.filter(|handler| !desk.contains(handler)));
    desk
}
