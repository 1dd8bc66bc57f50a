//! Who abuses the hotline is blocked for everything but an emergency, reads why, and is let in again.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

mod town;

use reqwest::Method;
use serde_json::{Value, json};
use shared::{contract::problem::ProblemCode, domain::role::Role};
use system_tests::{
    server::{TestActor, TestServer, on_both},
    trail::audited,
};
use town::Town;

const PHONE: &str = "13853900021";

fn block_of(receipt: &str) -> String {
    format!("/api/v1/staff/cases/{receipt}/requester-block")
}

fn blocked() -> Value {
    json!({ "blocked": true, "reason": "一天内多次编造险情，来电13905391234" })
}

/// A town whose resident is blocked; and the case that showed the abuse.
async fn with_a_blocked_resident(server: &TestServer) -> (Town, String) {
    let town = Town::found(server).await;
    let receipt = town.submitted("public").await;
    town.supervisor.put(&block_of(&receipt), &blocked()).await.expect(204);
    (town, receipt)
}

fn fire(town: &Town) -> Value {
    let mut report = town.lamp("public");
    report["title"] = json!("楼道里起火了");
    report["text"] = json!("三单元楼道着火，有人被困在五楼，烟很大。");
    report
}

async fn is_refused(actor: &TestActor, method: Method, path: &str, body: Value) {
    let answer = actor.send(method.clone(), path, &[], Some(body)).await;
    assert_eq!(answer.status, 403, "{method} {path}: {answer:?}");
    answer.problem(ProblemCode::AccountBlocked);
}

#[test]
fn a_blocked_resident_reports_emergencies_and_nothing_else() {
    on_both(async |server: TestServer| {
        let (town, receipt) = with_a_blocked_resident(&server).await;
        let resident = &town.resident;
        is_refused(resident, Method::POST, "/api/v1/cases", town.lamp("public")).await;
        let taken = resident.post("/api/v1/cases", &fire(&town)).await.expect(201).value();
        assert!(taken["emergency_numbers"].as_array().unwrap().contains(&json!("119")));

        let urge = format!("/api/v1/cases/{receipt}/urge");
        is_refused(resident, Method::POST, &urge, json!({})).await;
        is_refused(
            resident,
            Method::PATCH,
            "/api/v1/me",
            json!({ "display_name": "王师傅" }),
        )
        .await;
        let neighbours = town.neighbour.post("/api/v1/cases", &town.lamp("public")).await;
        let neighbours = neighbours.expect(201).value()["receipt_no"]
            .as_str()
            .unwrap()
            .to_owned();
        let me_too = format!("/api/v1/cases/{neighbours}/me-too");
        is_refused(resident, Method::POST, &me_too, json!({})).await;

        // The own cases, the notice with the reason, and the rights over the own data stay open.
        let own = resident.get("/api/v1/me/cases").await.expect(200).value();
        assert_eq!(own["items"].as_array().unwrap().len(), 2);
        resident.get(&format!("/api/v1/cases/{receipt}")).await.expect(200);
        let inbox = resident.get("/api/v1/me/inbox").await.expect(200).value().to_string();
        assert!(
            inbox.contains("多次编造险情") && !inbox.contains("13905391234"),
            "{inbox}"
        );
        let consent = json!({ "given": false });
        resident.put("/api/v1/me/consents/push", &consent).await.expect(200);
        let asked = json!({ "kind": "correct", "text": "请告诉我账号被限制的依据。" });
        resident.post("/api/v1/me/rights-requests", &asked).await.expect(201);
    });
}

#[test]
fn a_blocked_resident_signs_in_and_out() {
    on_both(async |server: TestServer| {
        let (town, _) = with_a_blocked_resident(&server).await;
        server.clock.advance_minutes(2);
        let again = server.citizen(PHONE).await;
        assert_eq!(again.id(), town.resident.id());
        server.clock.advance_minutes(2);
        let visitor = server.anonymous();
        let asked = visitor.post("/api/v1/accounts/codes", &json!({ "phone": PHONE })).await;
        asked.expect(202);
        let proof = json!({ "phone": PHONE, "code": server.latest_code(PHONE).await });
        let tokens = visitor.post("/api/v1/sessions", &proof).await.expect(201);
        let signed_in = server.signed_in(tokens.json());
        let refresh = json!({ "refresh_token": tokens.value()["refresh_token"] });
        let tokens = visitor.post("/api/v1/sessions/refresh", &refresh).await;
        assert!((200..300).contains(&tokens.status), "{tokens:?}");
        is_refused(&signed_in, Method::POST, "/api/v1/cases", town.lamp("public")).await;
        signed_in.delete("/api/v1/sessions/current").await.expect(204);
    });
}

#[test]
fn the_supervisor_blocks_with_a_reason_and_opens_the_account_again() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.accepted("public").await;
        let path = block_of(&receipt);
        for other in [&town.clerk, &town.dispatcher, &town.reviewer, &town.neighbour] {
            other.put(&path, &blocked()).await.problem(ProblemCode::Forbidden);
        }
        let security = server.staff(Role::SecurityAdmin, town::HOTLINE).await;
        assert_eq!(security.put(&path, &blocked()).await.status, 403);
        let silent = json!({ "blocked": true, "reason": " " });
        let silent = town.supervisor.put(&path, &silent).await;
        silent.problem(ProblemCode::Invalid);

        let open = json!({ "blocked": false, "reason": "核实后解除" });
        let early = town.supervisor.put(&path, &open).await;
        early.problem(ProblemCode::ActionNotAllowed);
        town.supervisor.put(&path, &blocked()).await.expect(204);
        is_refused(&town.resident, Method::POST, "/api/v1/cases", town.lamp("public")).await;
        town.supervisor.put(&path, &open).await.expect(204);
        town.submitted("public").await;

        let trail = audited(&server).await;
        let acts: Vec<_> = trail.iter().filter(|(act, _)| act.starts_with("person.")).collect();
        let done = |act: &str| (act.to_owned(), "done".to_owned());
        assert_eq!(acts, [&done("person.block"), &done("person.unblock")]);
    });
}
