//! A town with everybody whom a case needs, and the whole life of a case as a list of acts: what is promised about each act
//! is proven by whoever plays them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]
#![allow(dead_code, reason = "each test takes what it needs")]

use std::collections::BTreeMap;

use api::database::{StoreError, schema};
use diesel::prelude::*;
use reqwest::Method;
use serde_json::{Value, json};
use shared::domain::role::Role;
use system_tests::server::{TestActor, TestAnswer, TestServer};

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

    pub(crate) async fn view(&self, receipt: &str) -> Value {
        let path = format!("/api/v1/staff/cases/{receipt}");
        self.supervisor.get(&path).await.expect(200).value()
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

/// Rows by table, the versions of cases and the sum of the counters: equal before and after means that nothing was written.
pub(crate) async fn rows(server: &TestServer) -> BTreeMap<&'static str, i64> {
    macro_rules! counted {
        ($rows:ident, $connection:ident, $($table:ident),+) => {
            $( $rows.insert(stringify!($table), schema::$table::table.count().get_result::<i64>($connection)?); )+
        };
    }
    server
        .services
        .database
        .readers
        .read(|connection| {
            let mut rows = BTreeMap::new();
            counted!(
                rows,
                connection,
                cases,
                case_events,
                work_orders,
                clocks,
                replies,
                ratings,
                follows,
                publications,
                photos,
                case_photos,
                notices,
                outbox,
                persons,
                staff_accounts,
                staff_grants,
                consents,
                push_devices,
                audit_records,
                idempotency_keys
            );
            let versions: Vec<i64> = schema::cases::table.select(schema::cases::version).load(connection)?;
            rows.insert("versions of cases", versions.iter().sum());
            let unread: i64 = schema::notices::table
                .filter(schema::notices::read_at.is_null())
                .count()
                .get_result(connection)?;
            rows.insert("unread notices", unread);
            Ok::<_, StoreError>(rows)
        })
        .await
        .unwrap()
}

/// Entries of a case's timeline.
pub(crate) async fn entries(server: &TestServer, receipt: &str) -> i64 {
    let id = server.services.receipts.read(receipt).unwrap();
    server
        .services
        .database
        .readers
        .read(move |connection| {
            let of_case = schema::case_events::table.filter(schema::case_events::case_id.eq(id));
            Ok::<_, StoreError>(of_case.count().get_result::<i64>(connection)?)
        })
        .await
        .unwrap()
}

/// One act.
#[derive(Clone)]
pub(crate) struct Step {
    pub(crate) actor: TestActor,
    pub(crate) method: &'static str,
    /// The path as documented.
    pub(crate) template: &'static str,
    pub(crate) path: String,
    pub(crate) body: Option<Value>,
    /// The case concerned.
    pub(crate) receipt: Option<String>,
    /// Entries that it adds to that case's timeline.
    pub(crate) entries: i64,
}

impl Step {
    pub(crate) async fn send(&self, actor: &TestActor, key: Option<&str>) -> TestAnswer {
        self.send_to(actor, key, &self.path, self.body.clone()).await
    }

    /// The same operation with other content.
    pub(crate) async fn send_changed(&self, key: &str) -> TestAnswer {
        let changed = self.body.as_ref().and_then(changed);
        let path = match &changed {
            Some(_) => self.path.clone(),
            None => self.elsewhere(),
        };
        let body = changed.or_else(|| self.body.clone());
        self.send_to(&self.actor, Some(key), &path, body).await
    }

    async fn send_to(&self, actor: &TestActor, key: Option<&str>, path: &str, body: Option<Value>) -> TestAnswer {
        let headers: Vec<(&str, &str)> = key.map(|key| ("Idempotency-Key", key)).into_iter().collect();
        let method: Method = self.method.parse().unwrap();
        actor.send(method, path, &headers, body).await
    }

    /// The same path for something else: acts without a body say with the path what they are about.
    fn elsewhere(&self) -> String {
        let services = &self.actor.server.services;
        self.template
            .replace("{receipt_no}", &services.receipts.write(services.next_id()))
            .replace("{id}", "4")
            .replace("{grant}", "5")
            .replace("{purpose}", "publication")
    }
}

