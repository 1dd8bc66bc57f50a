//! Integrity signs: what raises a flag, who sees it, and what follows when somebody of the first tier confirms it. Nothing of it is
//! published, and no unit is told. On both databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

mod town;

use api::background::sweep_once;
use serde_json::{Value, json};
use shared::{
    contract::problem::ProblemCode,
    domain::role::{Grant, Role},
};
use system_tests::server::{TestActor, TestAnswer, TestServer, on_both};
use town::{HOTLINE, Town, UNIT, ladder, rows::rows};

const FLAGS: &str = "/api/v1/staff/queues/flags?limit=100";

/// The open signs as a supervisor's list shows them: receipt number and sign.
async fn signs(actor: &TestActor) -> Vec<(String, String)> {
    let page = actor.get(FLAGS).await.expect(200).value();
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|item| (word(&item["receipt_no"]), word(&item["flag"]["sign"])))
        .collect()
}

fn one(receipt: &str, sign: &str) -> Vec<(String, String)> {
    vec![(receipt.to_owned(), sign.to_owned())]
}

/// The first open sign with its evidence.
async fn flag(actor: &TestActor) -> Value {
    let page = actor.get(FLAGS).await.expect(200).value();
    let id = page["items"][0]["flag"]["id"].as_str().unwrap();
    actor
        .get(&format!("/api/v1/staff/flags/{id}"))
        .await
        .expect(200)
        .value()
}

async fn decide(actor: &TestActor, flag: &Value, decision: &str) -> TestAnswer {
    let path = format!("/api/v1/staff/flags/{}/decision", flag["id"].as_str().unwrap());
    let why = json!({ "decision": decision, "reason": "听了通话录音，也问过诉求人。" });
    actor.post(&path, &why).await
}

/// What happened in the evidence, oldest first.
fn shown(flag: &Value) -> Vec<&str> {
    let evidence = flag["evidence"].as_array().unwrap().iter();
    evidence.map(|one| one["what"].as_str().unwrap()).collect()
}

async fn contact(town: &Town, receipt: &str, how: &str) {
    let order = town.order_of(receipt).await;
    let note = json!({ "how": how, "note": "和诉求人说了评价的事。" });
    let path = format!("/api/v1/staff/orders/{order}/contact");
    town.handler.post(&path, &note).await.expect(200);
}

/// Tier and cause of everything that supervised the case, in order.
async fn ladder_of(server: &TestServer, receipt: &str) -> Vec<(String, String)> {
    ladder::ladder_of(server, server.services.receipts.read(receipt).unwrap()).await
}

async fn highest(server: &TestServer, receipt: &str) -> (String, String) {
    ladder_of(server, receipt).await.pop().unwrap()
}

fn discipline(cause: &str) -> (String, String) {
    ("discipline".to_owned(), cause.to_owned())
}

#[test]
fn a_unit_that_contacts_again_and_again_after_a_bad_rating_is_seen_by_the_first_tier_alone_and_told_nothing() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.answered("public").await;
        town.rated(&receipt, 1, "no").await;
        for _ in 0..3 {
            contact(&town, &receipt, "visit").await;
        }
        assert!(signs(&town.supervisor).await.is_empty());
        let before = rows(&server).await;
        contact(&town, &receipt, "visit").await;
        let after = rows(&server).await;
        assert_eq!(after["flags"], before["flags"] + 1);
        assert_eq!(after["case_events"], before["case_events"] + 1, "the contact alone");
        contact(&town, &receipt, "visit").await;
        assert_eq!(
            signs(&town.supervisor).await,
            one(&receipt, "pressure"),
            "once in a cycle"
        );

        let flag = flag(&town.supervisor).await;
        let contacts = ["登记首次联系"; 4];
        assert_eq!(shown(&flag), [&["重办"][..], &contacts].concat());
        assert_eq!(flag["unit_name"], server.services.city().unit_name(UNIT));
        assert_eq!(flag["evidence"][1]["detail"]["how"], "visit");
        let path = format!("/api/v1/staff/flags/{}", flag["id"].as_str().unwrap());
        let officer = server.staff(Role::DisciplineOfficer, HOTLINE).await;
        for other in [&town.inspector, &town.leader, &town.reviewer, &officer] {
            other.get(&path).await.problem(ProblemCode::NotFound);
            other.get(FLAGS).await.problem(ProblemCode::Forbidden);
            decide(other, &flag, "dismissed").await.problem(ProblemCode::NotFound);
        }
        for seen in [
            town.leader
                .get(&format!("/api/v1/staff/cases/{receipt}"))
                .await
                .expect(200),
            town.resident.get(&format!("/api/v1/cases/{receipt}")).await.expect(200),
        ] {
            let text = String::from_utf8(seen.body).unwrap();
            assert!(!text.contains("pressure") && !text.contains("差评后"), "{text}");
        }
    });
}

