//! What a resident does with his cases over HTTP, from the first look at what a report would come to until the last rating.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

use serde_json::{Value, json};
use shared::{contract::problem::ProblemCode, domain::role::Role};
use system_tests::{
    samples::sample,
    server::{TestActor, TestServer, beginning, on_both},
};

const HOTLINE: &str = "3713.hotline";
const WORDS: &str = "东关街中段路灯不亮，已经三天了，上夜班的人摸黑走路，很不安全。";

/// A dark street in Lanshan.
fn lamp() -> Value {
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

async fn submit(resident: &TestActor, report: &Value) -> String {
    let taken = resident.post("/api/v1/cases", report).await.expect(201).value();
    taken["receipt_no"].as_str().unwrap().to_owned()
}

fn of(receipt: &str, act: &str) -> String {
    format!("/api/v1/cases/{receipt}/{act}")
}

async fn own(resident: &TestActor, receipt: &str) -> Value {
    let seen = resident
        .get(&format!("/api/v1/cases/{receipt}"))
        .await
        .expect(200)
        .value();
    assert_eq!(seen["face"], "own");
    seen
}

async fn inbox(actor: &TestActor) -> Value {
    actor.get("/api/v1/me/inbox").await.expect(200).value()
}

fn verdict(seen: &Value, act: &str) -> Value {
    let acts = seen["allowed_actions"].as_array().unwrap();
    acts.iter().find(|verdict| verdict["action"] == act).unwrap().clone()
}

/// The hotline and the unit that the catalogue proposes for street lights in Lanshan.
struct City {
    clerk: TestActor,
    dispatcher: TestActor,
    reviewer: TestActor,
    liaison: TestActor,
    handler: TestActor,
    leader: TestActor,
}

impl City {
    async fn of(server: &TestServer) -> Self {
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

    async fn staff_act(actor: &TestActor, receipt: &str, act: &str, body: Value) -> Value {
        let path = format!("/api/v1/staff/cases/{receipt}/{act}");
        actor.post(&path, &body).await.expect(200).value()
    }

    /// From submission to a signed-for order.
    async fn take_on(&self, receipt: &str) -> String {
        let accepted = json!({ "kind": "assistance", "category": "facilities.street_light", "urgency": "routine" });
        Self::staff_act(&self.clerk, receipt, "accept", accepted).await;
        let given = Self::staff_act(&self.dispatcher, receipt, "dispatch", json!({})).await;
        let order = given["order_id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/staff/orders/{order}/sign-for");
        self.liaison.post(&path, &json!({})).await.expect(200);
        order
    }

    /// From an order in hand to a released reply; `mark` makes its photos its own.
    async fn answer(&self, receipt: &str, order: &str, mark: &str) {
        let photo = |letter: &str| format!("{letter}{mark}").repeat(32);
        self.answer_with(receipt, order, [photo("a"), photo("b")]).await;
    }

    async fn answer_with(&self, receipt: &str, order: &str, [before, after]: [String; 2]) {
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
    async fn latest_order(&self, receipt: &str) -> String {
        let path = format!("/api/v1/staff/cases/{receipt}");
        let seen = self.reviewer.get(&path).await.expect(200).value();
        let orders = seen["orders"].as_array().unwrap();
        orders.last().unwrap()["id"].as_str().unwrap().to_owned()
    }
}

#[test]
fn a_resident_hears_beforehand_what_a_report_would_come_to_and_is_shown_what_others_reported() {
    on_both(async |server: TestServer| {
        let visitor = server.anonymous();
        let draft = json!({ "text": WORDS, "place": { "latitude": 35.1049, "longitude": 118.3566 } });
        let seen = visitor.post("/api/v1/cases/preview", &draft).await.expect(200).value();
        assert_eq!(seen["kind"], "assistance");
        assert_eq!(seen["categories"][0]["code"], "facilities.street_light");
        assert!(!seen["recipient"]["reason"].as_str().unwrap().is_empty());
        // Monday the 23rd and five working days: until midnight after Monday the 30th.
        assert_eq!(seen["due_at"], "2026-12-01T00:00:00+08:00");
        assert_eq!(seen["visibility"], "public");
        assert_eq!(seen["questions"][0]["code"], "extent");
        assert_eq!(seen["near_duplicates"], json!([]));

        let resident = server.citizen("13953900001").await;
        let receipt = submit(&resident, &lamp()).await;
        let mut hidden = lamp();
        hidden["visibility"] = json!("private");
        submit(&resident, &hidden).await;
        let mut far = lamp();
        far["place"] = json!({ "latitude": 35.1247, "longitude": 118.3564 });
        submit(&resident, &far).await;
        let before = server.services.database.statements_sent();
        let seen = visitor.post("/api/v1/cases/preview", &draft).await.expect(200).value();
        let sent = server.services.database.statements_sent() - before;
        assert!(sent <= 5, "{sent} statements");
        let offered = seen["near_duplicates"].as_array().unwrap();
        assert_eq!(offered.len(), 1, "{offered:?}");
        assert_eq!(offered[0]["case"]["receipt_no"], receipt.as_str());
        assert!(offered[0]["similarity"].as_u64().unwrap() > 90);
        assert!(offered[0]["distance"].as_f64().unwrap() < 60.0);
        let told = offered[0].to_string();
        assert!(!told.contains("东关街中段") && !told.contains("requester"), "{told}");

        let danger = json!({ "text": "小区楼道闻到很浓的煤气味，可能煤气泄漏了" });
        let seen = visitor.post("/api/v1/cases/preview", &danger).await.expect(200).value();
        assert!(seen["emergency_numbers"].as_array().unwrap().contains(&json!("119")));
        visitor
            .post("/api/v1/cases/preview", &json!({ "text": "灯".repeat(2001) }))
            .await
            .problem(ProblemCode::Invalid);
    });
}

#[test]
fn a_report_is_taken_once_shown_to_its_requester_alone_and_listed_newest_first() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13953900001").await;
        let first = resident.post_once("/api/v1/cases", "s-1", &lamp()).await.expect(201);
        let again = resident.post_once("/api/v1/cases", "s-1", &lamp()).await.expect(201);
        assert_eq!(first.body, again.body);
        let taken = first.value();
        let receipt = taken["receipt_no"].as_str().unwrap();
        assert_eq!(
            first.header("location"),
            Some(format!("/api/v1/cases/{receipt}").as_str())
        );
        assert_eq!(taken["due_at"], "2026-11-25T00:00:00+08:00");
        assert!(!taken["recipient"]["name"].as_str().unwrap().is_empty());

        let mut private = lamp();
        private["visibility"] = json!("private");
        private["photos"] = json!(["C3".repeat(32)]);
        let second = submit(&resident, &private).await;
        let page = resident.get("/api/v1/me/cases?limit=1").await.expect(200).value();
        assert_eq!(page["items"][0]["receipt_no"], second.as_str());
        let next = page["next"].as_str().unwrap();
        let before = server.services.database.statements_sent();
        let page = resident
            .get(&format!("/api/v1/me/cases?after={next}"))
            .await
            .expect(200)
            .value();
        assert!(server.services.database.statements_sent() - before <= 5);
        assert_eq!(page["items"].as_array().unwrap().len(), 1);
        assert_eq!(page["items"][0]["receipt_no"], receipt);
        assert_eq!(page["items"][0]["progress"]["reached"], 1);
        assert!(page.get("next").is_none());

        let path = format!("/api/v1/cases/{second}");
        let before = server.services.database.statements_sent();
        let answer = resident.get(&path).await.expect(200);
        assert!(server.services.database.statements_sent() - before <= 4);
        assert_eq!(answer.header("etag"), Some("\"1\""));
        let seen = answer.value();
        assert_eq!(seen["text"], WORDS);
        assert_eq!(seen["answers"][0]["answer"], "整段路");
        assert_eq!(seen["photos"][0]["sha256"], "c3".repeat(32));
        assert_eq!(seen["place"]["words"], "东关街中段超市门口");
        assert!(seen["timeline"][0]["sentence"].as_str().unwrap().contains("已经收到"));
        assert_eq!(verdict(&seen, "withdraw")["allowed"], true);
        assert_eq!(verdict(&seen, "reopen")["refusal"], "wrong_state");

        let neighbour = server.citizen("13953900002").await;
        neighbour.get(&path).await.problem(ProblemCode::NotFound);
        let open = neighbour
            .get(&format!("/api/v1/cases/{receipt}"))
            .await
            .expect(200)
            .value();
        assert_eq!(open["face"], "public");
        assert!(
            !open.to_string().contains("东关街"),
            "no word before a moderator's release: {open}"
        );
        for act in ["urge", "withdrawal"] {
            neighbour
                .post(&of(&second, act), &json!({}))
                .await
                .problem(ProblemCode::NotFound);
            neighbour
                .post(&of(receipt, act), &json!({}))
                .await
                .problem(ProblemCode::Forbidden);
        }
        let last = receipt.chars().last().unwrap();
        let other = if last == '0' { '1' } else { '0' };
        let mistyped = format!("{}{other}", &receipt[..receipt.len() - 1]);
        let refused = resident
            .get(&format!("/api/v1/cases/{mistyped}"))
            .await
            .problem(ProblemCode::NotFound);
        assert!(refused.value()["detail"].as_str().unwrap().contains("输错"));
    });
}

