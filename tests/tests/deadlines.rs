//! The table of deadlines over HTTP: when each clock ends for each urgency, counted by hand from Monday, 23 November 2026, 10:00;
//! which acts start, stop and move it, and which never do; when its holder is reminded. On both databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

mod town;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use shared::{
    contract::problem::ProblemCode,
    domain::{role::Role, time::Timestamp},
};
use system_tests::server::{TestServer, on_both};
use town::{
    HOTLINE, Town,
    ladder::{at, inbox, ladder_of, next, steps},
};

/// Clock, and until when it runs: of an emergency, for livelihood, of routine.
type Row = (&'static str, [Option<&'static str>; 3]);

const URGENCIES: [&str; 3] = ["emergency", "livelihood", "routine"];

/// Everything at 10:00 on the Monday. A working day ends at midnight; four working hours are two before noon and two after it.
#[rustfmt::skip]
const TABLE: [Row; 12] = [
    ("accept",          [Some("2026-11-23 10:15"), Some("2026-11-23 11:00"), Some("2026-11-25 00:00")]),
    ("dispatch",        [Some("2026-11-23 10:15"), Some("2026-11-23 10:30"), Some("2026-11-23 16:00")]),
    ("sign_for",        [Some("2026-11-23 10:15"), Some("2026-11-23 10:30"), Some("2026-11-25 00:00")]),
    ("first_contact",   [Some("2026-11-23 11:00"), Some("2026-11-23 12:00"), Some("2026-11-25 00:00")]),
    ("first_action",    [Some("2026-11-23 12:00"), None,                     None]),
    ("handle",          [Some("2026-11-24 10:00"), Some("2026-11-24 10:00"), Some("2026-12-01 00:00")]),
    ("return_request",  [Some("2026-11-23 10:05"), Some("2026-11-23 10:15"), Some("2026-11-25 00:00")]),
    ("return_decision", [Some("2026-11-23 10:05"), Some("2026-11-23 10:15"), Some("2026-11-25 00:00")]),
    ("reply_review",    [Some("2026-11-23 10:30"), Some("2026-11-23 12:00"), Some("2026-11-25 00:00")]),
    ("follow_up",       [Some("2026-11-24 10:00"), Some("2026-11-24 10:00"), Some("2026-11-26 00:00")]),
    ("rating_window",   [Some("2026-12-01 00:00"), Some("2026-12-01 00:00"), Some("2026-12-01 00:00")]),
    ("redo",            [Some("2026-11-23 12:00"), Some("2026-11-23 22:00"), Some("2026-11-27 00:00")]),
];

/// Kind of case, and until when the unit has to reply.
#[rustfmt::skip]
const HANDLING: [Row; 6] = [
    ("inquiry",          [None,                     Some("2026-11-24 10:00"), Some("2026-11-26 00:00")]),
    ("assistance",       [Some("2026-11-24 10:00"), Some("2026-11-24 10:00"), Some("2026-12-01 00:00")]),
    ("complaint",        [Some("2026-11-24 10:00"), Some("2026-11-24 10:00"), Some("2026-12-01 00:00")]),
    ("suggestion",       [None,                     None,                     Some("2026-12-01 00:00")]),
    ("violation_report", [Some("2026-11-24 10:00"), Some("2026-11-24 10:00"), Some("2026-12-01 00:00")]),
    ("commendation",     [None,                     None,                     Some("2026-11-26 00:00")]),
];

/// The instant as the API writes it.
fn written(text: &str) -> String {
    format!("{}:00+08:00", text.replace(' ', "T"))
}

/// The running clocks, each with its end.
async fn clocks(town: &Town, receipt: &str) -> BTreeMap<String, String> {
    let view = town.view(receipt).await;
    let text = |clock: &Value, name: &str| clock[name].as_str().unwrap().to_owned();
    let clocks = view["clocks"].as_array().unwrap();
    clocks
        .iter()
        .map(|clock| (text(clock, "kind"), text(clock, "due")))
        .collect()
}

