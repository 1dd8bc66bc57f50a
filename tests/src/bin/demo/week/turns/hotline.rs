//! The hotline's turns: taking a report in, sending it to a unit, deciding on returns, reviewing answers and judging demands.

use serde_json::json;

use super::{Scene, Then, Turn, Waiting};
use crate::{
    caller::Told,
    week::{
        character::{Intake, REGION, Temper},
        people::{UNITS, Who},
    },
};

const CLERK: Who = Who::City("shouli");
const OTHER_CLERK: Who = Who::City("shouli.er");
const DISPATCHER: Who = Who::City("paidan");
const OTHER_DISPATCHER: Who = Who::City("paidan.er");
const REVIEWER: Who = Who::City("shenhe");
const SUPERVISOR: Who = Who::City("rexian");
const FOLLOW_UP: Who = Who::City("huifang");

impl Scene<'_> {
    /// The report lies before the clerk.
    pub(super) fn take_in(&mut self) -> Turn {
        let next = self.soon((20, 200), (1, 20));
        match self.plan.intake {
            Intake::Overlook if self.tier() == 0 => return Turn::Rest(Then::Working(200, 400)),
            Intake::Ask if !self.memory.asked => {
                self.memory.asked = true;
                let question = json!({ "question": "请问具体在哪个位置？附近有什么标志？" });
                return self.on_case(CLERK, "ask-information", question, Then::Working(60, 900));
            }
            Intake::Refuse if !self.memory.refused => {
                self.memory.refused = true;
                let because = json!({ "reason": "已进入诉讼程序", "lawful_path": "向受理的法院反映" });
                return self.on_case(CLERK, "refuse", because, Then::Working(100, 1500));
            }
            Intake::HandOff if !self.memory.handed_on => {
                self.memory.handed_on = true;
                let mut taken = json!({ "receiver": "市供水集团热线" });
                if self.dice.percent(80) {
                    taken["acknowledgement"] = json!("值班员已接收，派人到现场。");
                }
                return self.on_case(CLERK, "hand-off", taken, next);
            }
            Intake::Answer if !self.memory.refused => {
                let answer = json!({ "article": "fund-withdrawal", "text": "您好！" });
                return self.on_case(CLERK, "answer", answer, Then::Working(200, 1200));
            }
            _ => {}
        }
        // After an appeal another clerk decides.
        let clerk = if self.memory.refused { OTHER_CLERK } else { CLERK };
        let accepted = json!({
            "kind": self.plan.kind, "category": self.plan.category(), "region": REGION, "urgency": self.plan.urgency,
        });
        self.on_case(clerk, "accept", accepted, self.soon_by_plan())
    }

    /// Urgency is fixed by this very act.
    fn soon_by_plan(&self) -> Then {
        if self.plan.urgency == "routine" {
            Then::Working(20, 180)
        } else {
            Then::Wall(1, 15)
        }
    }

    /// The accepted case lies before the dispatcher.
    pub(super) fn send_to_unit(&mut self) -> Turn {
        if let Some((receipt, state)) = &self.primary
            && self.view["dispatch_count"] == 0
            && matches!(
                state.as_str(),
                "submitted" | "accepted" | "dispatched" | "handling" | "reply_review" | "replied"
            )
        {
            let same = json!({ "primary": receipt, "reason": "同一地点的同一件事。" });
            return self.on_case(DISPATCHER, "merge", same, Then::Working(480, 960));
        }
        let lead = UNITS[(self.plan.unit + self.memory.dispatches) % UNITS.len()];
        let overlooked = self.number % 53 == 7 && self.memory.dispatches == 0;
        if overlooked && self.tier() == 0 {
            return Turn::Rest(Then::Working(200, 400));
        }
        self.memory.dispatches += 1;
        let body = json!({ "lead": lead, "reason": "按职责清单派单。" });
        // A unit that gives an urgent order back has a quarter of an hour for it.
        let next = if self.is(Temper::Returning) {
            Then::Wall(1, 5)
        } else {
            self.soon((30, 300), (1, 20))
        };
        if overlooked {
            return self.on_case(SUPERVISOR, "designate", body, next);
        }
        self.on_case(DISPATCHER, "dispatch", body, next)
    }

    /// A unit wants to give its order back.
    pub(super) fn decide_return(&mut self) -> Told<Turn> {
        if !self.memory.decided_late && self.dice.percent(6) {
            self.memory.decided_late = true;
            return Ok(Turn::Rest(Then::Working(500, 700)));
        }
        let reason = json!({ "reason": "查过移交清单和三定方案。" });
        let next = self.soon((20, 120), (10, 20));
        let verdict = if self.dice.percent(65) {
            "return-approval"
        } else {
            "return-refusal"
        };
        self.on_order(OTHER_DISPATCHER, verdict, reason, next)
    }

    /// The unit's answer lies before the reviewer.
    pub(super) fn review(&mut self) -> Turn {
        self.memory.waiting = None;
        if !self.memory.sent_back && self.dice.percent(8) {
            self.memory.sent_back = true;
            let reason = json!({ "reason": "请写清楚修了哪几处、什么时候修的。" });
            return self.on_case(REVIEWER, "send-back", reason, self.soon((60, 400), (20, 60)));
        }
        self.on_case(REVIEWER, "reply-release", json!({}), Then::Working(60, 1000))
    }

    /// A demand for another redo waits for the reviewer, or for tier 1.
    pub(super) fn judge(&mut self) -> Turn {
        if self.memory.waiting == Some(Waiting::Closing) {
            self.memory.waiting = None;
            let reason = json!({ "reason": "到现场看过，与答复一致。" });
            let verdict = if self.dice.percent(70) {
                "close-explained-approval"
            } else {
                "close-explained-refusal"
            };
            return self.on_case(SUPERVISOR, verdict, reason, self.soon((100, 400), (20, 60)));
        }
        let reasonable = self.dice.percent(60);
        if !reasonable {
            self.memory.waiting = Some(Waiting::Closing);
        }
        let verdict = json!({ "reasonable": reasonable, "reason": "到现场看过。" });
        self.on_case(REVIEWER, "demand-judgement", verdict, Then::Working(30, 200))
    }

    /// Nobody rated: the follow-up clerk calls.
    pub(super) fn call(&mut self) -> Turn {
        if !self.memory.called {
            self.memory.called = true;
            let note = json!({ "note": "上午打了三次，没有人接。" });
            return self.on_case(FOLLOW_UP, "follow-up-attempt", note, Then::Working(200, 900));
        }
        if self.dice.percent(40) {
            let rating = json!({ "grade": 4, "resolved": "yes", "comment": "电话里说都好了。" });
            return self.on_case(FOLLOW_UP, "follow-up-rating", rating, Then::Never);
        }
        Turn::Rest(Then::Working(5 * 450, 6 * 450))
    }

    /// A unit said that it was done, and it is not: tier 1 finds out.
    pub(super) fn expose(&mut self) -> Turn {
        self.memory.exposed = true;
        let why = json!({ "cause": "false_closing", "reason": "抽查发现现场没有动过。" });
        self.on_case(SUPERVISOR, "supervision", why, Then::Never)
    }
}
