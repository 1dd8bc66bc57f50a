//! The second factor of staff: enrolled by its owner, asked for in a second step, good once, replaced when the phone is lost.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

use api::config::SecondFactorPolicy;
use serde_json::{Value, json};
use shared::{
    contract::{
        problem::ProblemCode,
        session::{ChallengeView, TokensView},
    },
    domain::role::Role,
};
use system_tests::{
    authenticator::{Authenticator, STEP},
    server::{STAFF_PASSWORD, TestActor, TestAnswer, TestServer, on_both, on_both_with},
    trail::audited,
};

const SIGN_IN: &str = "/api/v1/staff/sessions";
const SECOND_STEP: &str = "/api/v1/staff/sessions/second-step";
const FACTOR: &str = "/api/v1/staff/me/second-factor";

/// The first step of whoever has a second factor.
async fn challenge(actor: &TestActor) -> String {
    let own = actor.get("/api/v1/staff/me").await.expect(200).value();
    let body = json!({ "username": own["username"], "password": STAFF_PASSWORD, "device_name": "办公室电脑" });
    let challenged: ChallengeView = actor.server.anonymous().post(SIGN_IN, &body).await.expect(202).json();
    challenged.challenge.reveal().to_owned()
}

async fn finish(server: &TestServer, challenge: &str, kind: &str, code: &str) -> TestAnswer {
    let body = json!({ "challenge": challenge, kind: code });
    server.anonymous().post(SECOND_STEP, &body).await
}

fn later(server: &TestServer, steps: i64) {
    server.clock.set(server.services.now().plus_seconds(steps * STEP));
}

#[test]
fn a_password_and_a_code_open_a_session_and_no_code_opens_two() {
    on_both(async |server: TestServer| {
        let clerk = server.staff(Role::Clerk, "hotline").await;
        let (app, codes) = Authenticator::enrol(&clerk, STAFF_PASSWORD).await;
        assert_eq!(codes.len(), 10);
        let own = clerk.get("/api/v1/staff/me").await.expect(200).value();
        assert_eq!(
            (&own["second_factor_since"], &own["recovery_codes_left"]),
            (&json!("2026-11-23T10:00:00+08:00"), &json!(10))
        );
        let note = challenge(&clerk).await;
        let refused = async |code: &str| {
            let answer = finish(&server, &note, "code", code).await;
            answer.expect(401).problem(ProblemCode::SignInFailed);
        };
        // The code that enrolled is used; so is every one before it.
        refused(&app.code(&clerk, 0)).await;
        refused(&app.code(&clerk, -1)).await;
        refused(&app.code(&clerk, 2)).await;
        let next = app.code(&clerk, 1);
        let tokens: TokensView = finish(&server, &note, "code", &next).await.expect(201).json();
        let session = server.signed_in(tokens);
        session.get("/api/v1/staff/queues").await.expect(200);
        let sessions = session.get("/api/v1/sessions").await.value();
        assert_eq!(sessions[0]["device_name"], "办公室电脑");
        refused(&next).await;
        // Whatever is wrong counts: the sixth try waits, right or not.
        later(&server, 2);
        for _ in 0..4 {
            refused(&app.code(&clerk, -2)).await;
        }
        let locked = finish(&server, &note, "code", &app.code(&clerk, 0)).await;
        locked.expect(429).problem(ProblemCode::TemporarilyLocked);
        // When the pause is over the challenge is too old.
        server.clock.advance_minutes(10);
        let late = finish(&server, &note, "code", &app.code(&clerk, 0)).await;
        late.expect(401).problem(ProblemCode::SessionEnded);
        let note = challenge(&clerk).await;
        finish(&server, &note, "code", &app.code(&clerk, -1)).await.expect(201);
        let trail = audited(&server).await;
        for act in ["second_factor.enrol", "session.password_proven", "session.second_step"] {
            assert!(trail.contains(&(act.into(), "done".into())), "{act}");
        }
        assert!(trail.contains(&("session.second_step".into(), "sign_in_failed".into())));
    });
}