/// A report that is as urgent as that before anybody has looked at it.
fn report(town: &Town, urgency: &str) -> Value {
    let mut report = town.lamp("public");
    match urgency {
        "emergency" => report["text"] = json!("三单元楼道着火，有人被困在五楼，烟很大。"),
        "livelihood" => report["category"] = json!("utilities.water_outage"),
        _ => {}
    }
    report
}

async fn submitted(town: &Town, urgency: &str) -> String {
    let sent = town.resident.post("/api/v1/cases", &report(town, urgency)).await;
    sent.expect(201).value()["receipt_no"].as_str().unwrap().to_owned()
}

async fn accepted(town: &Town, kind: &str, urgency: &str) -> String {
    let receipt = town.submitted("public").await;
    accept(town, &receipt, kind, urgency).await;
    receipt
}

async fn accept(town: &Town, receipt: &str, kind: &str, urgency: &str) {
    let fixed = json!({ "kind": kind, "category": "facilities.street_light", "urgency": urgency });
    let path = format!("/api/v1/staff/cases/{receipt}/accept");
    town.clerk.post(&path, &fixed).await.expect(200);
}

fn of_order(order: &str, act: &str) -> String {
    format!("/api/v1/staff/orders/{order}/{act}")
}

/// Returned without success, answered, and rated badly, all in one instant: every clock as it was first seen.
async fn played(town: &Town, urgency: &str) -> BTreeMap<String, String> {
    let receipt = submitted(town, urgency).await;
    let mut seen = clocks(town, &receipt).await;
    accept(town, &receipt, "assistance", urgency).await;
    seen.extend(clocks(town, &receipt).await);
    let order = town.dispatch(&receipt).await;
    seen.extend(clocks(town, &receipt).await);
    let basis = json!({ "legal_basis": "三定方案", "reason": "这段路没有移交给我们。" });
    town.leader.post(&of_order(&order, "return"), &basis).await.expect(200);
    seen.extend(clocks(town, &receipt).await);
    let refusal = of_order(&order, "return-refusal");
    let reason = json!({ "reason": "查过移交清单了。" });
    town.other_dispatcher.post(&refusal, &reason).await.expect(200);
    town.handler
        .post(&of_order(&order, "reply"), &town::reply())
        .await
        .expect(200);
    let sign = of_order(&order, "reply-signature");
    town.leader.post(&sign, &json!({})).await.expect(200);
    seen.extend(clocks(town, &receipt).await);
    let release = format!("/api/v1/staff/cases/{receipt}/reply-release");
    town.reviewer.post(&release, &json!({})).await.expect(200);
    seen.extend(clocks(town, &receipt).await);
    town.rated(&receipt, 1, "no").await;
    seen.extend(clocks(town, &receipt).await);
    seen
}

#[test]
fn every_clock_ends_when_the_table_says_for_each_urgency() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        for (column, urgency) in URGENCIES.into_iter().enumerate() {
            let seen = played(&town, urgency).await;
            for (clock, ends) in TABLE {
                assert_eq!(
                    seen.get(clock).cloned(),
                    ends[column].map(written),
                    "{clock}, {urgency}"
                );
            }
        }
    });
}

#[test]
fn every_kind_is_handled_within_its_own_limit() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        for (kind, ends) in HANDLING {
            for (urgency, end) in URGENCIES.into_iter().zip(ends) {
                let Some(end) = end else { continue };
                let receipt = accepted(&town, kind, urgency).await;
                town.dispatch(&receipt).await;
                let running = clocks(&town, &receipt).await;
                assert_eq!(running["handle"], written(end), "{kind}, {urgency}");
                let first = (urgency == "emergency").then(|| written("2026-11-23 12:00"));
                assert_eq!(running.get("first_action").cloned(), first, "{kind}, {urgency}");
            }
        }
    });
}

