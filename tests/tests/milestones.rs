//! The steps on the way to a promised day: the unit is reminded of each and told when its day passes, the requester reads what
//! was reached, and only the promised day itself binds. On both databases.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may end where its premise fails"
)]

mod town;

use api::{
    background::sweep_once,
    database::StoreError,
    stores::clock_store::{ClockRow, list_running},
};
use serde_json::json;
use shared::{contract::problem::ProblemCode, domain::role::Role};
use system_tests::server::{TestServer, on_both};
use town::{
    Town, UNIT,
    ladder::{at, inbox},
};

/// The clocks of milestones that run.
async fn milestones(server: &TestServer, case_id: i64) -> Vec<ClockRow> {
    let readers = &server.services.database.readers;
    let running = readers.read(move |connection| list_running(connection, case_id).map_err(StoreError::from));
    let mut running = running.await.unwrap();
    running.retain(|clock| clock.kind == "milestone");
    running
}

/// A promise with two steps before the promised day; answers receipt number and order.
async fn promised(town: &Town) -> (String, String) {
    let receipt = town.accepted("public").await;
    let order = town.dispatch(&receipt).await;
    town.sign_for(&order).await;
    let of_order = |act: &str| format!("/api/v1/staff/orders/{order}/{act}");
    let handler = json!({ "handler": town.handler.id() });
    town.liaison.post(&of_order("assign"), &handler).await.expect(200);
    town.leader
        .post(&of_order("commitment"), &town.promise())
        .await
        .expect(200);
    let approve = of_order("commitment-approval");
    town.inspector.post(&approve, &json!({})).await.expect(200);
    (receipt, order)
}

#[test]
fn who_promises_is_reminded_of_each_step_and_told_when_its_day_passes_and_only_the_promised_day_binds() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let (receipt, order) = promised(&town).await;
        let case = server.services.receipts.read(&receipt).unwrap();
        let waiting = milestones(&server, case).await;
        assert_eq!(waiting.len(), 1, "the promised day has a clock already");
        assert_eq!(waiting[0].due_at, at("2026-12-14 00:00").0, "a Sunday");

        server.clock.set(at("2026-12-11 08:29"));
        assert_eq!(sweep_once(&server.services).await.unwrap().warned, 0);
        server.clock.set(at("2026-12-11 08:30"));
        assert_eq!(sweep_once(&server.services).await.unwrap().warned, 1);
        for actor in [&town.liaison, &town.handler] {
            let words = inbox(&server, actor, "due_soon").await;
            assert_eq!(words, ["承诺的节点的期限快到了，请在12月13日前完成。"]);
        }

        server.clock.set(at("2026-12-13 23:59"));
        let public = format!("/api/v1/public/cases/{receipt}");
        let steps = async || {
            let seen = server.anonymous().get(&public).await.expect(200).value();
            assert_eq!((&seen["state"], &seen["tier"]), (&json!("committed"), &json!(0)));
            seen["commitment"]["milestones"].clone()
        };
        assert_eq!(steps().await[0]["overdue"], json!(false));
        server.clock.set(at("2026-12-14 00:00"));
        let swept = sweep_once(&server.services).await.unwrap();
        assert_eq!((swept.overdue, swept.stepped, swept.opened), (1, 0, 0));
        for actor in [&town.liaison, &town.handler] {
            let words = inbox(&server, actor, "overdue").await;
            assert_eq!(words, ["承诺的节点已经超期，请马上处理。"]);
        }
        assert_eq!(steps().await[0]["overdue"], json!(true));
        assert_eq!(steps().await[1]["overdue"], json!(false));

        let handler = server.staff(Role::UnitHandler, UNIT).await;
        let report = format!("/api/v1/staff/orders/{order}/milestone");
        let reached = json!({ "milestone": 1, "text": "招标已经完成，下周进场施工。", "photos": ["c3".repeat(32)] });
        let done = handler.post(&report, &reached).await.expect(200).value();
        assert_eq!(done["state"], "committed");
        assert!(milestones(&server, case).await.is_empty());
        let seen = steps().await;
        assert_eq!(
            (&seen[0]["overdue"], &seen[0]["reached_at"]),
            (&json!(false), &json!("2026-12-14T00:00:00+08:00"))
        );
        let resident = server.citizen("13853900021").await;
        let own = resident
            .get(&format!("/api/v1/cases/{receipt}"))
            .await
            .expect(200)
            .value();
        let told = own["timeline"].to_string();
        assert!(
            told.contains("报告承诺的一个节点已经完成：招标已经完成，下周进场施工。"),
            "{told}"
        );
        let read = server.anonymous().get(&public).await.expect(200).value()["timeline"].to_string();
        assert!(
            read.contains("承诺的一个节点已经完成。") && !read.contains("招标已经完成"),
            "{read}"
        );

        for wrong in [0, 1, 3] {
            let again = json!({ "milestone": wrong, "text": "又报一次" });
            let refused = handler.post(&report, &again).await.problem(ProblemCode::Invalid);
            assert_eq!(refused.value()["reason"], "no_such_milestone", "{wrong}");
        }
        let silent = json!({ "milestone": 2, "text": " " });
        handler.post(&report, &silent).await.problem(ProblemCode::Invalid);
    });
}

#[test]
fn a_step_that_is_reached_in_time_is_not_asked_for_and_none_after_the_promise_is_kept() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let (receipt, order) = promised(&town).await;
        let case = server.services.receipts.read(&receipt).unwrap();
        let (other, kept) = promised(&town).await;
        let reached = json!({ "milestone": 1, "text": "招标已经完成。" });
        let report = format!("/api/v1/staff/orders/{order}/milestone");
        town.leader.post(&report, &reached).await.expect(200);
        assert!(milestones(&server, case).await.is_empty());
        let fulfilment = format!("/api/v1/staff/orders/{kept}/fulfilment");
        town.handler.post(&fulfilment, &town::reply()).await.expect(200);
        let other = server.services.receipts.read(&other).unwrap();
        assert!(milestones(&server, other).await.is_empty());
        server.clock.set(at("2026-12-14 00:00"));
        sweep_once(&server.services).await.unwrap();
        for topic in ["due_soon", "overdue"] {
            let words = inbox(&server, &town.handler, topic).await;
            assert!(!words.iter().any(|words| words.contains("节点")), "{words:?}");
        }
    });
}
