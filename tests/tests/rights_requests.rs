//! A resident asks about the own data; the privacy officer, and nobody else, answers in words within fifteen working days.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

use serde_json::{Value, json};
use shared::{contract::problem::ProblemCode, domain::role::Role};
use system_tests::server::{TestServer, on_both};

const PATH: &str = "/api/v1/me/rights-requests";
const QUEUE: &str = "/api/v1/staff/rights-requests";

#[test]
fn a_request_is_due_by_the_calendar_and_answered_to_the_person() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13853900031").await;
        let officer = server.staff(Role::PrivacyOfficer, "3713.hotline").await;
        let text = "我的旧地址写错了，请更正为兰山街道。";
        let asked = resident
            .post(PATH, &json!({ "kind": "correct", "text": text }))
            .await
            .expect(201)
            .value();
        // Asked on 23 November 2026; the fifteenth working day after is 14 December.
        assert_eq!(asked["due_at"], "2026-12-15T00:00:00+08:00");
        let queue = officer.get(QUEUE).await.expect(200).value();
        assert_eq!((&queue[0]["id"], &queue[0]["overdue"]), (&asked["id"], &json!(false)));
        let path = format!("{QUEUE}/{}/answer", asked["id"].as_str().unwrap());
        let answer = json!({ "outcome": "partly", "answer": "地址已更正；办理记录依法保留。" });
        officer.post(&path, &answer).await.expect(204);
        officer
            .post(&path, &answer)
            .await
            .expect(409)
            .problem(ProblemCode::Stale);
        assert_eq!(officer.get(QUEUE).await.expect(200).value(), json!([]));
        let own: Value = resident.get(PATH).await.expect(200).value();
        assert_eq!(
            (&own[0]["outcome"], &own[0]["answer"]),
            (&json!("partly"), &answer["answer"])
        );
        let inbox = resident.get("/api/v1/me/inbox").await.expect(200).value();
        assert_eq!(inbox["items"][0]["body"], answer["answer"]);
        assert_eq!(inbox["items"][0]["title"], "个人信息申请：部分办理");
    });
}

#[test]
fn what_is_late_shows_and_more_than_five_open_ones_are_refused() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13853900032").await;
        let ask = json!({ "kind": "delete", "text": "请删除我以前的照片。" });
        for _ in 0..5 {
            resident.post(PATH, &ask).await.expect(201);
        }
        resident
            .post(PATH, &ask)
            .await
            .expect(409)
            .problem(ProblemCode::ActionNotAllowed);
        let empty = json!({ "kind": "delete", "text": " " });
        resident
            .post(PATH, &empty)
            .await
            .expect(422)
            .problem(ProblemCode::Invalid);
        server.clock.advance_minutes(30 * 24 * 60);
        let officer = server.staff(Role::PrivacyOfficer, "3713.hotline").await;
        let queue = officer.get(QUEUE).await.expect(200).value();
        assert_eq!(queue.as_array().unwrap().len(), 5);
        assert!(
            queue
                .as_array()
                .unwrap()
                .iter()
                .all(|request| request["overdue"] == true)
        );
    });
}