#[test]
fn what_is_too_long_unknown_or_out_of_place_is_refused_by_the_name_of_its_field() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13953900001").await;
        let wrong = [
            ("text", json!("")),
            ("text", json!("灯".repeat(2001))),
            ("text", json!("灯\u{0}灭")),
            ("title", json!("灯".repeat(61))),
            ("category", json!("facilities.unknown")),
            ("answers", json!({ "extent": "一点点" })),
            ("photos", json!(["不是哈希"])),
            ("photos", json!(vec!["a1".repeat(32); 10])),
            ("complained_unit", json!("3713.nobody")),
        ];
        for (field, value) in wrong {
            let mut report = lamp();
            report[field] = value;
            let refused = resident
                .post("/api/v1/cases", &report)
                .await
                .problem(ProblemCode::Invalid);
            assert_eq!(refused.value()["field"], field, "{refused:?}");
        }
        let mut half = lamp();
        half["place"] = json!({ "latitude": 35.1 });
        resident
            .post("/api/v1/cases", &half)
            .await
            .problem(ProblemCode::Invalid);
        let mut extra = lamp();
        extra["state"] = json!("closed");
        resident
            .post("/api/v1/cases", &extra)
            .await
            .problem(ProblemCode::Malformed);
        let page = resident.get("/api/v1/me/cases").await.expect(200).value();
        assert_eq!(page["items"], json!([]), "nothing of it is kept");
        resident
            .get("/api/v1/me/cases?after=x")
            .await
            .problem(ProblemCode::Invalid);
    });
}

