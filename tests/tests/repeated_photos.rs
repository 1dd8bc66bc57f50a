//! A photograph that one request names twice: named once where it means the same, refused by its field where it cannot.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

mod town;

use serde_json::json;
use shared::contract::problem::ProblemCode;
use system_tests::server::{TestServer, on_both};
use town::Town;

#[test]
fn a_photograph_is_of_before_the_work_or_of_after_it() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.accepted("public").await;
        let order = town.dispatch(&receipt).await;
        town.sign_for(&order).await;
        let path = format!("/api/v1/staff/orders/{order}/reply");
        let mut reply = town::reply();
        reply["photos_before"] = json!(["a1".repeat(32), "c3".repeat(32)]);
        // The same picture, in other letters.
        reply["photos_after"] = json!(["b2".repeat(32), "C3".repeat(32)]);
        let refused = town.handler.post(&path, &reply).await.expect(422);
        let refused = refused.problem(ProblemCode::Invalid).value();
        assert_eq!(refused["field"], "photos_after");
        reply["photos_before"] = json!(["no hash"]);
        let refused = town.handler.post(&path, &reply).await.problem(ProblemCode::Invalid);
        assert_eq!(refused.value()["field"], "photos_before");
        reply["photos_before"] = json!(["a1".repeat(32), "A1".repeat(32)]);
        town.handler.post(&path, &reply).await.expect(200);
    });
}

#[test]
fn a_photograph_named_twice_in_a_report_or_an_addition_is_there_once() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let twice = json!(["d4".repeat(32), "d4".repeat(32), "D4".repeat(32)]);
        let mut report = town.lamp("public");
        report["photos"] = twice.clone();
        let taken = town.resident.post("/api/v1/cases", &report).await.expect(201).value();
        let receipt = taken["receipt_no"].as_str().unwrap().to_owned();
        let more = json!({ "text": "昨晚又坏了一盏。", "photos": twice });
        let path = format!("/api/v1/cases/{receipt}/additions");
        town.resident.post(&path, &more).await.expect(200);
        let joining = json!({ "text": "我家门口也不亮。", "photos": twice });
        let path = format!("/api/v1/cases/{receipt}/me-too");
        town.neighbour.post(&path, &joining).await.expect(201);
        let own = format!("/api/v1/cases/{receipt}");
        let seen = town.resident.get(&own).await.expect(200).value();
        assert_eq!(seen["photos"].as_array().unwrap().len(), 2, "one of each: {seen}");
    });
}
