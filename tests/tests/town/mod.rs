//! A town with everybody whom a case needs, and the whole life of a case as a list of acts: what is promised about each act
//! is proven by whoever plays them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]
#![allow(dead_code, reason = "each test takes what it needs")]

pub(crate) mod ladder;
pub(crate) mod life;
pub(crate) mod rows;
pub(crate) mod step;

use api::{
    city::versions::load_current,
    usecases::city_data::{DataFile, import, plan_import},
};
use serde_json::{Value, json};
use shared::domain::role::Role;
use system_tests::server::{TestActor, TestServer};

pub(crate) const HOTLINE: &str = "3713.hotline";
pub(crate) const UNIT: &str = "3713.housing";

pub(crate) const ACCEPT: &str = "/api/v1/staff/cases/{receipt_no}/accept";
pub(crate) const DISPATCH: &str = "/api/v1/staff/cases/{receipt_no}/dispatch";
pub(crate) const SIGN_FOR: &str = "/api/v1/staff/orders/{id}/sign-for";

/// Everybody.
pub(crate) struct Town {
    pub(crate) server: TestServer,
    pub(crate) resident: TestActor,
    pub(crate) neighbour: TestActor,
    pub(crate) clerk: TestActor,
    pub(crate) dispatcher: TestActor,
    pub(crate) other_dispatcher: TestActor,
    pub(crate) reviewer: TestActor,
    pub(crate) follow_up: TestActor,
    pub(crate) supervisor: TestActor,
    pub(crate) inspector: TestActor,
    pub(crate) moderator: TestActor,
    pub(crate) liaison: TestActor,
    pub(crate) handler: TestActor,
    pub(crate) leader: TestActor,
}

impl Town {
    pub(crate) async fn found(server: &TestServer) -> Self {
        Self {
            server: server.clone(),
            resident: server.citizen("13853900021").await,
            neighbour: server.citizen("13853900022").await,
            clerk: server.staff(Role::Clerk, HOTLINE).await,
            dispatcher: server.staff(Role::Dispatcher, HOTLINE).await,
            other_dispatcher: server.staff(Role::Dispatcher, HOTLINE).await,
            reviewer: server.staff(Role::Reviewer, HOTLINE).await,
            follow_up: server.staff(Role::FollowUpClerk, HOTLINE).await,
            supervisor: server.staff(Role::HotlineSupervisor, HOTLINE).await,
            inspector: server.staff(Role::GovernmentInspector, HOTLINE).await,
            moderator: server.staff(Role::Moderator, HOTLINE).await,
            liaison: server.staff(Role::UnitLiaison, UNIT).await,
            handler: server.staff(Role::UnitHandler, UNIT).await,
            leader: server.staff(Role::UnitLeader, UNIT).await,
        }
    }

    /// A dark road in Yishui.
    pub(crate) fn lamp(&self, visibility: &str) -> Value {
        let city = self.server.services.city();
        let region = city.regions.find("沂城街道", None, 1)[0].code.clone();
        json!({
            "title": "健康路路灯不亮",
            "text": "健康路东段的路灯有五盏不亮，上夜班的人摸黑走，已经一个星期了。",
            "kind": "assistance", "category": "facilities.street_light",
            "place": { "region": region, "words": "健康路东段" },
            "visibility": visibility,
        })
    }

    /// The same, as a clerk writes it down while somebody with this number calls.
    pub(crate) fn call(&self, phone: &str, visibility: &str) -> Value {
        let mut call = self.lamp(visibility);
        call["phone"] = json!(phone);
        call["summary"] = json!("来电人称健康路东段五盏路灯不亮一周。");
        call["visibility_explained"] = json!(true);
        call["consents"] = json!(["handling", "publication"]);
        call
    }