#[test]
fn a_requester_answers_adds_urges_appeals_and_withdraws() {
    on_both(async |server: TestServer| {
        let city = City::of(&server).await;
        let resident = server.citizen("13953900001").await;
        let receipt = submit(&resident, &lamp()).await;
        let question = json!({ "question": "请问灯杆编号是多少？" });
        City::staff_act(&city.clerk, &receipt, "ask-information", question).await;
        let seen = own(&resident, &receipt).await;
        assert_eq!(seen["question"], "请问灯杆编号是多少？");
        let answer = json!({ "text": "灯杆编号是东关17号", "photos": ["d4".repeat(32)] });
        let stale = [("If-Match", "\"1\"")];
        let path = of(&receipt, "information");
        resident
            .send(reqwest::Method::POST, &path, &stale, Some(answer.clone()))
            .await
            .problem(ProblemCode::VersionMismatch);
        let done = resident.post_once(&path, "i-1", &answer).await.expect(200);
        assert_eq!(done.value()["state"], "submitted");
        assert_eq!(
            resident.post_once(&path, "i-1", &answer).await.expect(200).body,
            done.body
        );
        let added = json!({ "text": "昨晚有老人在那里摔倒了" });
        resident.post(&of(&receipt, "additions"), &added).await.expect(200);
        let seen = own(&resident, &receipt).await;
        let words: Vec<_> = seen["timeline"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|entry| entry["text"].as_str())
            .collect();
        assert_eq!(words, ["灯杆编号是东关17号", "昨晚有老人在那里摔倒了"]);
        assert_eq!(seen["text"], WORDS, "the report stays as it was");
        assert_eq!(seen["photos"][0]["purpose"], "information");

        resident.post(&of(&receipt, "urge"), &json!({})).await.expect(200);
        let refused = resident.post(&of(&receipt, "urge"), &json!({})).await;
        assert_eq!(
            refused.problem(ProblemCode::ActionNotAllowed).value()["reason"],
            "urged_today"
        );

        let refusal = json!({ "reason": "已经进入诉讼程序", "lawful_path": "向受理的法院反映" });
        City::staff_act(&city.clerk, &receipt, "refuse", refusal).await;
        let appeal = json!({ "reason": "这条街没有任何诉讼" });
        let again = resident
            .post(&of(&receipt, "appeal"), &appeal)
            .await
            .expect(200)
            .value();
        assert_eq!(again["state"], "submitted");
        resident
            .post(&of(&receipt, "appeal"), &appeal)
            .await
            .problem(ProblemCode::ActionNotAllowed);
        let gone = resident
            .post(&of(&receipt, "withdrawal"), &json!({ "reason": "灯已经亮了" }))
            .await;
        assert_eq!(gone.expect(200).value()["state"], "withdrawn");
        resident
            .post(&of(&receipt, "additions"), &added)
            .await
            .problem(ProblemCode::ActionNotAllowed);
    });
}