#[test]
fn confirmed_pressure_goes_to_the_fifth_tier_and_a_dismissed_sign_nowhere_and_each_is_decided_once() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.answered("public").await;
        town.rated(&receipt, 2, "no").await;
        for _ in 0..3 {
            contact(&town, &receipt, "phone").await;
        }
        assert_eq!(signs(&town.supervisor).await, one(&receipt, "many_calls"));
        let calls = flag(&town.supervisor).await;
        let silent = json!({ "decision": "dismissed", "reason": " " });
        let path = format!("/api/v1/staff/flags/{}/decision", calls["id"].as_str().unwrap());
        town.supervisor.post(&path, &silent).await.problem(ProblemCode::Invalid);
        decide(&town.supervisor, &calls, "dismissed").await.expect(204);
        let again = decide(&town.supervisor, &calls, "confirmed").await;
        assert_eq!(again.value()["reason"], "nothing_pending");
        assert_eq!(highest(&server, &receipt).await.0, "hotline", "the bad rating's own");

        contact(&town, &receipt, "message").await;
        assert_eq!(signs(&town.supervisor).await, one(&receipt, "pressure"));
        let pressed = flag(&town.supervisor).await;
        let of_unit = server
            .staff_with(UNIT, vec![Grant::everywhere(Role::HotlineSupervisor)])
            .await;
        let own = decide(&of_unit, &pressed, "dismissed").await;
        assert_eq!(own.value()["reason"], "own_work", "nobody decides about his own unit");
        decide(&town.supervisor, &pressed, "confirmed").await.expect(204);
        assert_eq!(highest(&server, &receipt).await, discipline("pressure"));
        assert!(signs(&town.supervisor).await.is_empty());
        let path = format!("/api/v1/staff/flags/{}", pressed["id"].as_str().unwrap());
        let decided = town.supervisor.get(&path).await.expect(200).value();
        assert_eq!(
            (&decided["decision"], &decided["decided_by"]),
            (&json!("confirmed"), &json!("测试员"))
        );
        let story = town.resident.get(&format!("/api/v1/cases/{receipt}")).await.value();
        let last = story["timeline"].as_array().unwrap().last().unwrap()["sentence"].clone();
        let said = last.as_str().unwrap();
        assert!(said.contains("五级督办") && !said.contains("干预"), "{said}");
    });
}

#[test]
fn a_rating_that_rises_within_an_hour_of_a_contact_is_a_sign_and_one_that_rises_without_is_none() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let rises = async |contacted: bool| {
            let receipt = town.answered("public").await;
            town.rated(&receipt, 1, "no").await;
            let order = town.order_of(&receipt).await;
            if contacted {
                contact(&town, &receipt, "phone").await;
            }
            town.replied(&receipt, &order).await;
            town.rated(&receipt, 5, "yes").await;
            receipt
        };
        let pressed = rises(true).await;
        assert_eq!(signs(&town.supervisor).await, one(&pressed, "rating_raised"));
        let flag = flag(&town.supervisor).await;
        assert_eq!(shown(&flag), ["重办", "登记首次联系", "评价满意"]);
        assert_eq!(
            (
                &flag["evidence"][0]["detail"]["grade"],
                &flag["evidence"][2]["detail"]["grade"]
            ),
            (&json!(1), &json!(5))
        );
        let untouched = rises(false).await;
        let raised = one(&untouched, "rating_raised").remove(0);
        assert!(!signs(&town.supervisor).await.contains(&raised));
    });
}

