//! One turn of one case: what the person does whose turn it is, from what the case shows, the own character and the dice. Each turn
//! is one act or none, and says when the next one is.

mod hotline;
mod requester;
mod unit;

use serde_json::Value;
use shared::domain::time::Timestamp;

use super::{
    character::{Plan, Temper},
    dice::Dice,
    people::Who,
};
use crate::caller::{Told, text};

/// A case as it is played.
pub(super) struct Matter {
    pub(super) number: usize,
    pub(super) plan: Plan,
    pub(super) receipt: Option<String>,
    /// Turns so far.
    pub(super) turns: u32,
    pub(super) memory: Memory,
}

/// What the people around a case remember of it.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is something that happens once")]
pub(super) struct Memory {
    asked: bool,
    refused: bool,
    appealed: bool,
    handed_on: bool,
    dispatches: usize,
    decided_late: bool,
    extended: bool,
    promised: bool,
    urged: bool,
    sent_back: bool,
    called: bool,
    exposed: bool,
    reopened: bool,
    rated_primary: bool,
    progressed_in: u64,
    waiting: Option<Waiting>,
}

/// What waits for a second person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waiting {
    Reply,
    Extension,
    Commitment,
    Closing,
}

/// An act.
pub(super) struct Move {
    pub(super) who: Who,
    pub(super) path: String,
    pub(super) body: Value,
    pub(super) then: Then,
}

/// When the next turn is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// After so many minutes of working time: at least, at most.
    Working(u32, u32),
    /// After so many minutes on the clock.
    Wall(u32, u32),
    /// There is none.
    Never,
}

/// What a turn comes to.
pub(super) enum Turn {
    Act(Move),
    Rest(Then),
}

/// What a turn is decided by.
pub(super) struct Scene<'a> {
    pub(super) plan: &'a Plan,
    pub(super) memory: &'a mut Memory,
    pub(super) number: usize,
    pub(super) turns: u32,
    pub(super) dice: Dice,
    /// The case, as the hotline's supervisor sees it.
    pub(super) view: &'a Value,
    /// Where the case stands that this one could be or is merged under, with its receipt.
    pub(super) primary: Option<(String, String)>,
    pub(super) receipt: &'a str,
    pub(super) now: Timestamp,
}

impl Scene<'_> {
    /// Whose turn it is, and what comes of it.
    pub(super) fn turn(&mut self) -> Told<Turn> {
        let state = text(self.view, "/state")?;
        if self.plan.withdrawn_after.is_some_and(|turns| self.turns >= turns)
            && !matches!(
                state.as_str(),
                "closed" | "not_accepted" | "handed_off" | "withdrawn" | "merged" | "archived"
            )
        {
            return Ok(self.withdraw());
        }
        match state.as_str() {
            "submitted" => Ok(self.take_in()),
            "needs_information" => Ok(self.supply()),
            "accepted" => Ok(self.send_to_unit()),
            "return_requested" => self.decide_return(),
            "dispatched" => self.sign_for(),
            "handling" => self.work(),
            "committed" => self.keep_promise(),
            "reply_review" => Ok(self.review()),
            "replied" => Ok(self.take_answer()),
            "closed" => Ok(self.look_again()),
            "not_accepted" => Ok(self.appeal()),
            "merged" => Ok(self.rate_primary()),
            _ => Ok(Turn::Rest(Then::Never)),
        }
    }

    /// An act on the case.
    fn on_case(&self, who: Who, act: &str, body: Value, then: Then) -> Turn {
        let path = match who {
            Who::Resident(_) => format!("/api/v1/cases/{}/{act}", self.receipt),
            _ => format!("/api/v1/staff/cases/{}/{act}", self.receipt),
        };
        Turn::Act(Move { who, path, body, then })
    }

    /// An act on the lead unit's latest order.
    fn on_order(&self, who: Who, act: &str, body: Value, then: Then) -> Told<Turn> {
        let path = format!("/api/v1/staff/orders/{}/{act}", text(&self.order()?, "/id")?);
        Ok(Turn::Act(Move { who, path, body, then }))
    }

    fn order(&self) -> Told<Value> {
        let orders = self.view["orders"].as_array();
        let lead = orders.and_then(|orders| orders.iter().rev().find(|order| order["role"] == "lead"));
        lead.cloned().ok_or_else(|| format!("没有工单：{}", self.view))
    }

    /// The unit that has the order, as an index.
    fn unit(&self) -> Told<usize> {
        let code = text(&self.order()?, "/unit")?;
        let known = super::people::UNITS.iter().position(|unit| *unit == code);
        known.ok_or_else(|| format!("不认识的单位 {code}"))
    }

    fn requester(&self) -> Who {
        Who::Resident(self.plan.resident)
    }

    fn number_at(&self, field: &str) -> u64 {
        self.view[field].as_u64().unwrap_or_default()
    }

    fn tier(&self) -> u64 {
        self.number_at("tier")
    }

    fn is(&self, temper: Temper) -> bool {
        self.plan.temper == temper
    }

    /// So long in working time for what is not pressing, else so long on the clock.
    fn soon(&self, routine: (u32, u32), urgent: (u32, u32)) -> Then {
        if self.view["urgency"] == "routine" {
            Then::Working(routine.0, routine.1)
        } else {
            Then::Wall(urgent.0, urgent.1)
        }
    }
}