#[test]
fn a_low_rating_has_the_case_redone_and_a_good_one_closes_it_until_it_is_reopened_once() {
    on_both(async |server: TestServer| {
        let city = City::of(&server).await;
        let resident = server.citizen("13953900001").await;
        let receipt = submit(&resident, &lamp()).await;
        let early = json!({ "grade": 5, "resolved": "yes" });
        resident
            .post(&of(&receipt, "rating"), &early)
            .await
            .problem(ProblemCode::ActionNotAllowed);
        let order = city.take_on(&receipt).await;
        city.answer(&receipt, &order, "1").await;
        for bad in [
            json!({ "grade": 0, "resolved": "no" }),
            json!({ "grade": 6, "resolved": "yes" }),
        ] {
            resident
                .post(&of(&receipt, "rating"), &bad)
                .await
                .problem(ProblemCode::Invalid);
        }
        let low = json!({ "grade": 2, "resolved": "no", "attitude": 3, "comment": "只修了一盏，别的还是黑的" });
        let redone = resident
            .post_once(&of(&receipt, "rating"), "r-1", &low)
            .await
            .expect(200);
        assert_eq!(
            (&redone.value()["state"], &redone.value()["cycle"]),
            (&json!("handling"), &json!(2))
        );
        assert_eq!(
            resident
                .post_once(&of(&receipt, "rating"), "r-1", &low)
                .await
                .expect(200)
                .body,
            redone.body
        );

        let order = city.latest_order(&receipt).await;
        city.answer(&receipt, &order, "2").await;
        let good = json!({ "grade": 5, "resolved": "yes", "speed": 4 });
        let closed = resident.post(&of(&receipt, "rating"), &good).await.expect(200).value();
        assert_eq!(closed["state"], "closed");
        let seen = own(&resident, &receipt).await;
        assert_eq!(
            (&seen["outcome"], &seen["progress"]["reached"]),
            (&json!("resolved"), &json!(5))
        );
        assert_eq!(seen["redo_count"], 1);
        let grades: Vec<_> = seen["ratings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|rating| (rating["cycle"].clone(), rating["grade"].clone()))
            .collect();
        assert_eq!(grades, [(json!(1), json!(2)), (json!(2), json!(5))]);
        assert_eq!(seen["replies"].as_array().unwrap().len(), 2);
        assert_eq!(seen["photos"].as_array().unwrap().len(), 4);
        assert_eq!(seen["orders"].as_array().unwrap().len(), 2);
        assert!(
            !seen.to_string().contains("submit_reply"),
            "what colleagues do among themselves is not shown"
        );

        resident
            .post(&of(&receipt, "reopening"), &json!({ "reason": " " }))
            .await
            .problem(ProblemCode::Invalid);
        let again = resident
            .post(&of(&receipt, "reopening"), &json!({ "reason": "下雨以后又不亮了" }))
            .await;
        assert_eq!(again.expect(200).value()["state"], "handling");
        let told = inbox(&resident).await;
        assert!(told["items"][0]["body"].as_str().unwrap().contains("重新打开"));
    });
}

#[test]
fn neighbours_with_the_same_matter_each_keep_a_receipt_a_reply_and_a_rating() {
    on_both(async |server: TestServer| {
        let city = City::of(&server).await;
        let resident = server.citizen("13953900001").await;
        let neighbour = server.citizen("13953900002").await;
        let receipt = submit(&resident, &lamp()).await;
        resident
            .post(&of(&receipt, "me-too"), &json!({}))
            .await
            .problem(ProblemCode::ActionNotAllowed);
        let joining = json!({ "text": "我家门口这一段也不亮", "photos": ["e5".repeat(32)] });
        let joined = neighbour
            .post_once(&of(&receipt, "me-too"), "m-1", &joining)
            .await
            .expect(201);
        assert_eq!(
            neighbour
                .post_once(&of(&receipt, "me-too"), "m-1", &joining)
                .await
                .expect(201)
                .body,
            joined.body
        );
        neighbour
            .post(&of(&receipt, "me-too"), &joining)
            .await
            .problem(ProblemCode::AlreadyExists);
        let own_receipt = joined.value()["receipt_no"].as_str().unwrap().to_owned();
        assert_ne!(own_receipt, receipt);
        resident
            .get(&format!("/api/v1/cases/{own_receipt}"))
            .await
            .problem(ProblemCode::NotFound);
        let told = inbox(&resident).await;
        assert_eq!(told["items"][0]["body"], "又有一位居民反映了同一件事，我们一起办理。");

        let order = city.take_on(&receipt).await;
        let jpeg = [("Content-Type", "image/jpeg")];
        let lit = city
            .handler
            .post_body("/api/v1/photos", &jpeg, sample("linyi.jpg"))
            .await
            .unwrap();
        let lit = lit.expect(201).value();
        let shown = lit["sha256"].as_str().unwrap().to_owned();
        city.answer_with(&receipt, &order, ["a1".repeat(32), shown]).await;
        let before = server.services.database.statements_sent();
        let seen = own(&neighbour, &own_receipt).await;
        assert!(server.services.database.statements_sent() - before <= 4);
        assert_eq!(
            (&seen["state"], &seen["progress"]["reached"]),
            (&json!("merged"), &json!(4))
        );
        assert_eq!(seen["primary"]["receipt_no"], receipt.as_str());
        assert_eq!(seen["text"], "我家门口这一段也不亮");
        let stranger = server.citizen("13953900009").await;
        let photos = seen["photos"].as_array().unwrap();
        let picture = photos.iter().find_map(|photo| photo["display"].as_str()).unwrap();
        neighbour.get(picture).await.expect(200);
        stranger.get(picture).await.problem(ProblemCode::NotFound);
        assert_eq!(seen["replies"][0]["text"], "线路已经更换，当晚全部亮灯。");
        assert!(
            !seen.to_string().contains("东关街中段"),
            "the other's words stay with the other"
        );

        let good = json!({ "grade": 5, "resolved": "yes" });
        resident.post(&of(&receipt, "rating"), &good).await.expect(200);
        assert_eq!(own(&resident, &receipt).await["state"], "closed");
        let low = json!({ "grade": 1, "resolved": "no", "comment": "我门口还是黑的" });
        let rated = neighbour
            .post(&of(&own_receipt, "rating"), &low)
            .await
            .expect(200)
            .value();
        assert_eq!(rated["state"], "merged");
        let seen = own(&resident, &receipt).await;
        assert_eq!((&seen["state"], &seen["cycle"]), (&json!("handling"), &json!(2)));
        let told = inbox(&resident).await;
        let said = told["items"][0]["body"].as_str().unwrap();
        assert!(said.starts_with("同样反映这件事的居民不满意"), "{said}");
        neighbour
            .post(&of(&own_receipt, "rating"), &good)
            .await
            .problem(ProblemCode::ActionNotAllowed);

        let order = city.latest_order(&receipt).await;
        city.answer(&receipt, &order, "2").await;
        neighbour.post(&of(&own_receipt, "rating"), &good).await.expect(200);
        let seen = own(&neighbour, &own_receipt).await;
        assert_eq!(seen["ratings"].as_array().unwrap().len(), 2);
        assert_eq!(seen["ratings"][1]["cycle"], 2);
        assert_eq!(
            own(&resident, &receipt).await["state"],
            "replied",
            "the owner's own word is still awaited"
        );

        // A case that has ended takes nobody in.
        resident.post(&of(&receipt, "rating"), &good).await.expect(200);
        let third = server.citizen("13953900003").await;
        third
            .post(&of(&receipt, "me-too"), &json!({}))
            .await
            .problem(ProblemCode::ActionNotAllowed);
    });
}

#[test]
fn when_the_owner_withdraws_the_neighbours_case_goes_on_in_its_place() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13953900001").await;
        let neighbour = server.citizen("13953900002").await;
        let receipt = submit(&resident, &lamp()).await;
        let joined = neighbour
            .post(&of(&receipt, "me-too"), &json!({}))
            .await
            .expect(201)
            .value();
        let own_receipt = joined["receipt_no"].as_str().unwrap().to_owned();
        resident.post(&of(&receipt, "withdrawal"), &json!({})).await.expect(200);
        let seen = own(&neighbour, &own_receipt).await;
        assert_eq!(seen["state"], "submitted");
        assert!(seen.get("primary").is_none());
        assert_eq!(inbox(&neighbour).await["items"][0]["topic"], "take_over");
    });
}