#[test]
fn an_extension_adds_what_the_table_gives_once_and_nothing_to_an_emergency() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let asked = json!({ "working_days": 10, "reason": "灯具要从外地调运。" });
        let why = json!({ "reason": "灯具下周三到货。" });
        // Ten working days after Monday the 30th; a day and a night after Tuesday, 10:00.
        for (urgency, end) in [("livelihood", "2026-11-25 10:00"), ("routine", "2026-12-15 00:00")] {
            let receipt = accepted(&town, "assistance", urgency).await;
            let order = town.dispatch(&receipt).await;
            town.sign_for(&order).await;
            town.leader
                .post(&of_order(&order, "extension"), &asked)
                .await
                .expect(200);
            let approve = of_order(&order, "extension-approval");
            town.reviewer.post(&approve, &why).await.expect(200);
            assert_eq!(clocks(&town, &receipt).await["handle"], written(end), "{urgency}");
            town.leader
                .post(&of_order(&order, "extension"), &asked)
                .await
                .expect(200);
            let again = town.reviewer.post(&approve, &why).await;
            assert_eq!(
                again.problem(ProblemCode::ActionNotAllowed).value()["reason"],
                "wrong_decider_for_extension"
            );
        }
        let receipt = accepted(&town, "assistance", "emergency").await;
        let order = town.dispatch(&receipt).await;
        town.sign_for(&order).await;
        let refused = town.leader.post(&of_order(&order, "extension"), &asked).await;
        assert_eq!(refused.value()["reason"], "no_extension_for_emergency");
    });
}

#[test]
fn a_complex_matter_may_be_returned_a_working_day_longer() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        for (urgency, end) in [
            ("emergency", "2026-11-23 10:05"),
            ("livelihood", "2026-11-23 10:15"),
            ("routine", "2026-11-26 00:00"),
        ] {
            let receipt = town.submitted("public").await;
            let mut fixed = town::acceptance();
            (fixed["complex"], fixed["urgency"]) = (json!(true), json!(urgency));
            let path = format!("/api/v1/staff/cases/{receipt}/accept");
            town.clerk.post(&path, &fixed).await.expect(200);
            town.dispatch(&receipt).await;
            let running = clocks(&town, &receipt).await;
            assert_eq!(running["return_request_complex"], written(end), "{urgency}");
            assert!(!running.contains_key("return_request"));
        }
    });
}

