//! Residents' accounts: codes, registering, passwords, consents and devices. Sessions and staff have files of their own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

use api::{clock::Clock, config::Config};
use reqwest::Method;
use serde_json::{Value, json};
use shared::contract::{problem::ProblemCode, session::TokensView};
use system_tests::{
    server::{TestActor, TestServer, on_both, on_both_with, on_sqlite_with},
    trail::audited,
};

const PHONE: &str = "13800000001";
const OTHER: &str = "13900000002";

async fn ask_code(server: &TestServer, phone: &str) -> String {
    server.clock.advance_minutes(1);
    let asked = json!({ "phone": phone });
    server
        .anonymous()
        .post("/api/v1/accounts/codes", &asked)
        .await
        .expect(202);
    server.latest_code(phone).await
}

#[test]
fn a_resident_registers_with_a_code_and_the_number_is_only_ever_shown_masked() {
    on_both(async |server: TestServer| {
        let visitor = server.anonymous();
        let code = ask_code(&server, "+86 138-0000-0001").await;
        let new = json!({ "phone": PHONE, "code": code, "display_name": " 罗师傅 ", "consents": ["handling", "push"] });
        let answer = visitor.post("/api/v1/accounts", &new).await.expect(201);
        let resident = server.signed_in(answer.json());
        let profile = resident.get("/api/v1/me").await.expect(200);
        assert_eq!(profile.header("etag"), Some("\"1\""));
        assert_eq!(profile.header("cache-control"), Some("no-store"));
        let profile = profile.value();
        assert_eq!(profile["phone"], "138****0001");
        assert_eq!(profile["display_name"], "罗师傅");
        assert_eq!(profile["registered_at"], "2026-11-23T10:01:00+08:00");
        let consents = resident.get("/api/v1/me/consents").await.value();
        let given: Vec<_> = consents
            .as_array()
            .unwrap()
            .iter()
            .filter(|consent| consent["given"] == true)
            .map(|consent| consent["purpose"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(given, ["handling", "push"]);
        visitor
            .post("/api/v1/accounts", &new)
            .await
            .expect(401)
            .problem(ProblemCode::SignInFailed);
        let code = ask_code(&server, PHONE).await;
        let again = json!({ "phone": PHONE, "code": code, "display_name": "别人" });
        let known: TokensView = visitor.post("/api/v1/accounts", &again).await.expect(200).json();
        assert_eq!(known.account_id.to_string(), resident.id());
        assert_eq!(resident.get("/api/v1/me").await.value()["display_name"], "罗师傅");
    });
}

#[test]
fn nothing_in_the_database_holds_the_number_the_code_or_a_token_in_clear() {
    on_sqlite_with(
        |_| {},
        async |server: TestServer| {
            let code = ask_code(&server, PHONE).await;
            let new = json!({ "phone": PHONE, "code": code });
            let tokens: TokensView = server.anonymous().post("/api/v1/accounts", &new).await.json();
            let mut found = Vec::new();
            for entry in std::fs::read_dir(&server.services.config.data).unwrap() {
                let path = entry.unwrap().path();
                if path.is_file() {
                    found.extend(std::fs::read(path).unwrap());
                }
            }
            let holds = |text: &str| found.windows(text.len()).any(|window| window == text.as_bytes());
            assert!(holds("account.register"), "the files are the database's");
            assert!(!holds(PHONE));
            assert!(!holds(tokens.refresh_token.reveal()) && !holds(tokens.access_token.reveal()));
            assert!(!holds(&format!("验证码是 {code}")));
        },
    );
}

#[test]
fn a_code_is_for_one_number_lives_five_minutes_and_five_tries_and_is_used_once() {
    on_both(async |server: TestServer| {
        let visitor = server.anonymous();
        let refused = async |phone: &str, code: &str| {
            visitor
                .post("/api/v1/accounts", &json!({ "phone": phone, "code": code }))
                .await
                .expect(401)
                .problem(ProblemCode::SignInFailed);
        };
        let code = ask_code(&server, PHONE).await;
        refused(OTHER, &code).await;
        let wrong = if code == "000000" { "000001" } else { "000000" };
        for _ in 0..5 {
            refused(PHONE, wrong).await;
        }
        refused(PHONE, &code).await;
        let code = ask_code(&server, PHONE).await;
        server.clock.advance_minutes(5);
        refused(PHONE, &code).await;
        let older = ask_code(&server, PHONE).await;
        let newer = ask_code(&server, PHONE).await;
        if older != newer {
            refused(PHONE, &older).await;
        }
        visitor
            .post("/api/v1/accounts", &json!({ "phone": PHONE, "code": newer }))
            .await
            .expect(201);
    });
}

#[test]
fn asking_for_codes_is_limited_and_never_tells_whether_a_number_is_known() {
    on_both(async |server: TestServer| {
        server.citizen(PHONE).await;
        let visitor = server.anonymous();
        server.clock.advance_minutes(24 * 60);
        let mut answers = Vec::new();
        for phone in [PHONE, OTHER] {
            let mut seen = Vec::new();
            for _ in 0..8 {
                let answer = visitor.post("/api/v1/accounts/codes", &json!({ "phone": phone })).await;
                let mut body = answer.value();
                if let Some(body) = body.as_object_mut() {
                    body.remove("request_id");
                }
                seen.push((answer.status, answer.header("retry-after").map(str::to_owned), body));
                server.clock.advance_minutes(1);
            }
            server.clock.advance_minutes(52);
            answers.push(seen);
        }
        assert_eq!(answers[0], answers[1]);
        let statuses: Vec<_> = answers[0].iter().map(|(status, ..)| *status).collect();
        assert_eq!(statuses, [202, 202, 202, 202, 202, 429, 429, 429]);
        assert_eq!(answers[0][5].1.as_deref(), Some("3300"), "until the hour is over");
        let twice = json!({ "phone": "13700000003" });
        visitor.post("/api/v1/accounts/codes", &twice).await.expect(202);
        let refused = visitor.post("/api/v1/accounts/codes", &twice).await.expect(429);
        assert_eq!(refused.header("retry-after"), Some("60"));
        refused.problem(ProblemCode::TooManyAttempts);
        for wrong in ["", "12345", "0539-8312345"] {
            let refused = visitor.post("/api/v1/accounts/codes", &json!({ "phone": wrong })).await;
            assert_eq!(
                refused.expect(422).problem(ProblemCode::Invalid).value()["field"],
                "phone"
            );
        }
    });
}

#[test]
fn an_address_that_asks_for_too_many_numbers_has_to_wait() {
    let few = |config: &mut Config| config.codes.address_hourly = 3;
    on_both_with(few, async |server: TestServer| {
        let visitor = server.anonymous();
        for number in 0..3 {
            let asked = json!({ "phone": format!("1380000100{number}") });
            visitor.post("/api/v1/accounts/codes", &asked).await.expect(202);
        }
        let asked = json!({ "phone": "13800001009" });
        visitor
            .post("/api/v1/accounts/codes", &asked)
            .await
            .expect(429)
            .problem(ProblemCode::TooManyAttempts);
    });
}

async fn with_password(server: &TestServer, phone: &str, password: &str) -> TestActor {
    let code = ask_code(server, phone).await;
    let new = json!({ "phone": phone, "code": code, "password": password });
    let answer = server.anonymous().post("/api/v1/accounts", &new).await.expect(201);
    server.signed_in(answer.json())
}

#[test]
fn five_wrong_passwords_pause_password_sign_in_and_leave_the_code_open() {
    on_both(async |server: TestServer| {
        with_password(&server, PHONE, "yimeng2026").await;
        let visitor = server.anonymous();
        let try_password = async |phone: &str, password: &str| {
            visitor
                .post("/api/v1/sessions", &json!({ "phone": phone, "password": password }))
                .await
        };
        try_password(PHONE, "yimeng2026").await.expect(201);
        for phone in [PHONE, OTHER] {
            for _ in 0..5 {
                try_password(phone, "yimeng2027")
                    .await
                    .expect(401)
                    .problem(ProblemCode::SignInFailed);
            }
            let locked = try_password(phone, "yimeng2026").await.expect(429);
            assert_eq!(locked.header("retry-after"), Some("600"));
            locked.problem(ProblemCode::TemporarilyLocked);
        }
        let code = ask_code(&server, PHONE).await;
        visitor
            .post("/api/v1/sessions", &json!({ "phone": PHONE, "code": code }))
            .await
            .expect(201);
        server.clock.advance_minutes(10);
        try_password(PHONE, "yimeng2026").await.expect(201);
        let trail = audited(&server).await;
        let refused = |code: &str| {
            trail
                .iter()
                .filter(|(action, result)| action == "session.sign_in" && result == code)
                .count()
        };
        assert_eq!((refused("sign_in_failed"), refused("temporarily_locked")), (10, 2));
    });
}

#[test]
fn a_profile_changes_under_its_version() {
    on_both(async |server: TestServer| {
        let resident = server.citizen(PHONE).await;
        let change = async |version: &str, name: &str| {
            let body = Some(json!({ "display_name": name }));
            resident
                .send(Method::PATCH, "/api/v1/me", &[("If-Match", version)], body)
                .await
        };
        let changed = change("\"1\"", "沂水李姐").await.expect(200);
        assert_eq!(changed.header("etag"), Some("\"2\""));
        change("\"1\"", "别人")
            .await
            .expect(412)
            .problem(ProblemCode::VersionMismatch);
        change("2", "别人").await.expect(422).problem(ProblemCode::Invalid);
        change("\"2\"", &"长".repeat(41))
            .await
            .expect(422)
            .problem(ProblemCode::Invalid);
        assert_eq!(change("\"2\"", " ").await.expect(200).value().get("display_name"), None);
    });
}

#[test]
fn a_password_needs_a_code_or_the_one_so_far_and_ends_other_sessions() {
    on_both(async |server: TestServer| {
        let resident = server.citizen(PHONE).await;
        server.clock.advance_minutes(1);
        let elsewhere = server.citizen(PHONE).await;
        let set = async |body: Value| resident.put("/api/v1/me/password", &body).await;
        let refused = async |body: Value| set(body).await.expect(422).problem(ProblemCode::Invalid);
        // A session alone makes no key of its own, and there is no password yet that could prove anything.
        refused(json!({ "password": "yimeng2026" })).await;
        let guessed = json!({ "password": "yimeng2026", "current_password": "" });
        set(guessed).await.expect(401).problem(ProblemCode::SignInFailed);
        let code = ask_code(&server, PHONE).await;
        refused(json!({ "password": "12345678", "code": code })).await;
        refused(json!({ "password": "a13800000001", "code": code })).await;
        refused(json!({ "password": "yimeng2026", "code": code, "current_password": "yimeng2025" })).await;
        set(json!({ "password": "yimeng2026", "code": code })).await.expect(204);
        elsewhere.get("/api/v1/me").await.expect(401);
        resident.get("/api/v1/me").await.expect(200);
        refused(json!({ "password": "yimeng2027" })).await;
        let wrong = json!({ "password": "yimeng2027", "current_password": "yimeng2025" });
        set(wrong).await.expect(401).problem(ProblemCode::SignInFailed);
        set(json!({ "password": "yimeng2027", "current_password": "yimeng2026" }))
            .await
            .expect(204);
        let code = ask_code(&server, PHONE).await;
        set(json!({ "password": "yimeng2028", "code": code })).await.expect(204);
        let sign_in = json!({ "phone": PHONE, "password": "yimeng2028" });
        server.anonymous().post("/api/v1/sessions", &sign_in).await.expect(201);
    });
}

#[test]
fn consents_are_given_and_withdrawn_one_by_one_under_the_wording_that_was_read() {
    on_both(async |server: TestServer| {
        let resident = server.citizen(PHONE).await;
        let set =
            async |purpose: &str, body: Value| resident.put(&format!("/api/v1/me/consents/{purpose}"), &body).await;
        let of = |all: &Value, purpose: &str| {
            let all = all.as_array().unwrap();
            all.iter()
                .find(|consent| consent["purpose"] == purpose)
                .unwrap()
                .clone()
        };
        let before = of(&resident.get("/api/v1/me/consents").await.value(), "push");
        assert_eq!(before["given"], false);
        let version = before["wording_version"].as_str().unwrap();
        let given = set("push", json!({ "given": true, "wording_version": version }))
            .await
            .expect(200);
        let given = of(&given.value(), "push");
        assert_eq!(
            (&given["given"], &given["given_version"]),
            (&json!(true), &json!(version))
        );
        assert_eq!(given["given_at"], "2026-11-23T10:00:00+08:00");
        let stale = set("push", json!({ "given": true, "wording_version": "2020" })).await;
        stale.expect(409).problem(ProblemCode::Stale);
        let withdrawn = set("push", json!({ "given": false })).await.expect(200).value();
        assert_eq!(of(&withdrawn, "push")["given"], false);
        set("everything", json!({ "given": true }))
            .await
            .expect(404)
            .problem(ProblemCode::NotFound);
        let trail = audited(&server).await;
        assert!(trail.contains(&("consent.give".into(), "done".into())));
        assert!(trail.contains(&("consent.withdraw".into(), "done".into())));
    });
}

#[test]
fn a_device_belongs_to_who_registered_it_last_and_only_the_owner_removes_it() {
    on_both(async |server: TestServer| {
        let one = server.citizen(PHONE).await;
        let other = server.citizen(OTHER).await;
        let device = json!({ "provider": "fcm", "token": "token-of-one-phone" });
        let first = one.put("/api/v1/me/devices", &device).await.expect(200).value();
        assert_eq!(one.put("/api/v1/me/devices", &device).await.value()["id"], first["id"]);
        let path = format!("/api/v1/me/devices/{}", first["id"].as_str().unwrap());
        other.delete(&path).await.expect(404).problem(ProblemCode::NotFound);
        other.put("/api/v1/me/devices", &device).await.expect(200);
        one.delete(&path).await.expect(404);
        other.delete(&path).await.expect(204);
        other.delete(&path).await.expect(404);
        let wrong = json!({ "provider": "fcm", "token": "" });
        one.put("/api/v1/me/devices", &wrong)
            .await
            .expect(422)
            .problem(ProblemCode::Invalid);
    });
}

#[test]
fn whatever_the_server_refuses_it_refuses_in_one_form() {
    on_sqlite_with(
        |config| config.server.largest_body = 1000,
        async |server: TestServer| {
            let visitor = server.anonymous();
            visitor
                .get("/api/v1/nothing")
                .await
                .expect(404)
                .problem(ProblemCode::NotFound);
            let wrong = visitor.delete("/api/v1/me").await.expect(405);
            assert_eq!(wrong.header("allow"), Some("GET, PATCH"));
            wrong.problem(ProblemCode::MethodNotAllowed);
            let large = json!({ "phone": "1".repeat(2000) });
            let large = visitor.post("/api/v1/accounts/codes", &large).await;
            large.expect(413).problem(ProblemCode::BodyTooLarge);
            let missing = visitor.post("/api/v1/accounts/codes", &json!({})).await;
            let detail = missing.expect(400).problem(ProblemCode::Malformed).value()["detail"].clone();
            assert!(detail.as_str().unwrap().contains("phone"), "{detail}");
            let none = visitor.send(Method::POST, "/api/v1/accounts/codes", &[], None).await;
            none.expect(415).problem(ProblemCode::UnsupportedMediaType);
            let forged = visitor
                .send(Method::GET, "/api/v1/me", &[("Authorization", "Bearer a.b.c")], None)
                .await;
            assert_eq!(forged.header("www-authenticate"), Some("Bearer"));
            forged.expect(401).problem(ProblemCode::SignInRequired);
            let named = visitor
                .send(Method::GET, "/healthz", &[("X-Request-Id", "abc-12345")], None)
                .await
                .expect(204);
            assert_eq!(named.header("x-request-id"), Some("abc-12345"));
            assert_eq!(named.header("x-content-type-options"), Some("nosniff"));
            let odd = visitor
                .send(Method::GET, "/healthz", &[("X-Request-Id", "a b")], None)
                .await;
            assert_ne!(odd.header("x-request-id"), Some("a b"));
            visitor.get("/readyz").await.expect(204);
            assert_eq!(server.services.now(), server.clock.now());
        },
    );
}