#[test]
fn a_case_withdrawn_soon_after_a_contact_is_a_sign_that_goes_up_though_the_case_has_ended() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let reason = json!({ "reason": "不反映了。" });
        let quiet = town.accepted("private").await;
        town.resident
            .post(&format!("/api/v1/cases/{quiet}/withdrawal"), &reason)
            .await
            .expect(200);
        assert!(signs(&town.supervisor).await.is_empty(), "nobody had been in touch");
        let receipt = town.accepted("private").await;
        let order = town.dispatch(&receipt).await;
        town.sign_for(&order).await;
        contact(&town, &receipt, "phone").await;
        town.resident
            .post(&format!("/api/v1/cases/{receipt}/withdrawal"), &reason)
            .await
            .expect(200);
        assert_eq!(signs(&town.supervisor).await, one(&receipt, "withdrawn"));
        let flag = flag(&town.supervisor).await;
        assert_eq!(shown(&flag), ["登记首次联系", "撤回"]);
        decide(&town.supervisor, &flag, "confirmed").await.expect(204);
        assert_eq!(ladder_of(&server, &receipt).await, [discipline("pressure")]);
    });
}

#[test]
fn what_comes_back_after_it_was_closed_as_solved_is_a_sign_of_false_closing_and_proven_it_goes_to_the_fifth_tier() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.answered("public").await;
        town.rated(&receipt, 4, "yes").await;
        assert!(signs(&town.supervisor).await.is_empty());
        let again = json!({ "reason": "第二天晚上又不亮了。" });
        town.resident
            .post(&format!("/api/v1/cases/{receipt}/reopening"), &again)
            .await
            .expect(200);
        assert_eq!(signs(&town.supervisor).await, one(&receipt, "false_closing"));
        let flag = flag(&town.supervisor).await;
        assert_eq!(shown(&flag), ["评价满意", "重新打开"]);
        assert!(ladder_of(&server, &receipt).await.is_empty(), "a sign blames nobody");
        decide(&town.supervisor, &flag, "confirmed").await.expect(204);
        assert_eq!(ladder_of(&server, &receipt).await, [discipline("false_closing")]);
    });
}