#[test]
fn words_never_move_a_clock_and_each_is_stopped_by_its_own_act() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = accepted(&town, "assistance", "emergency").await;
        let order = town.dispatch(&receipt).await;
        let dispatched = clocks(&town, &receipt).await;
        server.clock.advance_minutes(4);
        let own = |act: &str| format!("/api/v1/cases/{receipt}/{act}");
        let words = json!({ "text": "昨晚又坏了一盏。" });
        town.resident.post(&own("additions"), &words).await.expect(200);
        town.resident.post(&own("urge"), &json!({})).await.expect(200);
        town.neighbour.put(&own("follow"), &json!({})).await;
        town.neighbour.post(&own("me-too"), &json!({})).await.expect(201);
        let called = format!("/api/v1/staff/cases/{receipt}/additions");
        town.clerk.post(&called, &words).await.expect(200);
        assert_eq!(clocks(&town, &receipt).await, dispatched);

        let without = |stopped: &[&str]| {
            let mut left = dispatched.clone();
            left.retain(|clock, _| !stopped.contains(&clock.as_str()));
            left
        };
        town.sign_for(&order).await;
        assert_eq!(clocks(&town, &receipt).await, without(&["sign_for"]));
        let handler = json!({ "handler": town.handler.id() });
        town.liaison
            .post(&of_order(&order, "assign"), &handler)
            .await
            .expect(200);
        assert_eq!(clocks(&town, &receipt).await, without(&["sign_for"]));
        let contact = json!({ "how": "phone", "note": "约好马上到现场。" });
        town.handler
            .post(&of_order(&order, "contact"), &contact)
            .await
            .expect(200);
        assert_eq!(clocks(&town, &receipt).await, without(&["sign_for", "first_contact"]));
        let progress = json!({ "text": "抢修车已经到现场。", "public": true });
        town.handler
            .post(&of_order(&order, "progress"), &progress)
            .await
            .expect(200);
        let at_work = without(&["sign_for", "first_contact", "first_action"]);
        assert_eq!(clocks(&town, &receipt).await, at_work);
        town.handler
            .post(&of_order(&order, "progress"), &progress)
            .await
            .expect(200);
        assert_eq!(clocks(&town, &receipt).await, at_work, "more words add nothing");

        // What is asked for, declined and sent back leaves the limit of the work where it was.
        town.handler
            .post(&of_order(&order, "reply"), &town::reply())
            .await
            .expect(200);
        let reason = json!({ "reason": "请写清楚换了哪几盏。" });
        town.leader
            .post(&of_order(&order, "reply-refusal"), &reason)
            .await
            .expect(200);
        town.handler
            .post(&of_order(&order, "reply"), &town::reply())
            .await
            .expect(200);
        town.leader
            .post(&of_order(&order, "reply-signature"), &json!({}))
            .await
            .expect(200);
        let in_review = clocks(&town, &receipt).await;
        assert_eq!(in_review["handle"], dispatched["handle"]);
        assert!(in_review.contains_key("reply_review"));
        let send_back = format!("/api/v1/staff/cases/{receipt}/send-back");
        town.reviewer.post(&send_back, &reason).await.expect(200);
        assert_eq!(clocks(&town, &receipt).await, at_work);
        town.replied(&receipt, &order).await;
        let answered: Vec<_> = clocks(&town, &receipt).await.into_keys().collect();
        assert_eq!(answered, ["follow_up", "rating_window"], "the reply ends the work");
        town.rated(&receipt, 5, "yes").await;
        let closed: Vec<_> = clocks(&town, &receipt).await.into_keys().collect();
        assert_eq!(closed, ["archive", "rating_window", "reopen_window"]);
    });
}

#[test]
fn the_acceptance_clock_rests_while_the_requester_is_asked() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = submitted(&town, "livelihood").await;
        let question = json!({ "question": "停水的是哪几栋楼？" });
        let ask = format!("/api/v1/staff/cases/{receipt}/ask-information");
        town.clerk.post(&ask, &question).await.expect(200);
        let waiting = clocks(&town, &receipt).await;
        assert_eq!(waiting["information"], written("2026-12-01 00:00"));
        assert!(!waiting.contains_key("accept"));
        server.clock.advance_minutes(7);
        let answer = json!({ "text": "三号楼和四号楼。" });
        let supply = format!("/api/v1/cases/{receipt}/information");
        town.resident.post(&supply, &answer).await.expect(200);
        let resumed = clocks(&town, &receipt).await;
        assert_eq!(
            resumed["accept"],
            written("2026-11-23 11:07"),
            "seven minutes later than before"
        );
        assert!(!resumed.contains_key("information"));
    });
}

/// What the sweep does about a case that its unit has taken in hand and then forgets: when, and what the unit reads.
async fn forgotten(town: &Town, urgency: &str, until: Timestamp) -> Vec<(Timestamp, String)> {
    let server = &town.server;
    let receipt = accepted(town, "assistance", urgency).await;
    let order = town.dispatch(&receipt).await;
    town.sign_for(&order).await;
    let contact = json!({ "how": "phone", "note": "约好今天到现场。" });
    town.handler
        .post(&of_order(&order, "contact"), &contact)
        .await
        .expect(200);
    let case = server.services.receipts.read(&receipt).unwrap();
    let mut told = Vec::new();
    while let Some(now) = next(server, case).await.filter(|now| *now <= until) {
        for topic in ["due_soon", "overdue"] {
            let read = inbox(server, &town.liaison, topic).await;
            let known = told.iter().filter(|(_, of, _)| *of == topic).count();
            told.extend(read.into_iter().skip(known).map(|words| (now, topic, words)));
        }
    }
    told.into_iter().map(|(now, _, words)| (now, words)).collect()
}

