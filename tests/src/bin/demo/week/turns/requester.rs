//! The requester's turns: answering a question, disagreeing with a refusal, rating, coming back, taking it back.

use serde_json::{Value, json};

use super::{Scene, Then, Turn};
use crate::week::character::{Mood, Temper};

impl Scene<'_> {
    pub(super) fn withdraw(&mut self) -> Turn {
        let enough = json!({ "reason": "已经自己解决了。" });
        self.on_case(self.requester(), "withdrawal", enough, Then::Never)
    }

    /// The clerk asked.
    pub(super) fn supply(&mut self) -> Turn {
        if self.plan.mood == Mood::Silent {
            return Turn::Rest(Then::Working(5 * 450, 6 * 450));
        }
        let answer = json!({ "text": "就在公交站往东一百米，路北。" });
        self.on_case(self.requester(), "information", answer, self.soon((20, 200), (10, 40)))
    }

    pub(super) fn appeal(&mut self) -> Turn {
        if self.memory.appealed || self.dice.percent(60) {
            return Turn::Rest(Then::Never);
        }
        self.memory.appealed = true;
        let reason = json!({ "reason": "法院没有立案。" });
        self.on_case(self.requester(), "appeal", reason, Then::Working(100, 600))
    }

    /// The answer is there.
    pub(super) fn take_answer(&mut self) -> Turn {
        let clocks = self.view["clocks"].as_array();
        if clocks.is_some_and(|clocks| clocks.iter().any(|clock| clock["kind"] == "judge_demand")) {
            return self.judge();
        }
        let redos = self.number_at("redo_count");
        let rating = match self.plan.mood {
            Mood::Silent => return self.call(),
            Mood::Hard if redos < 4 => low(),
            Mood::Hard => return Turn::Rest(Then::Working(5 * 450, 6 * 450)),
            _ if self.is(Temper::FalselyClosing) && redos == 0 => low(),
            Mood::Strict if redos == 0 && self.dice.percent(45) => low(),
            Mood::Strict if redos == 1 && self.dice.percent(25) => low(),
            _ if self.dice.percent(12) => json!({ "grade": 3, "resolved": "partly" }),
            _ => json!({ "grade": 5, "resolved": "yes", "comment": "办得很快，谢谢！" }),
        };
        self.on_case(self.requester(), "rating", rating, self.soon((60, 400), (20, 90)))
    }

    /// It is closed.
    pub(super) fn look_again(&mut self) -> Turn {
        if self.is(Temper::FalselyClosing) && !self.memory.exposed && self.dice.percent(50) {
            return self.expose();
        }
        if self.view["outcome"] == "resolved" && !self.memory.reopened && self.dice.percent(4) {
            self.memory.reopened = true;
            let again = json!({ "reason": "才两天又坏了。" });
            return self.on_case(self.requester(), "reopening", again, self.soon((60, 400), (20, 90)));
        }
        Turn::Rest(Then::Never)
    }

    /// The own case is merged under another: its answer is rated like an own one.
    pub(super) fn rate_primary(&mut self) -> Turn {
        let answered = self.primary.as_ref().is_some_and(|(_, state)| state == "replied");
        if self.memory.rated_primary || !answered {
            return Turn::Rest(if self.memory.rated_primary {
                Then::Never
            } else {
                Then::Working(200, 400)
            });
        }
        self.memory.rated_primary = true;
        let content = json!({ "grade": 4, "resolved": "yes" });
        let rating = if self.dice.percent(80) { content } else { low() };
        self.on_case(self.requester(), "rating", rating, Then::Never)
    }
}

fn low() -> Value {
    json!({ "grade": 1, "resolved": "no", "comment": "第二天又是老样子。" })
}
