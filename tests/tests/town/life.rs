//! The whole life of a case as a list of acts, for whoever plays them.

use api::background::sweep_once;
use serde_json::{Value, json};
use shared::domain::role::Role;
use system_tests::server::{TestActor, TestAnswer};

use super::{ACCEPT, DISPATCH, HOTLINE, SIGN_FOR, Town, UNIT, acceptance, reply, step::Step, to_unit};

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
    life.extended_and_promised(visibility).await;
    life.called(visibility).await;
    life.refused_and_answered(visibility).await;
    life.handed_off_and_merged(visibility).await;
    life.supervised(visibility).await;
    life.looked_back_at(visibility).await;
    life.flagged(visibility).await;
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
        self.case_telling(actor, template, receipt, body, 1).await
    }

    /// An act that adds so many entries to the timeline: where it gives cause for a supervision, one for that too.
    async fn case_telling(
        &mut self,
        actor: &TestActor,
        template: &'static str,
        receipt: &str,
        body: Value,
        entries: i64,
    ) -> Value {
        let step = Step {
            actor: actor.clone(),
            method: "POST",
            template,
            path: template.replace("{receipt_no}", receipt),
            body: Some(body),
            receipt: Some(receipt.to_owned()),
            entries,
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
        self.with_id(actor, template, (receipt, order), body, 1).await;
    }

    /// An act on something of a case that has an id of its own.
    async fn with_id(
        &mut self,
        actor: &TestActor,
        template: &'static str,
        (receipt, id): (&str, &str),
        body: Value,
        entries: i64,
    ) {
        let step = Step {
            actor: actor.clone(),
            method: "POST",
            template,
            path: template.replace("{id}", id),
            body: Some(body),
            receipt: Some(receipt.to_owned()),
            entries,
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
            self.case_telling(&town.resident, rate, receipt, unsolved.clone(), 2)
                .await;
            let order = town.order_of(receipt).await;
            town.replied(receipt, &order).await;
        }
        self.case(&town.resident, rate, receipt, unsolved).await;
        let verdict = json!({ "reasonable": false, "reason": "到现场看过，灯是亮的。" });
        let judge = "/api/v1/staff/cases/{receipt_no}/demand-judgement";
        self.case(&town.reviewer, judge, receipt, verdict).await;
        let deny = "/api/v1/staff/cases/{receipt_no}/close-explained-refusal";
        self.case_telling(&town.supervisor, deny, receipt, reason.clone(), 2)
            .await;
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
        self.with_id(&town.leader, give_back, (&receipt, &order), basis, 2)
            .await;
        let deny = "/api/v1/staff/orders/{id}/return-refusal";
        self.order(&town.other_dispatcher, deny, &receipt, &order, reason).await;
        let named = town.accepted(visibility).await;
        let lead = json!({ "lead": UNIT, "reason": "职责明确。" });
        let designate = "/api/v1/staff/cases/{receipt_no}/designate";
        self.case(&town.supervisor, designate, &named, lead).await;
    }

    /// More time, asked for twice; a promise that is refused once, approved, and kept.
    async fn extended_and_promised(&mut self, visibility: &str) {
        let town = self.town;
        let receipt = town.accepted(visibility).await;
        let order = town.dispatch(&receipt).await;
        town.sign_for(&order).await;
        let reason = json!({ "reason": "等待配件到货。" });
        let longer = json!({ "working_days": 2, "reason": "灯具要从外地调运。" });
        let ask = "/api/v1/staff/orders/{id}/extension";
        let deny = "/api/v1/staff/orders/{id}/extension-refusal";
        let approve = "/api/v1/staff/orders/{id}/extension-approval";
        for (decide, by) in [
            (deny, &town.reviewer),
            (approve, &town.reviewer),
            (approve, &town.inspector),
        ] {
            self.order(&town.leader, ask, &receipt, &order, longer.clone()).await;
            self.order(by, decide, &receipt, &order, reason.clone()).await;
        }
        let ask = "/api/v1/staff/orders/{id}/commitment";
        let deny = "/api/v1/staff/orders/{id}/commitment-refusal";
        self.order(&town.leader, ask, &receipt, &order, town.promise()).await;
        self.order(&town.inspector, deny, &receipt, &order, reason).await;
        self.order(&town.leader, ask, &receipt, &order, town.promise()).await;
        let approve = "/api/v1/staff/orders/{id}/commitment-approval";
        self.order(&town.inspector, approve, &receipt, &order, json!({})).await;
        let step = "/api/v1/staff/orders/{id}/milestone";
        let reached = json!({ "milestone": 1, "text": "招标已经完成。", "photos": ["c3".repeat(32)] });
        self.order(&town.handler, step, &receipt, &order, reached).await;
        let kept = "/api/v1/staff/orders/{id}/fulfilment";
        self.order(&town.handler, kept, &receipt, &order, reply()).await;
    }

    /// On the phone: somebody reports, something is added, nobody is reached, and at last the requester rates; a supervisor takes the case up again,
    /// and the hotline closes it to more eyes.
    async fn called(&mut self, visibility: &str) {
        let town = self.town;
        let step = Step {
            actor: town.clerk.clone(),
            method: "POST",
            template: "/api/v1/staff/cases",
            path: "/api/v1/staff/cases".to_owned(),
            body: Some(town.call("13853900029", visibility)),
            receipt: None,
            entries: 0,
        };
        self.step(step).await;
        let receipt = town.answered(visibility).await;
        let added = json!({ "text": "诉求人来电：第六盏也不亮。" });
        let add = "/api/v1/staff/cases/{receipt_no}/additions";
        self.case(&town.clerk, add, &receipt, added).await;
        let note = json!({ "note": "上午打了三次，没有人接。" });
        let attempt = "/api/v1/staff/cases/{receipt_no}/follow-up-attempt";
        self.case(&town.follow_up, attempt, &receipt, note).await;
        let rating = json!({ "grade": 4, "resolved": "yes", "comment": "电话里说都亮了。" });
        let rate = "/api/v1/staff/cases/{receipt_no}/follow-up-rating";
        self.case(&town.follow_up, rate, &receipt, rating).await;
        let reason = json!({ "reason": "抽查发现又灭了两盏。" });
        let untrue = json!({ "exclusion": "untrue", "note": "现场没有坏的灯。" });
        let exclude = "/api/v1/staff/cases/{receipt_no}/exclusion";
        let deny = "/api/v1/staff/cases/{receipt_no}/exclusion-refusal";
        let approve = "/api/v1/staff/cases/{receipt_no}/exclusion-approval";
        for decide in [deny, approve] {
            self.case(&town.leader, exclude, &receipt, untrue.clone()).await;
            self.case(&town.supervisor, decide, &receipt, reason.clone()).await;
        }
        let reopen = "/api/v1/staff/cases/{receipt_no}/reopening";
        self.case(&town.supervisor, reopen, &receipt, reason).await;
        if visibility != "confidential" {
            let fewer = json!({ "visibility": "confidential", "reason": "涉及未成年人。" });
            let tighten = "/api/v1/staff/cases/{receipt_no}/visibility";
            self.case(&town.supervisor, tighten, &receipt, fewer).await;
        }
    }

    /// A matter of several units, taken up by the third tier, postponed with a second person's consent, and settled.
    async fn supervised(&mut self, visibility: &str) {
        let (town, inspector) = (self.town, &self.town.inspector);
        let receipt = town.accepted(visibility).await;
        let why = json!({ "cause": "several_units", "reason": "涉及住建、电力和街道三家。" });
        let open = "/api/v1/staff/cases/{receipt_no}/supervision";
        self.case(&town.supervisor, open, &receipt, why).await;
        let id = town.supervision_of(&receipt, inspector, "government").await;
        let of_it = (receipt.as_str(), id.as_str());
        let plan = json!({ "tool": "plan", "note": "住建局牵头，本周换线。" });
        let act = "/api/v1/staff/supervisions/{id}/actions";
        self.with_id(inspector, act, of_it, plan, 0).await;
        let more = json!({ "working_days": 3, "reason": "电缆要从外地调。" });
        let postpone = "/api/v1/staff/supervisions/{id}/postponement";
        self.with_id(inspector, postpone, of_it, more, 0).await;
        let consent = json!({ "granted": true, "reason": "情况属实。" });
        let decide = "/api/v1/staff/supervisions/{id}/postponement-decision";
        self.with_id(&town.supervisor, decide, of_it, consent, 1).await;
        let result = json!({ "result": "settled", "text": "三家已签联席纪要，分工明确。" });
        let end = "/api/v1/staff/supervisions/{id}/result";
        self.with_id(inspector, end, of_it, result, 1).await;
    }

    /// What the requester asks the media to supervise, where it may be made public; and a look-back that finds a matter undone.
    async fn looked_back_at(&mut self, visibility: &str) {
        let (town, server) = (self.town, &self.town.server);
        let receipt = town.accepted(visibility).await;
        if visibility != "confidential" {
            let agrees = json!({ "media_contact": true });
            let ask = "/api/v1/cases/{receipt_no}/media-supervision";
            self.case_telling(&town.resident, ask, &receipt, agrees, 2).await;
        }
        town.look_back_at_once().await;
        let receipt = town.accepted(visibility).await;
        let why = json!({ "cause": "several_units", "reason": "涉及住建、电力和街道三家。" });
        let open = format!("/api/v1/staff/cases/{receipt}/supervision");
        town.supervisor.post(&open, &why).await.expect(200);
        let order = town.dispatch(&receipt).await;
        town.sign_for(&order).await;
        town.replied(&receipt, &order).await;
        town.rated(&receipt, 5, "yes").await;
        server.clock.advance_minutes(1);
        sweep_once(&server.services).await.unwrap();
        let holder = if visibility == "confidential" {
            town.supervisor.clone()
        } else {
            server.staff(Role::MediaSupervisor, HOTLINE).await
        };
        let seen = json!({ "finding": "undone", "note": "晚上去看，五盏灯都不亮。" });
        let look_back = "/api/v1/staff/cases/{receipt_no}/look-back";
        self.case_telling(&holder, look_back, &receipt, seen, 2).await;
    }

    /// A matter that comes back after it was closed as solved: a sign that somebody of the first tier looks at.
    async fn flagged(&mut self, visibility: &str) {
        let town = self.town;
        let receipt = town.answered(visibility).await;
        town.rated(&receipt, 4, "yes").await;
        let again = json!({ "reason": "第二天晚上又不亮了。" });
        let reopen = format!("/api/v1/cases/{receipt}/reopening");
        town.resident.post(&reopen, &again).await.expect(200);
        let id = town.flag_on(&receipt).await;
        let why = json!({ "decision": "dismissed", "reason": "到现场看过，是新坏的一盏。" });
        let decide = "/api/v1/staff/flags/{id}/decision";
        self.with_id(&town.supervisor, decide, (&receipt, &id), why, 0).await;
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

    /// A case that another line takes over, and two of the same matter that are put together and taken apart.
    async fn handed_off_and_merged(&mut self, visibility: &str) {
        let town = self.town;
        let receipt = town.accepted(visibility).await;
        let taken = json!({ "receiver": "市供水集团热线", "acknowledgement": "9点10分，值班员接收。" });
        let hand_off = "/api/v1/staff/cases/{receipt_no}/hand-off";
        self.case(&town.clerk, hand_off, &receipt, taken).await;

        let primary = town.accepted(visibility).await;
        let receipt = town.accepted(visibility).await;
        let same = json!({ "primary": primary, "reason": "同一段路的路灯。" });
        let merge = "/api/v1/staff/cases/{receipt_no}/merge";
        self.case(&town.dispatcher, merge, &receipt, same).await;
        let apart = json!({ "reason": "不是同一段路。" });
        let split = "/api/v1/staff/cases/{receipt_no}/split";
        self.case(&town.dispatcher, split, &receipt, apart).await;
    }
}
