//! Somebody without an account looks a case up: with the receipt number and a code to the phone that was given with it, read
//! only, for a few minutes; nobody learns from the answers which numbers belong together.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

mod town;

use reqwest::Method;
use serde_json::{Value, json};
use shared::contract::problem::ProblemCode;
use system_tests::server::{TestAnswer, TestServer, on_both};
use town::Town;

const PHONE: &str = "13853900021";
const STRANGER: &str = "13853900099";
const LOOKUPS: &str = "/api/v1/lookups";
const CODES: &str = "/api/v1/lookups/codes";

async fn show(server: &TestServer, token: &str) -> TestAnswer {
    let header = [("Lookup-Token", token)];
    server
        .anonymous()
        .send(Method::GET, "/api/v1/lookups/case", &header, None)
        .await
}

fn without_id(answer: &TestAnswer) -> Value {
    let mut value = answer.value();
    value.as_object_mut().unwrap().remove("request_id");
    value
}

#[test]
fn the_phone_that_was_given_opens_the_one_case_for_a_while() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.submitted("private").await;
        let other = town.submitted("private").await;
        let visitor = server.anonymous();
        let named = json!({ "receipt_no": receipt, "phone": PHONE });
        visitor.post(CODES, &named).await.expect(202);
        let code = server.latest_code(PHONE).await;
        assert!(server.texts_to(PHONE).await[0].contains("诉求查询验证码"));

        let elsewhere = json!({ "receipt_no": other, "phone": PHONE, "code": code });
        visitor
            .post(LOOKUPS, &elsewhere)
            .await
            .expect(401)
            .problem(ProblemCode::SignInFailed);
        let sign_in = json!({ "phone": PHONE, "code": code });
        visitor.post("/api/v1/sessions", &sign_in).await.expect(401);

        let right = json!({ "receipt_no": receipt, "phone": PHONE, "code": code });
        let opened = visitor.post(LOOKUPS, &right).await.expect(201).value();
        assert_eq!(opened["case"]["receipt_no"], json!(receipt));
        assert_eq!(opened["case"]["allowed_actions"], json!([]));
        visitor
            .post(LOOKUPS, &right)
            .await
            .expect(401)
            .problem(ProblemCode::SignInFailed);

        let token = opened["token"].as_str().unwrap();
        assert_eq!(show(&server, token).await.expect(200).value(), opened["case"]);
        let bearer = [("Authorization", format!("Bearer {token}"))];
        let bearer: Vec<(&str, &str)> = bearer.iter().map(|(name, value)| (*name, value.as_str())).collect();
        visitor.send(Method::GET, "/api/v1/me", &bearer, None).await.expect(401);
        server.clock.advance_minutes(11);
        show(&server, token)
            .await
            .expect(401)
            .problem(ProblemCode::SignInRequired);
    });
}

#[test]
fn wrong_numbers_and_unknown_receipts_are_answered_alike_and_send_nothing() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.submitted("private").await;
        let unknown = server.services.receipts.write(server.services.next_id());
        let visitor = server.anonymous();
        let right = visitor
            .post(CODES, &json!({ "receipt_no": receipt, "phone": PHONE }))
            .await
            .expect(202);
        for (receipt_no, phone) in [(receipt.as_str(), STRANGER), (&unknown, PHONE), ("不是编号", STRANGER)] {
            let asked = visitor
                .post(CODES, &json!({ "receipt_no": receipt_no, "phone": phone }))
                .await
                .expect(202);
            assert_eq!(asked.value(), right.value(), "{receipt_no}");
        }
        assert!(server.texts_to(STRANGER).await.is_empty());
        let sent = server.texts_to(PHONE).await;
        assert_eq!(sent.iter().filter(|text| text.contains("诉求查询")).count(), 1);
        let said = async |receipt_no: &str, phone: &str| {
            let tried = json!({ "receipt_no": receipt_no, "phone": phone, "code": "000000" });
            without_id(&visitor.post(LOOKUPS, &tried).await.expect(401))
        };
        let wrong_code = said(&receipt, PHONE).await;
        assert_eq!(said(&receipt, STRANGER).await, wrong_code);
        assert_eq!(said(&unknown, PHONE).await, wrong_code);
    });
}

#[test]
fn asking_and_trying_are_limited() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.submitted("private").await;
        let visitor = server.anonymous();
        let named = json!({ "receipt_no": receipt, "phone": PHONE });
        visitor.post(CODES, &named).await.expect(202);
        visitor
            .post(CODES, &named)
            .await
            .expect(429)
            .problem(ProblemCode::TooManyAttempts);
        let tried = json!({ "receipt_no": receipt, "phone": PHONE, "code": "000000" });
        let mut refusals = Vec::new();
        for _ in 0..=server.services.config.codes.number_hourly {
            refusals.push(visitor.post(LOOKUPS, &tried).await.status);
        }
        assert_eq!(refusals.last(), Some(&429));
        assert!(refusals[..refusals.len() - 1].iter().all(|status| *status == 401));
        let mine = json!({ "receipt_no": receipt, "phone": PHONE });
        assert_eq!(town.resident.get("/api/v1/me").await.status, 200, "{mine}");
    });
}