#[test]
fn the_same_matter_reported_again_soon_after_its_closing_is_a_sign_and_another_matter_or_person_is_none() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let first = town.answered("public").await;
        town.rated(&first, 5, "yes").await;
        let accept = async |receipt: &str, category: &str| {
            let mut acceptance = town::acceptance();
            acceptance["category"] = json!(category);
            let path = town::ACCEPT.replace("{receipt_no}", receipt);
            town.clerk.post(&path, &acceptance).await.expect(200);
        };
        let lamp = "facilities.street_light";
        let neighbours = town
            .neighbour
            .post("/api/v1/cases", &town.lamp("public"))
            .await
            .expect(201);
        accept(neighbours.value()["receipt_no"].as_str().unwrap(), lamp).await;
        accept(&town.submitted("public").await, "facilities.manhole").await;
        let mut elsewhere = town.lamp("public");
        elsewhere["place"] = json!({ "region": "371312" });
        let elsewhere = town
            .resident
            .post("/api/v1/cases", &elsewhere)
            .await
            .expect(201)
            .value();
        accept(elsewhere["receipt_no"].as_str().unwrap(), lamp).await;
        assert!(signs(&town.supervisor).await.is_empty());

        let again = town.submitted("public").await;
        assert!(
            signs(&town.supervisor).await.is_empty(),
            "what it is is certain when it is accepted"
        );
        accept(&again, lamp).await;
        assert_eq!(signs(&town.supervisor).await, one(&again, "false_closing"));
        let flag = flag(&town.supervisor).await;
        assert_eq!(shown(&flag), ["评价满意", "受理"]);
        let receipts: Vec<_> = flag["evidence"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| &one["receipt_no"])
            .collect();
        assert_eq!(receipts, [&json!(first), &json!(again)]);
        assert_eq!(
            flag["unit_name"],
            server.services.city().unit_name(UNIT),
            "who had closed it"
        );
        decide(&town.supervisor, &flag, "confirmed").await.expect(204);
        assert_eq!(ladder_of(&server, &again).await, [discipline("false_closing")]);

        server.clock.advance_minutes(61 * 24 * 60);
        let resident = server.citizen("13853900021").await;
        let late = resident
            .post("/api/v1/cases", &town.lamp("private"))
            .await
            .expect(201)
            .value();
        let clerk = server.staff(Role::Clerk, HOTLINE).await;
        let path = town::ACCEPT.replace("{receipt_no}", late["receipt_no"].as_str().unwrap());
        clerk.post(&path, &town::acceptance()).await.expect(200);
        let supervisor = server.staff(Role::HotlineSupervisor, HOTLINE).await;
        assert!(signs(&supervisor).await.is_empty(), "sixty days are over");
    });
}

#[test]
fn a_look_back_that_finds_undone_what_was_closed_as_solved_is_a_sign_of_false_closing() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let desk = server.staff(Role::MediaSupervisor, HOTLINE).await;
        town.look_back_at_once().await;
        let receipt = town.accepted("public").await;
        let why = json!({ "cause": "public_interest", "reason": "多位居民来电反映。" });
        let path = format!("/api/v1/staff/cases/{receipt}/supervision");
        town.supervisor.post(&path, &why).await.expect(200);
        let order = town.dispatch(&receipt).await;
        town.sign_for(&order).await;
        town.replied(&receipt, &order).await;
        town.rated(&receipt, 4, "yes").await;
        server.clock.advance_minutes(1);
        sweep_once(&server.services).await.unwrap();
        let seen = json!({ "finding": "undone", "note": "五盏灯都不亮。" });
        desk.post(&format!("/api/v1/staff/cases/{receipt}/look-back"), &seen)
            .await
            .expect(200);
        assert_eq!(signs(&town.supervisor).await, one(&receipt, "false_closing"));
        let flag = flag(&town.supervisor).await;
        assert_eq!(shown(&flag), ["评价满意", "回访"]);
        decide(&town.supervisor, &flag, "confirmed").await.expect(204);
        assert_eq!(highest(&server, &receipt).await, discipline("false_closing"));
    });
}

#[test]
fn a_unit_that_lets_three_orders_count_as_signed_is_flagged_once_until_somebody_decides() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let mut receipts = Vec::new();
        for _ in 0..4 {
            let receipt = town.accepted("public").await;
            town.dispatch(&receipt).await;
            receipts.push(receipt);
        }
        server.clock.advance_minutes(3 * 24 * 60);
        sweep_once(&server.services).await.unwrap();
        let supervisor = server.staff(Role::HotlineSupervisor, HOTLINE).await;
        let seen = signs(&supervisor).await;
        assert_eq!(seen.len(), 1, "{seen:?}");
        assert_eq!(seen[0].1, "unsigned");
        let flag = flag(&supervisor).await;
        assert_eq!(shown(&flag), ["视为签收"; 3]);
        assert_eq!(flag["unit_name"], server.services.city().unit_name(UNIT));
        let concerned = flag["evidence"][0]["receipt_no"].as_str().unwrap().to_owned();
        assert!(receipts.contains(&concerned));
        decide(&supervisor, &flag, "confirmed").await.expect(204);
        assert_eq!(highest(&server, &seen[0].0).await.0, "hotline", "no tier of its own");
    });
}