#[test]
fn following_brings_news_until_it_ends_and_only_of_what_is_public() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13953900001").await;
        let follower = server.citizen("13953900002").await;
        let receipt = submit(&resident, &lamp()).await;
        let mut hidden = lamp();
        hidden["visibility"] = json!("private");
        let hidden = submit(&resident, &hidden).await;
        let unread = inbox(&resident).await["unread"].clone();
        for _ in 0..2 {
            follower.put(&of(&receipt, "follow"), &json!({})).await.expect(204);
        }
        follower
            .put(&of(&hidden, "follow"), &json!({}))
            .await
            .problem(ProblemCode::NotFound);
        resident
            .put(&of(&receipt, "follow"), &json!({}))
            .await
            .problem(ProblemCode::ActionNotAllowed);
        assert_eq!(inbox(&resident).await["unread"], unread, "nobody is told who follows");
        assert_eq!(own(&resident, &receipt).await["version"], 1);
        let before = server.services.database.statements_sent();
        let page = follower.get("/api/v1/me/follows").await.expect(200).value();
        assert!(server.services.database.statements_sent() - before <= 5);
        assert_eq!(page["items"][0]["receipt_no"], receipt.as_str());
        assert!(page["items"][0].get("title").is_none(), "not released yet");
        for _ in 0..2 {
            follower.delete(&of(&receipt, "follow")).await.expect(204);
        }
        let page = follower.get("/api/v1/me/follows").await.expect(200).value();
        assert_eq!(page["items"], json!([]));
    });
}

