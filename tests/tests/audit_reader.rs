//! Reading the audit trail: by audit administrators alone, in pages, narrowed, and itself written down.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

mod town;

use serde_json::{Value, json};
use shared::domain::role::Role;
use system_tests::server::{TestActor, TestServer, on_both};
use town::{HOTLINE, Town};

const AUDIT: &str = "/api/v1/staff/audit";

async fn read(who: &TestActor, query: &str) -> Value {
    who.get(&format!("{AUDIT}{query}")).await.expect(200).value()
}

fn acts(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| item["action"].as_str().unwrap()).collect()
}

#[test]
fn an_audit_administrator_reads_who_did_what_and_is_read_too() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.accepted("public").await;
        let auditor = server.staff(Role::AuditAdmin, HOTLINE).await;
        let of_case = read(&auditor, &format!("?case={receipt}")).await;
        assert_eq!(acts(&of_case), ["case.accept", "case.submit"], "newest first");
        let accepted = &of_case["items"][0];
        assert_eq!(accepted["object"], json!(receipt));
        assert_eq!(
            (&accepted["actor"], &accepted["actor_name"], &accepted["result"]),
            (&json!(town.clerk.id()), &json!("测试员"), &json!("done"))
        );
        let submitted = &of_case["items"][1];
        assert_eq!(submitted["actor_kind"], "person");
        assert!(submitted.get("actor_name").is_none(), "a resident has no name here");

        let newest = read(&auditor, "?limit=2").await;
        assert_eq!(newest["items"][0]["action"], "audit.read");
        assert_eq!(
            newest["items"][1]["detail"]["case"],
            json!(receipt),
            "what was looked for"
        );
    });
}

#[test]
fn the_trail_is_narrowed_and_goes_on_from_a_cursor_to_its_end() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        town.accepted("public").await;
        let auditor = server.staff(Role::AuditAdmin, HOTLINE).await;
        let mine = read(&auditor, &format!("?actor={}&action=case.accept", town.clerk.id())).await;
        assert_eq!(acts(&mine), ["case.accept"]);
        assert_eq!(acts(&read(&auditor, "?result=forbidden").await).len(), 0);
        let today = server.services.now().city_date();
        let (yesterday, tomorrow) = (today.pred_opt().unwrap(), today.succ_opt().unwrap());
        assert_eq!(acts(&read(&auditor, &format!("?until={yesterday}")).await).len(), 0);
        assert_eq!(acts(&read(&auditor, &format!("?from={tomorrow}")).await).len(), 0);
        assert!(!acts(&read(&auditor, &format!("?from={today}&until={today}")).await).is_empty());

        // What is read is written down, but behind the cursor.
        let (mut path, mut seen) = ("?limit=3".to_owned(), Vec::new());
        loop {
            let page = read(&auditor, &path).await;
            seen.extend(
                page["items"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|item| item["id"].as_str().unwrap().to_owned()),
            );
            let Some(next) = page["next"].as_str() else { break };
            path = format!("?limit=3&after={next}");
        }
        let numbers: Vec<i64> = seen.iter().map(|id| id.parse().unwrap()).collect();
        assert!(numbers.is_sorted_by(|one, next| one > next), "each once, newest first");
        assert!(numbers.len() > 10);
        for wrong in ["?after=x", "?actor=x", "?case=LY-1", "?from=1066-10-14"] {
            auditor.get(&format!("{AUDIT}{wrong}")).await.expect(422);
        }
    });
}

#[test]
fn who_may_not_read_the_trail_stands_in_it() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let system = server.staff(Role::SystemAdmin, HOTLINE).await;
        system.get(AUDIT).await.expect(403);
        town.clerk.get(&format!("{AUDIT}?actor=x")).await.expect(403);
        let auditor = server.staff(Role::AuditAdmin, HOTLINE).await;
        let refused = read(&auditor, "?action=audit.read&result=forbidden").await;
        let who: Vec<_> = refused["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| &item["actor"])
            .collect();
        assert_eq!(who, [&json!(town.clerk.id()), &json!(system.id())]);
    });
}