#[test]
fn a_challenge_is_no_token_and_a_new_password_voids_it() {
    on_both(async |server: TestServer| {
        let clerk = server.staff(Role::Clerk, "hotline").await;
        let (app, _) = Authenticator::enrol(&clerk, STAFF_PASSWORD).await;
        let note = challenge(&clerk).await;
        let mut forged = clerk.clone();
        if let Some(tokens) = &mut forged.tokens {
            tokens.access_token = shared::contract::secret::Secret::new(&note);
        }
        forged.get("/api/v1/staff/me").await.expect(401);
        later(&server, 1);
        let change = json!({ "current_password": STAFF_PASSWORD, "password": "Linyi-Season-1" });
        clerk.post("/api/v1/staff/me/password", &change).await.expect(204);
        let void = finish(&server, &note, "code", &app.code(&clerk, 0)).await;
        void.expect(401).problem(ProblemCode::SessionEnded);
        let nothing = finish(&server, "x", "code", &app.code(&clerk, 0)).await;
        nothing.expect(401).problem(ProblemCode::SessionEnded);
        let both = json!({ "challenge": note, "code": "000000", "recovery_code": "aaaaa-aaaaa" });
        server.anonymous().post(SECOND_STEP, &both).await.expect(422);
    });
}

#[test]
fn a_recovery_code_is_good_once_and_new_ones_void_the_old() {
    on_both(async |server: TestServer| {
        let clerk = server.staff(Role::Clerk, "hotline").await;
        let (app, codes) = Authenticator::enrol(&clerk, STAFF_PASSWORD).await;
        let recover = async |code: &str| finish(&server, &challenge(&clerk).await, "recovery_code", code).await;
        let typed = codes[0].to_uppercase().replace('-', " ");
        recover(&typed).await.expect(201);
        recover(&codes[0]).await.expect(401).problem(ProblemCode::SignInFailed);
        let left = clerk.get("/api/v1/staff/me").await.value()["recovery_codes_left"].clone();
        assert_eq!(left, 9);
        later(&server, 1);
        let anew = json!({ "code": app.code(&clerk, 0) });
        let path = format!("{FACTOR}/recovery-codes");
        let new = clerk.post(&path, &anew).await.expect(201).value();
        clerk
            .post(&path, &anew)
            .await
            .expect(401)
            .problem(ProblemCode::SignInFailed);
        recover(&codes[1]).await.expect(401);
        recover(new["codes"][0].as_str().unwrap()).await.expect(201);
    });
}

#[test]
fn enrolling_needs_the_password_a_right_code_and_the_factor_so_far() {
    on_both(async |server: TestServer| {
        let clerk = server.staff(Role::Clerk, "hotline").await;
        let other = server.staff(Role::Reviewer, "hotline").await;
        let begin = async |actor: &TestActor, body: Value| actor.post(&format!("{FACTOR}/enrolments"), &body).await;
        let wrong = begin(&clerk, json!({ "current_password": "Linyi-Wrong-1" })).await;
        wrong.expect(401).problem(ProblemCode::SignInFailed);
        let started = begin(&clerk, json!({ "current_password": STAFF_PASSWORD }))
            .await
            .expect(201)
            .value();
        let app = Authenticator::scan(started["uri"].as_str().unwrap());
        let confirm = |steps| json!({ "enrolment": started["enrolment"], "code": app.code(&clerk, steps) });
        other
            .put(FACTOR, &confirm(0))
            .await
            .expect(401)
            .problem(ProblemCode::SessionEnded);
        clerk
            .put(FACTOR, &confirm(5))
            .await
            .expect(401)
            .problem(ProblemCode::SignInFailed);
        assert_eq!(
            clerk.get("/api/v1/staff/me").await.value().get("second_factor_since"),
            None
        );
        let elsewhere = json!({ "username": clerk.get("/api/v1/staff/me").await.value()["username"],
            "password": STAFF_PASSWORD });
        let elsewhere = server.anonymous().post(SIGN_IN, &elsewhere).await.expect(201).json();
        let elsewhere = server.signed_in(elsewhere);
        clerk.put(FACTOR, &confirm(0)).await.expect(200);
        elsewhere.get("/api/v1/staff/me").await.expect(401);
        clerk.get("/api/v1/staff/queues").await.expect(200);
        let inbox = clerk.get("/api/v1/me/inbox").await.expect(200).value();
        assert_eq!(inbox["items"][0]["title"], "动态口令已绑定");
        // Another phone: the password alone does not do any more.
        let alone = begin(&clerk, json!({ "current_password": STAFF_PASSWORD })).await;
        alone.expect(401).problem(ProblemCode::SignInFailed);
        let with_code = json!({ "current_password": STAFF_PASSWORD, "code": app.code(&clerk, 1) });
        let started = begin(&clerk, with_code).await.expect(201).value();
        let new_app = Authenticator::scan(started["uri"].as_str().unwrap());
        let confirm = json!({ "enrolment": started["enrolment"], "code": new_app.code(&clerk, 0) });
        clerk.put(FACTOR, &confirm).await.expect(200);
        later(&server, 2);
        let note = challenge(&clerk).await;
        finish(&server, &note, "code", &app.code(&clerk, 0)).await.expect(401);
        finish(&server, &note, "code", &new_app.code(&clerk, 0))
            .await
            .expect(201);
    });
}

