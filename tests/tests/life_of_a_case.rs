//! One case over HTTP from its submission to its closing: rated badly, redone, rated well; and one that is not redone for ever.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

use serde_json::{Value, json};
use shared::{contract::problem::ProblemCode, domain::role::Role};
use system_tests::server::{TestActor, TestServer, on_both};

const HOTLINE: &str = "3713.hotline";

/// Everybody who has a hand in the case.
struct People {
    resident: TestActor,
    handler: TestActor,
    leader: TestActor,
    reviewer: TestActor,
    receipt: String,
}

fn case(receipt: &str, act: &str) -> String {
    format!("/api/v1/staff/cases/{receipt}/{act}")
}

fn order(id: &str, act: &str) -> String {
    format!("/api/v1/staff/orders/{id}/{act}")
}

async fn own(people: &People) -> Value {
    let path = format!("/api/v1/cases/{}", people.receipt);
    people.resident.get(&path).await.expect(200).value()
}

/// A resident reports a dark road; it is accepted, dispatched, signed for and assigned.
async fn in_handling(server: &TestServer, phone: &str) -> (People, String) {
    let resident = server.citizen(phone).await;
    let region = server.services.city().regions.find("沂城街道", None, 1)[0].code.clone();
    let report = json!({
        "title": "健康路路灯不亮", "kind": "assistance", "category": "facilities.street_light",
        "text": "健康路东段的路灯有五盏不亮，上夜班的人摸黑走，已经一个星期了。",
        "place": { "region": region, "words": "健康路东段" }, "visibility": "public", "wants_push": true,
    });
    let sent = resident
        .post_once("/api/v1/cases", "report-1", &report)
        .await
        .expect(201)
        .value();
    let again = resident.post_once("/api/v1/cases", "report-1", &report).await.value();
    assert_eq!(sent["receipt_no"], again["receipt_no"]);
    let receipt = sent["receipt_no"].as_str().unwrap().to_owned();

    let clerk = server.staff(Role::Clerk, HOTLINE).await;
    let accepted = json!({ "kind": "assistance", "category": "facilities.street_light", "urgency": "routine" });
    clerk.post(&case(&receipt, "accept"), &accepted).await.expect(200);
    let dispatcher = server.staff(Role::Dispatcher, HOTLINE).await;
    let seen = dispatcher
        .get(&format!("/api/v1/staff/cases/{receipt}"))
        .await
        .expect(200)
        .value();
    let unit = seen["suggestions"][0]["lead"].as_str().unwrap().to_owned();
    let liaison = server.staff(Role::UnitLiaison, &unit).await;
    let given = dispatcher
        .post(&case(&receipt, "dispatch"), &json!({}))
        .await
        .expect(200)
        .value();
    let id = given["order_id"].as_str().unwrap().to_owned();
    liaison.post(&order(&id, "sign-for"), &json!({})).await.expect(200);
    let people = People {
        resident,
        handler: server.staff(Role::UnitHandler, &unit).await,
        leader: server.staff(Role::UnitLeader, &unit).await,
        reviewer: server.staff(Role::Reviewer, HOTLINE).await,
        receipt,
    };
    let handler = json!({ "handler": people.handler.id() });
    liaison.post(&order(&id, "assign"), &handler).await.expect(200);
    (people, id)
}

/// The handler replies, the leader signs, a reviewer releases.
async fn reply(people: &People, id: &str, text: &str) {
    let reply = json!({
        "text": text, "outcome": "resolved", "root_cause": "facility",
        "photos_before": ["a1".repeat(32)], "photos_after": ["b2".repeat(32)],
    });
    people.handler.post(&order(id, "reply"), &reply).await.expect(200);
    people
        .leader
        .post(&order(id, "reply-signature"), &json!({}))
        .await
        .expect(200);
    let released = people
        .reviewer
        .post(&case(&people.receipt, "reply-release"), &json!({}))
        .await;
    assert_eq!(released.expect(200).value()["state"], "replied");
}

async fn rate(people: &People, grade: u8, resolved: &str) -> Value {
    let path = format!("/api/v1/cases/{}/rating", people.receipt);
    let rating = json!({ "grade": grade, "resolved": resolved });
    people.resident.post(&path, &rating).await.expect(200).value()
}