    /// Sends a report; answers its receipt number.
    pub(crate) async fn submitted(&self, visibility: &str) -> String {
        let answer = self.resident.post("/api/v1/cases", &self.lamp(visibility)).await;
        answer.expect(201).value()["receipt_no"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn accepted(&self, visibility: &str) -> String {
        let receipt = self.submitted(visibility).await;
        let path = ACCEPT.replace("{receipt_no}", &receipt);
        self.clerk.post(&path, &acceptance()).await.expect(200);
        receipt
    }

    /// Sends the case to the unit; answers the order's id.
    pub(crate) async fn dispatch(&self, receipt: &str) -> String {
        let path = DISPATCH.replace("{receipt_no}", receipt);
        let given = self.dispatcher.post(&path, &to_unit()).await.expect(200).value();
        given["order_id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn sign_for(&self, order: &str) {
        let path = SIGN_FOR.replace("{id}", order);
        self.liaison.post(&path, &json!({})).await.expect(200);
    }

    /// A promise for sixty days from now.
    pub(crate) fn promise(&self) -> Value {
        let now = self.server.services.now();
        let day = |days: i64| now.plus_minutes(days * 24 * 60).city_date().to_string();
        json!({
            "promised_day": day(60), "reason": "线路要重新敷设，先招标。",
            "milestones": [{ "day": day(20), "text": "完成招标" }, { "day": day(60), "text": "全部亮灯" }],
        })
    }

    /// A case whose reply was released; answers its receipt number.
    pub(crate) async fn answered(&self, visibility: &str) -> String {
        let receipt = self.accepted(visibility).await;
        let order = self.dispatch(&receipt).await;
        self.sign_for(&order).await;
        self.replied(&receipt, &order).await;
        receipt
    }

    /// What the resident thinks of the reply.
    pub(crate) async fn rated(&self, receipt: &str, grade: u8, resolved: &str) {
        let path = format!("/api/v1/cases/{receipt}/rating");
        let rating = json!({ "grade": grade, "resolved": resolved });
        self.resident.post(&path, &rating).await.expect(200);
    }

    /// From handling to the released reply.
    pub(crate) async fn replied(&self, receipt: &str, order: &str) {
        let of_order = |act: &str| format!("/api/v1/staff/orders/{order}/{act}");
        self.handler.post(&of_order("reply"), &reply()).await.expect(200);
        self.leader
            .post(&of_order("reply-signature"), &json!({}))
            .await
            .expect(200);
        let path = format!("/api/v1/staff/cases/{receipt}/reply-release");
        self.reviewer.post(&path, &json!({})).await.expect(200);
    }

    /// From now on the city looks back at whatever it accepts a minute after the closing.
    pub(crate) async fn look_back_at_once(&self) {
        self.new_policy(&[
            ("shandong-2026.1", "impatient"),
            (
                "[limits.first_look_back]\nall = { routine = \"30d\" }",
                "[limits.first_look_back]\nall = { routine = \"1min\" }",
            ),
        ])
        .await;
    }

    /// From now on the shipped deadline policy with other words in it is in force; each of them must be there.
    pub(crate) async fn new_policy(&self, words: &[(&str, &str)]) {
        let services = &self.server.services;
        let mut text = include_str!("../../../api/city/deadlines.toml").to_owned();
        for (from, to) in words {
            assert!(text.contains(from), "{from}");
            text = text.replacen(from, to, 1);
        }
        let name = "deadlines.toml".to_owned();
        let plan = plan_import(&services.database, vec![DataFile { name, kind: None, text }])
            .await
            .unwrap();
        let now = services.now();
        import(&services.database, now, &plan).await.unwrap();
        let city = load_current(&services.database, now).await.unwrap();
        services.city.replace(city);
    }

    pub(crate) async fn view(&self, receipt: &str) -> Value {
        let path = format!("/api/v1/staff/cases/{receipt}");
        self.supervisor.get(&path).await.expect(200).value()
    }

    /// The case's open supervision, as the tier's holder finds it in the list.
    pub(crate) async fn supervision_of(&self, receipt: &str, holder: &TestActor, tier: &str) -> String {
        let path = format!("/api/v1/staff/supervisions?tier={tier}&limit=100");
        let list = holder.get(&path).await.expect(200).value();
        let items = list["items"].as_array().unwrap();
        let found = items.iter().find(|item| item["receipt_no"] == receipt).unwrap();
        found["id"].as_str().unwrap().to_owned()
    }

    /// The false closing that was noticed in a case, as the first tier finds it in the list.
    pub(crate) async fn flag_on(&self, receipt: &str) -> String {
        let path = "/api/v1/staff/queues/flags?limit=100";
        let list = self.supervisor.get(path).await.expect(200).value();
        let closing = |item: &&Value| item["receipt_no"] == receipt && item["flag"]["sign"] == "false_closing";
        let found = list["items"].as_array().unwrap().iter().rfind(closing).unwrap();
        found["flag"]["id"].as_str().unwrap().to_owned()
    }

    /// The lead unit's latest order.
    pub(crate) async fn order_of(&self, receipt: &str) -> String {
        let view = self.view(receipt).await;
        let orders = view["orders"].as_array().unwrap();
        let lead = orders.iter().rev().find(|order| order["role"] == "lead").unwrap();
        lead["id"].as_str().unwrap().to_owned()
    }

    /// Releases everything with the proposed masks.
    pub(crate) async fn moderation(&self, receipt: &str) -> Value {
        let path = format!("/api/v1/staff/moderation/{receipt}");
        let case = self.moderator.get(&path).await.expect(200).value();
        let replies: Vec<_> = case["replies"]
            .as_array()
            .unwrap()
            .iter()
            .map(|reply| json!({ "id": reply["id"], "verdict": "release", "masks": reply["text"]["proposed"] }))
            .collect();
        json!({
            "report": {
                "verdict": "release",
                "title_masks": case["report"]["title"]["proposed"],
                "text_masks": case["report"]["text"]["proposed"],
            },
            "replies": replies,
        })
    }
}

pub(crate) fn acceptance() -> Value {
    json!({ "kind": "assistance", "category": "facilities.street_light", "urgency": "routine" })
}

pub(crate) fn to_unit() -> Value {
    json!({ "lead": UNIT, "reason": "路灯归住建部门管。" })
}

pub(crate) fn reply() -> Value {
    json!({
        "text": "五盏路灯的线路已经更换，当晚全部亮灯。", "outcome": "resolved", "root_cause": "facility",
        "photos_before": ["a1".repeat(32)], "photos_after": ["b2".repeat(32)],
    })
}
