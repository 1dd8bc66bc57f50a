//! A report, and the people of the hotline and of the unit that answer it.

use serde_json::{Value, json};
use shared::domain::role::Role;
use system_tests::server::{TestActor, TestServer};

pub(crate) const HOTLINE: &str = "3713.hotline";
pub(crate) const WORDS: &str = "东关街中段路灯不亮，已经三天了，上夜班的人摸黑走路，很不安全。";

/// A dark street in Lanshan.
pub(crate) fn lamp() -> Value {
    json!({
        "title": "东关街路灯不亮",
        "text": WORDS,
        "kind": "assistance",
        "category": "facilities.street_light",
        "place": { "latitude": 35.1047, "longitude": 118.3564, "accuracy_m": 12.0, "words": "东关街中段超市门口" },
        "visibility": "public",
        "answers": { "extent": "整段路" },
    })
}

pub(crate) async fn submit(resident: &TestActor, report: &Value) -> String {
    let taken = resident.post("/api/v1/cases", report).await.expect(201).value();
    taken["receipt_no"].as_str().unwrap().to_owned()
}

pub(crate) fn of(receipt: &str, act: &str) -> String {
    format!("/api/v1/cases/{receipt}/{act}")
}

pub(crate) async fn own(resident: &TestActor, receipt: &str) -> Value {
    let seen = resident
        .get(&format!("/api/v1/cases/{receipt}"))
        .await
        .expect(200)
        .value();
    assert_eq!(seen["face"], "own");
    seen
}

pub(crate) async fn inbox(actor: &TestActor) -> Value {
    actor.get("/api/v1/me/inbox").await.expect(200).value()
}

pub(crate) fn verdict(seen: &Value, act: &str) -> Value {
    let acts = seen["allowed_actions"].as_array().unwrap();
    acts.iter().find(|verdict| verdict["action"] == act).unwrap().clone()
}

/// The hotline and the unit that the catalogue proposes for street lights in Lanshan.
pub(crate) struct City {
    pub(crate) clerk: TestActor,
    pub(crate) dispatcher: TestActor,
    pub(crate) reviewer: TestActor,
    pub(crate) liaison: TestActor,
    pub(crate) handler: TestActor,
    pub(crate) leader: TestActor,
}

impl City {
    pub(crate) async fn of(server: &TestServer) -> Self {
        let unit = server
            .anonymous()
            .post(
                "/api/v1/cases/preview",
                &json!({ "text": WORDS, "place": lamp()["place"] }),
            )
            .await
            .expect(200)
            .value()["recipient"]["unit"]["code"]
            .as_str()
            .unwrap()
            .to_owned();
        Self {
            clerk: server.staff(Role::Clerk, HOTLINE).await,
            dispatcher: server.staff(Role::Dispatcher, HOTLINE).await,
            reviewer: server.staff(Role::Reviewer, HOTLINE).await,
            liaison: server.staff(Role::UnitLiaison, &unit).await,
            handler: server.staff(Role::UnitHandler, &unit).await,
            leader: server.staff(Role::UnitLeader, &unit).await,
        }
    }

    pub(crate) async fn staff_act(actor: &TestActor, receipt: &str, act: &str, body: Value) -> Value {
        let path = format!("/api/v1/staff/cases/{receipt}/{act}");
        actor.post(&path, &body).await.expect(200).value()
    }

    /// From submission to a signed-for order.
    pub(crate) async fn take_on(&self, receipt: &str) -> String {
        let accepted = json!({ "kind": "assistance", "category": "facilities.street_light", "urgency": "routine" });
        Self::staff_act(&self.clerk, receipt, "accept", accepted).await;
        let given = Self::staff_act(&self.dispatcher, receipt, "dispatch", json!({})).await;
        let order = given["order_id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/staff/orders/{order}/sign-for");
        self.liaison.post(&path, &json!({})).await.expect(200);
        order
    }

    /// From an order in hand to a released reply; `mark` makes its photos its own.
    pub(crate) async fn answer(&self, receipt: &str, order: &str, mark: &str) {
        let photo = |letter: &str| format!("{letter}{mark}").repeat(32);
        self.answer_with(receipt, order, [photo("a"), photo("b")]).await;
    }

    pub(crate) async fn answer_with(&self, receipt: &str, order: &str, [before, after]: [String; 2]) {
        let on = |act: &str| format!("/api/v1/staff/orders/{order}/{act}");
        let reply = json!({
            "text": "线路已经更换，当晚全部亮灯。", "outcome": "resolved", "root_cause": "facility",
            "photos_before": [before], "photos_after": [after],
        });
        self.handler.post(&on("reply"), &reply).await.expect(200);
        self.leader.post(&on("reply-signature"), &json!({})).await.expect(200);
        Self::staff_act(&self.reviewer, receipt, "reply-release", json!({})).await;
    }

    /// The order that a redo opened.
    pub(crate) async fn latest_order(&self, receipt: &str) -> String {
        let path = format!("/api/v1/staff/cases/{receipt}");
        let seen = self.reviewer.get(&path).await.expect(200).value();
        let orders = seen["orders"].as_array().unwrap();
        orders.last().unwrap()["id"].as_str().unwrap().to_owned()
    }
}
