//! A resident changes the number: with codes to both at once, without the old one after days and a warning; nobody learns
//! from it who else has an account.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

use api::background::tend_accounts_once;
use serde_json::{Value, json};
use shared::{contract::problem::ProblemCode, domain::time::Timestamp};
use system_tests::server::{TestActor, TestAnswer, TestServer, on_both};

const OLD: &str = "13853900041";
const NEW: &str = "13853900042";
const TAKEN: &str = "13853900043";
const PASSWORD: &str = "yimeng-2026";
const PATH: &str = "/api/v1/me/phone";

/// A fresh code for the number, from the text message.
async fn code(server: &TestServer, phone: &str) -> String {
    server.clock.advance_minutes(2);
    let asked = json!({ "phone": phone, "purpose": "change_number" });
    server
        .anonymous()
        .post("/api/v1/accounts/codes", &asked)
        .await
        .expect(202);
    server.latest_code(phone).await
}

async fn change(actor: &TestActor, phone: &str, new_code: &str, owner: (&str, &str)) -> TestAnswer {
    let body = json!({ "new_phone": phone, "new_code": new_code, owner.0: owner.1 });
    actor.put(PATH, &body).await
}

async fn sign_in(server: &TestServer, phone: &str) -> TestAnswer {
    let body = json!({ "phone": phone, "password": PASSWORD });
    server.anonymous().post("/api/v1/sessions", &body).await
}

/// A resident with a password, on two devices.
async fn resident(server: &TestServer) -> (TestActor, TestActor) {
    let one = server.citizen(OLD).await;
    let code = code(server, OLD).await;
    one.put("/api/v1/me/password", &json!({ "password": PASSWORD, "code": code }))
        .await
        .expect(204);
    let other = server.signed_in(sign_in(server, OLD).await.expect(201).json());
    (one, other)
}

#[test]
fn codes_to_both_numbers_change_it_at_once_and_end_the_other_sessions() {
    on_both(async |server: TestServer| {
        let (one, other) = resident(&server).await;
        let (old_code, new_code) = (code(&server, OLD).await, code(&server, NEW).await);
        let wrong = change(&one, NEW, "000000", ("old_code", &old_code)).await;
        wrong.expect(401).problem(ProblemCode::SignInFailed);
        let changed = change(&one, NEW, &new_code, ("old_code", &old_code))
            .await
            .expect(200)
            .value();
        assert_eq!(changed, json!({ "new_phone": "138****0042", "changed": true }));
        assert_eq!(one.get("/api/v1/me").await.expect(200).value()["phone"], "138****0042");
        other.get("/api/v1/me").await.expect(401);
        sign_in(&server, OLD).await.expect(401);
        sign_in(&server, NEW).await.expect(201);
        assert!(server.texts_to(OLD).await[0].contains("已改用新的手机号"));
    });
}

#[test]
fn a_number_with_an_account_is_told_only_to_who_holds_it() {
    on_both(async |server: TestServer| {
        let (one, _) = resident(&server).await;
        server.citizen(TAKEN).await;
        let old_code = code(&server, OLD).await;
        let said = async |phone: &str| {
            let refused = change(&one, phone, "000000", ("old_code", &old_code)).await.expect(401);
            let mut words = refused.problem(ProblemCode::SignInFailed).value();
            words.as_object_mut().unwrap().remove("request_id");
            words
        };
        let codes = |phone: &str| json!({ "phone": phone, "purpose": "change_number" });
        server.clock.advance_minutes(2);
        let of_taken = server
            .anonymous()
            .post("/api/v1/accounts/codes", &codes(TAKEN))
            .await
            .expect(202);
        let of_free = server
            .anonymous()
            .post("/api/v1/accounts/codes", &codes(NEW))
            .await
            .expect(202);
        assert_eq!(of_taken.value(), of_free.value());
        assert_eq!(said(TAKEN).await, said(NEW).await);
        let (old_code, held) = (code(&server, OLD).await, code(&server, TAKEN).await);
        let refused = change(&one, TAKEN, &held, ("old_code", &old_code)).await.expect(409);
        refused.problem(ProblemCode::AlreadyExists);
        assert_eq!(one.get("/api/v1/me").await.expect(200).value()["phone"], "138****0041");
    });
}

#[test]
fn without_the_old_number_the_change_waits_and_the_old_number_is_warned() {
    on_both(async |server: TestServer| {
        let (one, _) = resident(&server).await;
        let new_code = code(&server, NEW).await;
        let wrong = change(&one, NEW, &new_code, ("password", "not-the-password")).await;
        wrong.expect(401).problem(ProblemCode::SignInFailed);
        let waits: Value = change(&one, NEW, &new_code, ("password", PASSWORD))
            .await
            .expect(200)
            .value();
        assert_eq!(waits["changed"], false);
        assert!(server.texts_to(OLD).await[0].contains("3 天后生效"));
        assert_eq!(tend_accounts_once(&server.services).await.unwrap(), 0);
        sign_in(&server, OLD).await.expect(201);
        let until: Timestamp = serde_json::from_value(waits["waits_until"].clone()).unwrap();
        server.clock.set(until);
        assert_eq!(tend_accounts_once(&server.services).await.unwrap(), 1);
        sign_in(&server, OLD).await.expect(401);
        sign_in(&server, NEW).await.expect(201);
    });
}

#[test]
fn the_owner_takes_a_waiting_change_back() {
    on_both(async |server: TestServer| {
        let (one, _) = resident(&server).await;
        let new_code = code(&server, NEW).await;
        change(&one, NEW, &new_code, ("password", PASSWORD)).await.expect(200);
        let keep = async || {
            let path = "/api/v1/me/phone/change";
            let key = [("Idempotency-Key", "keep-1")];
            one.send(reqwest::Method::DELETE, path, &key, None).await
        };
        keep().await.expect(204);
        keep().await.expect(204);
        one.delete("/api/v1/me/phone/change").await.expect(404);
        server.clock.advance_minutes(4 * 24 * 60);
        assert_eq!(tend_accounts_once(&server.services).await.unwrap(), 0);
        sign_in(&server, OLD).await.expect(201);
    });
}