#[test]
fn a_security_administrator_takes_a_lost_factor_away_but_not_the_own() {
    on_both(async |server: TestServer| {
        let admin = server.staff(Role::SecurityAdmin, "hotline").await;
        let clerk = server.staff(Role::Clerk, "hotline").await;
        Authenticator::enrol(&clerk, STAFF_PASSWORD).await;
        let path = |actor: &TestActor| format!("/api/v1/staff/accounts/{}/second-factor", actor.id());
        admin
            .delete(&path(&admin))
            .await
            .expect(403)
            .problem(ProblemCode::Forbidden);
        let name = clerk.get("/api/v1/staff/me").await.value()["username"].clone();
        admin.delete(&path(&clerk)).await.expect(204);
        clerk.get("/api/v1/staff/me").await.expect(401);
        let sign_in = json!({ "username": name, "password": STAFF_PASSWORD });
        let tokens: TokensView = server.anonymous().post(SIGN_IN, &sign_in).await.expect(201).json();
        let inbox = server
            .signed_in(tokens)
            .get("/api/v1/me/inbox")
            .await
            .expect(200)
            .value();
        assert_eq!(inbox["items"][0]["title"], "动态口令已重置");
    });
}

#[test]
fn who_must_have_a_second_factor_can_do_nothing_else_before() {
    let administrators = |config: &mut api::config::Config| {
        config.staff.second_factor = SecondFactorPolicy::Administrators;
    };
    on_both_with(administrators, async |server: TestServer| {
        let clerk = server.staff(Role::Clerk, "hotline").await;
        clerk.get("/api/v1/staff/queues").await.expect(200);
        for role in [Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin] {
            let admin = server.staff(role, "hotline").await;
            assert!(admin.tokens.as_ref().unwrap().must_enrol_second_factor);
            for path in ["/api/v1/staff/queues", "/api/v1/staff/accounts", "/api/v1/me/inbox"] {
                let refused = admin.get(path).await.expect(403);
                refused.problem(ProblemCode::SecondFactorRequired);
            }
            admin.get("/api/v1/staff/me").await.expect(200);
            Authenticator::enrol(&admin, STAFF_PASSWORD).await;
            admin.get("/api/v1/staff/queues").await.expect(200);
        }
    });
    let all = |config: &mut api::config::Config| config.staff.second_factor = SecondFactorPolicy::All;
    on_both_with(all, async |server: TestServer| {
        let clerk = server.staff(Role::Clerk, "hotline").await;
        let refused = clerk.get("/api/v1/staff/queues").await.expect(403);
        refused.problem(ProblemCode::SecondFactorRequired);
        server.citizen("13800000001").await.get("/api/v1/me").await.expect(200);
    });
}