/// The body with other content that is as well-formed.
fn changed(body: &Value) -> Option<Value> {
    let mut other = body.clone();
    let fields = other.as_object_mut()?;
    let words = [
        "text",
        "reason",
        "question",
        "note",
        "legal_basis",
        "comment",
        "display_name",
        "token",
        "unit",
    ];
    if let Some(name) = words
        .iter()
        .find(|name| fields.get(**name).is_some_and(Value::is_string))
    {
        let more = format!("{}X", fields[*name].as_str()?);
        fields.insert((*name).to_owned(), json!(more));
    } else if fields.contains_key("urgency") {
        fields.insert("urgency".to_owned(), json!("emergency"));
    } else if fields.contains_key("handler") {
        fields.insert("handler".to_owned(), json!("1"));
    } else if fields.contains_key("up_to") {
        fields.insert("up_to".to_owned(), json!("1"));
    } else if fields.contains_key("report") {
        fields.remove("report");
    } else if fields.contains_key("given") {
        fields.insert("given".to_owned(), json!(false));
    } else {
        return None;
    }
    Some(other)
}

/// Somebody who plays the acts and proves something about each. The act has to succeed in the end.
pub(crate) trait Player {
    async fn play(&mut self, town: &Town, step: Step) -> TestAnswer;
}

/// Plays the whole life of cases with this visibility.
pub(crate) async fn live<P: Player>(town: &Town, visibility: &str, player: &mut P) {
    let mut life = Life { town, player };
    let receipt = life.taken_on(visibility).await;
    if visibility == "public" {
        life.shared(&receipt).await;
    }
    let order = life.handled(&receipt).await;
    life.answered(&receipt, &order, visibility).await;
    life.redone(&receipt).await;
    life.given_back(visibility).await;
    life.refused_and_answered(visibility).await;
}

struct Life<'a, P> {
    town: &'a Town,
    player: &'a mut P,
}