#[test]
fn the_inbox_tells_each_step_once_counts_what_is_unread_and_is_nobody_elses() {
    on_both(async |server: TestServer| {
        let city = City::of(&server).await;
        let resident = server.citizen("13953900001").await;
        let receipt = submit(&resident, &lamp()).await;
        city.take_on(&receipt).await;
        let told = inbox(&resident).await;
        let topics: Vec<_> = told["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["topic"].as_str().unwrap())
            .collect();
        assert_eq!(topics, ["sign_for", "dispatch", "accept", "submit"]);
        assert_eq!(told["unread"], 4);
        assert_eq!(told["items"][0]["receipt_no"], receipt.as_str());
        assert_eq!(told["items"][0]["at"], serde_json::to_value(beginning()).unwrap());
        let page = resident.get("/api/v1/me/inbox?limit=3").await.expect(200).value();
        let next = page["next"].as_str().unwrap();
        let rest = resident
            .get(&format!("/api/v1/me/inbox?after={next}"))
            .await
            .expect(200)
            .value();
        assert_eq!(rest["items"].as_array().unwrap().len(), 1);
        let desk = inbox(&city.liaison).await;
        assert_eq!(desk["items"][0]["topic"], "dispatch");

        let up_to = json!({ "up_to": told["items"][1]["id"] });
        resident.post("/api/v1/me/inbox/read", &up_to).await.expect(204);
        let told = inbox(&resident).await;
        assert_eq!(told["unread"], 1);
        assert_eq!(
            (&told["items"][0]["read"], &told["items"][1]["read"]),
            (&json!(false), &json!(true))
        );
        assert_eq!(inbox(&city.liaison).await["unread"], 1);
        let stranger = server.citizen("13953900002").await;
        assert_eq!(inbox(&stranger).await["items"], json!([]));
    });
}
