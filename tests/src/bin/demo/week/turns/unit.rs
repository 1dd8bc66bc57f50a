//! A unit's turns: signing for an order or giving it back, calling, working, asking for more time, promising, answering.

use serde_json::json;

use super::{Scene, Then, Turn, Waiting};
use crate::{
    caller::Told,
    week::{
        character::{Mood, Temper},
        people::{HANDLER, LEADER, LIAISON, Who},
    },
};

const INSPECTOR: Who = Who::City("ducha");
const REVIEWER: Who = Who::City("shenhe");
/// Days that a promise asks for.
const PROMISED_DAYS: i64 = 3;

impl Scene<'_> {
    /// The order lies before the unit.
    pub(super) fn sign_for(&mut self) -> Told<Turn> {
        self.memory.waiting = None;
        let unit = self.unit()?;
        let returns =
            self.is(Temper::Returning) && self.view["designated"] == false && self.view["urgency"] != "emergency";
        if returns && self.number_at("return_count") < 3 {
            let basis = json!({ "legal_basis": "三定方案", "reason": "这一段没有移交给我们。" });
            return self.on_order(Who::Desk(unit, LEADER), "return", basis, self.soon((60, 240), (1, 5)));
        }
        if matches!(self.plan.temper, Temper::Late(_) | Temper::Deaf) {
            return Ok(Turn::Rest(self.soon((300, 500), (40, 90))));
        }
        let next = self.soon((20, 200), (1, 25));
        self.on_order(Who::Desk(unit, LIAISON), "sign-for", json!({}), next)
    }

    /// The unit has the matter in hand.
    pub(super) fn work(&mut self) -> Told<Turn> {
        if let Some(turn) = self.second_person()? {
            return Ok(turn);
        }
        let unit = self.unit()?;
        let (handler, leader) = (Who::Desk(unit, HANDLER), Who::Desk(unit, LEADER));
        let idle = match self.plan.temper {
            Temper::Deaf => true,
            Temper::Late(tier) => self.tier() < tier,
            _ => false,
        };
        if idle {
            if self.plan.mood == Mood::Strict && !self.memory.urged {
                self.memory.urged = true;
                return Ok(self.on_case(self.requester(), "urge", json!({}), Then::Working(300, 500)));
            }
            return Ok(Turn::Rest(self.soon((300, 450), (90, 240))));
        }
        let routine = self.view["urgency"] == "routine";
        let next = self.soon((60, 500), (20, 90));
        if self.order()?.get("contacted_at").is_none() && !self.is(Temper::FalselyClosing) {
            let contact = json!({ "how": "phone", "note": "约好下午到现场。" });
            return self.on_order(handler, "contact", contact, next);
        }
        let cycle = self.number_at("cycle");
        if self.memory.progressed_in < cycle && (!routine || self.dice.percent(25)) {
            self.memory.progressed_in = cycle;
            let progress = json!({ "text": "已到现场，正在抢修。", "public": true });
            return self.on_order(handler, "progress", progress, next);
        }
        if routine && cycle == 1 && !self.memory.extended && self.dice.percent(6) {
            self.memory.extended = true;
            self.memory.waiting = Some(Waiting::Extension);
            let longer = json!({ "working_days": 3, "reason": "配件要从外地调运。" });
            return self.on_order(leader, "extension", longer, Then::Working(60, 300));
        }
        if self.is(Temper::Promising) && !self.memory.promised {
            self.memory.promised = true;
            self.memory.waiting = Some(Waiting::Commitment);
            let day = self.now.plus_minutes(PROMISED_DAYS * 24 * 60).city_date().to_string();
            let promise = json!({
                "promised_day": day, "reason": "线路要重新敷设。", "milestones": [{ "day": day, "text": "全部完工" }],
            });
            return self.on_order(leader, "commitment", promise, Then::Working(60, 300));
        }
        self.memory.waiting = Some(Waiting::Reply);
        self.on_order(handler, "reply", reply(), self.soon((10, 120), (10, 30)))
    }

    /// What one asked for, another one decides; a leader who forgets lets it lapse.
    fn second_person(&mut self) -> Told<Option<Turn>> {
        let Some(waiting) = self.memory.waiting.take() else {
            return Ok(None);
        };
        let unit = self.unit()?;
        let reason = json!({ "reason": "情况属实。" });
        let next = self.soon((30, 300), (10, 60));
        let turn = match waiting {
            Waiting::Reply => match self.dice.between(0, 100) {
                0..=2 => return Ok(Some(Turn::Rest(Then::Working(950, 1000)))),
                3..=6 => self.on_order(Who::Desk(unit, LEADER), "reply-refusal", reason, next)?,
                _ => self.on_order(Who::Desk(unit, LEADER), "reply-signature", json!({}), next)?,
            },
            Waiting::Extension => {
                let verdict = if self.dice.percent(75) {
                    "extension-approval"
                } else {
                    "extension-refusal"
                };
                self.on_order(REVIEWER, verdict, reason, next)?
            }
            Waiting::Commitment if self.dice.percent(80) => {
                self.on_order(INSPECTOR, "commitment-approval", json!({}), Then::Working(450, 800))?
            }
            Waiting::Commitment => self.on_order(INSPECTOR, "commitment-refusal", reason, next)?,
            Waiting::Closing => return Ok(None),
        };
        Ok(Some(turn))
    }

    /// A day was promised: two of three units keep it.
    pub(super) fn keep_promise(&mut self) -> Told<Turn> {
        if self.number.is_multiple_of(3) {
            return Ok(Turn::Rest(Then::Wall(24 * 60, 25 * 60)));
        }
        let unit = self.unit()?;
        self.on_order(Who::Desk(unit, HANDLER), "fulfilment", reply(), Then::Working(30, 200))
    }
}

fn reply() -> serde_json::Value {
    json!({
        "text": "已派人到现场处理完毕，请您查看。", "outcome": "resolved", "root_cause": "facility",
        "photos_before": ["a1".repeat(32)], "photos_after": ["b2".repeat(32)],
    })
}