impl<P: Player> Life<'_, P> {
    async fn step(&mut self, step: Step) -> Value {
        let name = format!("{} {}", step.method, step.template);
        let answer = self.player.play(self.town, step).await;
        assert!((200..300).contains(&answer.status), "{name}: {answer:?}");
        if answer.body.is_empty() {
            Value::Null
        } else {
            answer.value()
        }
    }

    async fn case(&mut self, actor: &TestActor, template: &'static str, receipt: &str, body: Value) -> Value {
        let step = Step {
            actor: actor.clone(),
            method: "POST",
            template,
            path: template.replace("{receipt_no}", receipt),
            body: Some(body),
            receipt: Some(receipt.to_owned()),
            entries: 1,
        };
        self.step(step).await
    }

    async fn quiet(
        &mut self,
        actor: &TestActor,
        method: &'static str,
        template: &'static str,
        receipt: &str,
        body: Option<Value>,
    ) {
        let step = Step {
            actor: actor.clone(),
            method,
            template,
            path: template.replace("{receipt_no}", receipt),
            body,
            receipt: Some(receipt.to_owned()),
            entries: 0,
        };
        self.step(step).await;
    }

    async fn order(&mut self, actor: &TestActor, template: &'static str, receipt: &str, order: &str, body: Value) {
        let step = Step {
            actor: actor.clone(),
            method: "POST",
            template,
            path: template.replace("{id}", order),
            body: Some(body),
            receipt: Some(receipt.to_owned()),
            entries: 1,
        };
        self.step(step).await;
    }

    /// From the report to acceptance, with a question in between.
    async fn taken_on(&mut self, visibility: &str) -> String {
        let town = self.town;
        let step = Step {
            actor: town.resident.clone(),
            method: "POST",
            template: "/api/v1/cases",
            path: "/api/v1/cases".to_owned(),
            body: Some(town.lamp(visibility)),
            receipt: None,
            entries: 0,
        };
        let taken = self.step(step).await;
        let receipt = taken["receipt_no"].as_str().unwrap().to_owned();
        let question = json!({ "question": "是健康路的哪一段？" });
        let ask = "/api/v1/staff/cases/{receipt_no}/ask-information";
        self.case(&town.clerk, ask, &receipt, question).await;
        let text = json!({ "text": "从医院门口到中学那一段。" });
        let supply = "/api/v1/cases/{receipt_no}/information";
        self.case(&town.resident, supply, &receipt, text).await;
        self.case(&town.clerk, ACCEPT, &receipt, acceptance()).await;
        let more = json!({ "text": "昨晚又坏了一盏。" });
        self.case(&town.resident, "/api/v1/cases/{receipt_no}/additions", &receipt, more)
            .await;
        let urge = "/api/v1/cases/{receipt_no}/urge";
        self.case(&town.resident, urge, &receipt, json!({})).await;
        receipt
    }

    /// What others do with a public case.
    async fn shared(&mut self, receipt: &str) {
        let neighbour = &self.town.neighbour;
        let follow = "/api/v1/cases/{receipt_no}/follow";
        self.quiet(neighbour, "PUT", follow, receipt, None).await;
        self.quiet(neighbour, "DELETE", follow, receipt, None).await;
        let text = json!({ "text": "我家门口这段也是黑的。" });
        self.case(neighbour, "/api/v1/cases/{receipt_no}/me-too", receipt, text)
            .await;
    }

    /// From dispatch to the work; answers the order's id.
    async fn handled(&mut self, receipt: &str) -> String {
        let town = self.town;
        let given = self.case(&town.dispatcher, DISPATCH, receipt, to_unit()).await;
        let order = given["order_id"].as_str().unwrap().to_owned();
        self.order(&town.liaison, SIGN_FOR, receipt, &order, json!({})).await;
        let handler = json!({ "handler": town.handler.id() });
        self.order(
            &town.liaison,
            "/api/v1/staff/orders/{id}/assign",
            receipt,
            &order,
            handler,
        )
        .await;
        let contact = json!({ "how": "phone", "note": "约好今晚到现场。" });
        self.order(
            &town.handler,
            "/api/v1/staff/orders/{id}/contact",
            receipt,
            &order,
            contact,
        )
        .await;
        let progress = json!({ "text": "电缆被挖断，已安排抢修。", "public": true });
        self.order(
            &town.handler,
            "/api/v1/staff/orders/{id}/progress",
            receipt,
            &order,
            progress,
        )
        .await;
        order
    }

    /// A reply that is declined, sent back, and at last released.
    async fn answered(&mut self, receipt: &str, order: &str, visibility: &str) {
        let town = self.town;
        let write = "/api/v1/staff/orders/{id}/reply";
        let sign = "/api/v1/staff/orders/{id}/reply-signature";
        let reason = json!({ "reason": "请写清楚换了哪几盏。" });
        self.order(&town.handler, write, receipt, order, reply()).await;
        let decline = "/api/v1/staff/orders/{id}/reply-refusal";
        self.order(&town.leader, decline, receipt, order, reason.clone()).await;
        self.order(&town.handler, write, receipt, order, reply()).await;
        self.order(&town.leader, sign, receipt, order, json!({})).await;
        let send_back = "/api/v1/staff/cases/{receipt_no}/send-back";
        self.case(&town.reviewer, send_back, receipt, reason).await;
        self.order(&town.handler, write, receipt, order, reply()).await;
        self.order(&town.leader, sign, receipt, order, json!({})).await;
        let release = "/api/v1/staff/cases/{receipt_no}/reply-release";
        self.case(&town.reviewer, release, receipt, json!({})).await;
        if visibility == "public" {
            let decision = town.moderation(receipt).await;
            let moderate = "/api/v1/staff/moderation/{receipt_no}";
            self.quiet(&town.moderator, "POST", moderate, receipt, Some(decision))
                .await;
        }
    }

    /// Redone twice at the requester's word, once after a judgement; then closed, reopened and withdrawn.
    async fn redone(&mut self, receipt: &str) {
        let town = self.town;
        let rate = "/api/v1/cases/{receipt_no}/rating";
        let unsolved = json!({ "grade": 1, "resolved": "no", "comment": "第二天晚上又不亮了。" });
        let reason = json!({ "reason": "到现场看过，灯是亮的。" });
        for _ in 0..2 {
            self.case(&town.resident, rate, receipt, unsolved.clone()).await;
            let order = town.order_of(receipt).await;
            town.replied(receipt, &order).await;
        }
        self.case(&town.resident, rate, receipt, unsolved).await;
        let verdict = json!({ "reasonable": false, "reason": "到现场看过，灯是亮的。" });
        let judge = "/api/v1/staff/cases/{receipt_no}/demand-judgement";
        self.case(&town.reviewer, judge, receipt, verdict).await;
        let deny = "/api/v1/staff/cases/{receipt_no}/close-explained-refusal";
        self.case(&town.supervisor, deny, receipt, reason.clone()).await;
        let order = town.order_of(receipt).await;
        town.replied(receipt, &order).await;
        let basis = json!({ "legal_basis": "城市照明管理规定第二十条" });
        let explain = "/api/v1/staff/cases/{receipt_no}/close-explained";
        self.case(&town.reviewer, explain, receipt, basis).await;
        let approve = "/api/v1/staff/cases/{receipt_no}/close-explained-approval";
        self.case(&town.supervisor, approve, receipt, reason).await;
        let again = json!({ "reason": "路灯又灭了。" });
        let reopen = "/api/v1/cases/{receipt_no}/reopening";
        self.case(&town.resident, reopen, receipt, again).await;
        let enough = json!({ "reason": "已经自己联系上电工了。" });
        let withdraw = "/api/v1/cases/{receipt_no}/withdrawal";
        self.case(&town.resident, withdraw, receipt, enough).await;
    }

    /// A unit gives a case back: once with success, once without; and a unit named for good.
    async fn given_back(&mut self, visibility: &str) {
        let town = self.town;
        let basis = json!({ "legal_basis": "三定方案", "reason": "这段路没有移交给我们。" });
        let reason = json!({ "reason": "查过移交清单了。" });
        let give_back = "/api/v1/staff/orders/{id}/return";
        let receipt = town.accepted(visibility).await;
        let order = town.dispatch(&receipt).await;
        self.order(&town.leader, give_back, &receipt, &order, basis.clone())
            .await;
        let approve = "/api/v1/staff/orders/{id}/return-approval";
        self.order(&town.other_dispatcher, approve, &receipt, &order, reason.clone())
            .await;
        let order = town.dispatch(&receipt).await;
        self.order(&town.leader, give_back, &receipt, &order, basis).await;
        let deny = "/api/v1/staff/orders/{id}/return-refusal";
        self.order(&town.other_dispatcher, deny, &receipt, &order, reason).await;
        let named = town.accepted(visibility).await;
        let lead = json!({ "lead": UNIT, "reason": "职责明确。" });
        let designate = "/api/v1/staff/cases/{receipt_no}/designate";
        self.case(&town.supervisor, designate, &named, lead).await;
    }

    /// A refusal with an appeal, and a question that an article answers.
    async fn refused_and_answered(&mut self, visibility: &str) {
        let town = self.town;
        let receipt = town.submitted(visibility).await;
        let because = json!({ "reason": "已进入诉讼程序", "lawful_path": "向受理的法院反映" });
        let refuse = "/api/v1/staff/cases/{receipt_no}/refuse";
        self.case(&town.clerk, refuse, &receipt, because).await;
        let appeal = "/api/v1/cases/{receipt_no}/appeal";
        let reason = json!({ "reason": "法院没有立案。" });
        self.case(&town.resident, appeal, &receipt, reason).await;

        let mut question = town.lamp(visibility);
        question["kind"] = json!("inquiry");
        let asked = town.resident.post("/api/v1/cases", &question).await.expect(201).value();
        let receipt = asked["receipt_no"].as_str().unwrap().to_owned();
        let city = town.server.services.city();
        let today = town.server.services.now().city_date();
        let article = city.knowledge.article.iter().find(|article| article.holds_on(today));
        let answer = json!({ "article": article.unwrap().id, "text": "您好！" });
        let directly = "/api/v1/staff/cases/{receipt_no}/answer";
        self.case(&town.clerk, directly, &receipt, answer).await;
    }
}