#[test]
fn a_unit_is_reminded_at_half_and_at_four_fifths_and_told_when_the_limit_is_over() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let expected = [
            ("2026-11-23 22:00", "工单办理的期限快到了，请在11月24日10:00前完成。"),
            ("2026-11-24 05:12", "工单办理的期限快到了，请在11月24日10:00前完成。"),
            ("2026-11-24 10:00", "工单办理已经超期，请马上处理。"),
        ];
        let expected = expected.map(|(when, words)| (at(when), words.to_owned()));
        assert_eq!(forgotten(&town, "livelihood", at("2026-11-24 10:00")).await, expected);
    });
}

#[test]
fn of_an_emergency_each_limit_is_reminded_of_within_minutes() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let expected = [
            (
                "2026-11-23 11:00",
                "首次到场或处置的期限快到了，请在11月23日12:00前完成。",
            ),
            (
                "2026-11-23 11:36",
                "首次到场或处置的期限快到了，请在11月23日12:00前完成。",
            ),
            ("2026-11-23 12:00", "首次到场或处置已经超期，请马上处理。"),
            ("2026-11-23 22:00", "工单办理的期限快到了，请在11月24日10:00前完成。"),
        ];
        let expected = expected.map(|(when, words)| (at(when), words.to_owned()));
        assert_eq!(forgotten(&town, "emergency", at("2026-11-24 04:00")).await, expected);
    });
}

#[test]
fn routine_work_has_a_yellow_card_the_working_day_before_and_a_red_one_the_first_after() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        // The limit ends with Monday the 30th: yellow on Friday, red on Tuesday, each at the opening of work.
        let expected = [
            ("2026-11-27 08:30", "工单办理的期限快到了，请在11月30日前完成。"),
            ("2026-12-01 00:00", "工单办理已经超期，请马上处理。"),
        ];
        let expected = expected.map(|(when, words)| (at(when), words.to_owned()));
        assert_eq!(forgotten(&town, "routine", at("2026-12-01 08:29")).await, expected);
        let all = "/api/v1/staff/supervisions?tier=hotline";
        let supervisor = server.staff(Role::HotlineSupervisor, HOTLINE).await;
        let list = supervisor.get(all).await.expect(200).value();
        let receipt = list["items"][0]["receipt_no"].as_str().unwrap();
        let case = server.services.receipts.read(receipt).unwrap();
        assert_eq!(server.services.now(), at("2026-12-01 08:30"), "the red card");
        assert_eq!(ladder_of(&server, case).await, steps(&[("hotline", "late")]));
    });
}

/// A question to a second person, and a window after an end: which clock, until when.
#[rustfmt::skip]
const OTHERS: [(&str, &str); 8] = [
    ("appeal_window",       "2026-12-01 00:00"), // five working days
    ("appeal_decision",     "2026-11-26 00:00"), // two
    ("extension_decision",  "2026-11-25 00:00"), // one, as for every question below
    ("commitment_decision", "2026-11-25 00:00"),
    ("second_person",       "2026-11-25 00:00"),
    ("exclusion_decision",  "2026-11-25 00:00"),
    ("reopen_window",       "2026-12-24 00:00"), // thirty days
    ("archive",             "2026-12-24 00:00"),
];