/// The order of the cycle that runs now.
async fn current_order(people: &People) -> String {
    let path = format!("/api/v1/staff/cases/{}", people.receipt);
    let seen = people.handler.get(&path).await.expect(200).value();
    let orders = seen["orders"].as_array().unwrap();
    let lead = orders.iter().rev().find(|order| order["role"] == "lead").unwrap();
    lead["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_case_rated_badly_is_redone_rated_well_and_closed() {
    on_both(async |server: TestServer| {
        let (people, first) = in_handling(&server, "13853900021").await;
        let contact = json!({ "how": "phone", "note": "已和诉求人通话，今晚到现场。" });
        people
            .handler
            .post(&order(&first, "contact"), &contact)
            .await
            .expect(200);
        let progress = json!({ "text": "电缆被施工挖断，已安排抢修。", "public": true });
        people
            .handler
            .post(&order(&first, "progress"), &progress)
            .await
            .expect(200);
        server.clock.advance_minutes(10);
        reply(&people, &first, "已更换损坏的灯头三盏，全部亮灯。").await;

        let redone = rate(&people, 2, "no").await;
        assert_eq!((&redone["state"], &redone["cycle"]), (&json!("handling"), &json!(2)));
        people
            .handler
            .post(&order(&first, "progress"), &progress)
            .await
            .problem(ProblemCode::ActionNotAllowed);
        let second = current_order(&people).await;
        assert_ne!(first, second);
        reply(&people, &second, "五盏路灯的线路全部更换，连续三晚正常亮灯。").await;
        let closed = rate(&people, 5, "yes").await;
        assert_eq!((&closed["state"], &closed["cycle"]), (&json!("closed"), &json!(2)));

        let text = own(&people).await.to_string();
        assert!(
            text.contains("已更换损坏的灯头三盏") && text.contains("连续三晚"),
            "earlier texts are kept: {text}"
        );
        let path = format!("/api/v1/staff/cases/{}", people.receipt);
        let seen = people.reviewer.get(&path).await.expect(200).value();
        assert_eq!(seen["outcome"], "resolved");
        assert_eq!(seen["redo_count"], 1);
        let grades: Vec<_> = seen["ratings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|rating| rating["grade"].clone())
            .collect();
        assert_eq!(grades, [2, 5]);
        assert_eq!(
            seen["orders"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|order| order["stage"] == "finished")
                .count(),
            { seen["orders"].as_array().unwrap().len() }
        );

        let inbox = people
            .resident
            .get("/api/v1/me/inbox?limit=50")
            .await
            .expect(200)
            .value();
        let told: Vec<_> = inbox["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["topic"].as_str().unwrap())
            .collect();
        for topic in [
            "accept",
            "dispatch",
            "sign_for",
            "add_progress",
            "release_reply",
            "redo",
            "rate_satisfied",
        ] {
            assert!(told.contains(&topic), "{topic}: {told:?}");
        }
    });
}

#[test]
fn a_third_demand_is_judged_and_closed_with_an_explanation_only_by_two_people() {
    on_both(async |server: TestServer| {
        let (people, mut id) = in_handling(&server, "13853900022").await;
        for cycle in 1..=3 {
            reply(&people, &id, "路灯已经修好，请查看。").await;
            let rated = rate(&people, 1, "no").await;
            let expected = if cycle < 3 { "handling" } else { "replied" };
            assert_eq!(rated["state"], expected, "cycle {cycle}");
            id = current_order(&people).await;
        }
        let list = people
            .reviewer
            .get("/api/v1/staff/queues/judgement")
            .await
            .expect(200)
            .value();
        assert_eq!(list["items"][0]["receipt_no"], people.receipt.as_str());
        let judged = json!({ "reasonable": false, "reason": "三次现场核查路灯均正常亮灯。" });
        people
            .reviewer
            .post(&case(&people.receipt, "demand-judgement"), &judged)
            .await
            .expect(200);

        let because = json!({ "reason": "多次核查，路灯已恢复正常照明。" });
        let approval = case(&people.receipt, "close-explained-approval");
        people
            .reviewer
            .post(&approval, &because)
            .await
            .problem(ProblemCode::Forbidden);
        let supervisor = server.staff(Role::HotlineSupervisor, HOTLINE).await;
        let list = supervisor.get("/api/v1/staff/queues/closing").await.expect(200).value();
        assert_eq!(list["items"][0]["receipt_no"], people.receipt.as_str());
        let closed = supervisor.post(&approval, &because).await.expect(200).value();
        assert_eq!(closed["state"], "closed");
        let path = format!("/api/v1/staff/cases/{}", people.receipt);
        assert_eq!(supervisor.get(&path).await.expect(200).value()["outcome"], "explained");
    });
}