#[test]
fn second_persons_have_a_working_day_and_requesters_their_windows() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let refused = town.submitted("public").await;
        let because = json!({ "reason": "已进入诉讼程序", "lawful_path": "向受理的法院反映" });
        let refuse = format!("/api/v1/staff/cases/{refused}/refuse");
        town.clerk.post(&refuse, &because).await.expect(200);
        let mut seen = clocks(&town, &refused).await;
        let reason = json!({ "reason": "法院没有立案。" });
        let appeal = format!("/api/v1/cases/{refused}/appeal");
        town.resident.post(&appeal, &reason).await.expect(200);
        seen.extend(clocks(&town, &refused).await);

        let receipt = accepted(&town, "assistance", "routine").await;
        let order = town.dispatch(&receipt).await;
        town.sign_for(&order).await;
        let longer = json!({ "working_days": 2, "reason": "灯具要从外地调运。" });
        town.leader
            .post(&of_order(&order, "extension"), &longer)
            .await
            .expect(200);
        let promise = town.promise();
        town.leader
            .post(&of_order(&order, "commitment"), &promise)
            .await
            .expect(200);
        town.handler
            .post(&of_order(&order, "reply"), &town::reply())
            .await
            .expect(200);
        seen.extend(clocks(&town, &receipt).await);
        town.leader
            .post(&of_order(&order, "reply-signature"), &json!({}))
            .await
            .expect(200);
        let release = format!("/api/v1/staff/cases/{receipt}/reply-release");
        town.reviewer.post(&release, &json!({})).await.expect(200);
        town.rated(&receipt, 4, "yes").await;
        let untrue = json!({ "exclusion": "untrue", "note": "现场没有坏的灯。" });
        let exclude = format!("/api/v1/staff/cases/{receipt}/exclusion");
        town.leader.post(&exclude, &untrue).await.expect(200);
        seen.extend(clocks(&town, &receipt).await);
        for (clock, end) in OTHERS {
            assert_eq!(seen.get(clock).cloned(), Some(written(end)), "{clock}");
        }
    });
}

#[test]
fn a_third_demand_is_judged_within_a_working_day_and_a_promise_ends_with_its_day() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.answered("public").await;
        for _ in 0..2 {
            town.rated(&receipt, 1, "no").await;
            let order = town.order_of(&receipt).await;
            town.replied(&receipt, &order).await;
        }
        town.rated(&receipt, 1, "no").await;
        assert_eq!(
            clocks(&town, &receipt).await["judge_demand"],
            written("2026-11-25 00:00")
        );

        let promised = town.accepted("public").await;
        let order = town.dispatch(&promised).await;
        town.sign_for(&order).await;
        let promise = town.promise();
        town.leader
            .post(&of_order(&order, "commitment"), &promise)
            .await
            .expect(200);
        let approve = of_order(&order, "commitment-approval");
        town.inspector.post(&approve, &json!({})).await.expect(200);
        let running = clocks(&town, &promised).await;
        // Sixty days from the 23rd of November is the 22nd of January; the promise holds until its midnight, as its step on the way.
        let expected = BTreeMap::from([
            ("milestone".to_owned(), written("2026-12-14 00:00")),
            ("promise".to_owned(), written("2027-01-23 00:00")),
        ]);
        assert_eq!(running, expected, "the limit of the work no longer runs");
    });
}

#[test]
fn an_answer_that_comes_after_the_end_is_taken_for_thirty_days_more() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.submitted("public").await;
        let question = json!({ "question": "是健康路的哪一段？" });
        let ask = format!("/api/v1/staff/cases/{receipt}/ask-information");
        town.clerk.post(&ask, &question).await.expect(200);
        let case = server.services.receipts.read(&receipt).unwrap();
        while inbox(&server, &town.resident, "expire_information").await.is_empty() {
            next(&server, case).await.unwrap();
        }
        assert_eq!(server.services.now(), at("2026-12-01 00:00"));
        // Ended as the 1st of December began: the thirtieth day after it is the 31st.
        let supervisor = server.staff(Role::HotlineSupervisor, HOTLINE).await;
        let path = format!("/api/v1/staff/cases/{receipt}");
        let view = supervisor.get(&path).await.expect(200).value();
        let running = view["clocks"].as_array().unwrap();
        let window = running
            .iter()
            .find(|clock| clock["kind"] == "supply_after_expiry")
            .unwrap();
        assert_eq!(window["due"], written("2027-01-01 00:00"));
        server.clock.set(at("2026-12-31 23:50"));
        let resident = server.citizen("13853900021").await;
        let answer = json!({ "text": "从医院门口到中学那一段。" });
        let supply = format!("/api/v1/cases/{receipt}/information");
        let again = resident.post(&supply, &answer).await.expect(200).value();
        assert_eq!(again["state"], "submitted");
    });
}
