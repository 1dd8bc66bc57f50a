//! Passwords of staff: the first one is changed, none lasts for ever, none comes back soon, and guessing locks nobody out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

use api::config::Config;
use reqwest::Method;
use serde_json::{Value, json};
use shared::{
    contract::{problem::ProblemCode, session::TokensView},
    domain::role::Role,
};
use system_tests::server::{STAFF_PASSWORD, TestActor, TestAnswer, TestServer, on_both, on_both_with};

const SIGN_IN: &str = "/api/v1/staff/sessions";
const OWN_PASSWORD: &str = "/api/v1/staff/me/password";

async fn username(actor: &TestActor) -> String {
    let own = actor.get("/api/v1/staff/me").await.expect(200).value();
    own["username"].as_str().unwrap().to_owned()
}

async fn change(actor: &TestActor, from: &str, to: &str) -> TestAnswer {
    actor
        .post(OWN_PASSWORD, &json!({ "current_password": from, "password": to }))
        .await
}

fn new_staff(username: &str) -> Value {
    json!({ "username": username, "display_name": "王丽", "post": "受理员", "unit": "hotline",
        "password": "Linyi-First-1", "grants": [{ "role": "clerk" }] })
}

#[test]
fn a_new_member_of_staff_chooses_a_password_before_anything_else() {
    on_both(async |server: TestServer| {
        let admin = server.staff(Role::SecurityAdmin, "hotline").await;
        let made = admin
            .post_once("/api/v1/staff/accounts", "k-1", &new_staff("Wang.Li"))
            .await;
        let made = made.expect(201).value();
        assert_eq!(
            (&made["username"], &made["must_change_password"]),
            (&json!("wang.li"), &json!(true))
        );
        let again = admin
            .post_once("/api/v1/staff/accounts", "k-1", &new_staff("Wang.Li"))
            .await;
        assert_eq!(
            again.expect(201).value()["id"],
            made["id"],
            "a repeat makes no second account"
        );
        let taken = admin.post("/api/v1/staff/accounts", &new_staff("wang.li")).await;
        taken.expect(409).problem(ProblemCode::AlreadyExists);
        let reused = admin
            .post_once("/api/v1/staff/accounts", "k-1", &new_staff("li.na"))
            .await;
        reused.expect(422).problem(ProblemCode::IdempotencyKeyReused);
        let sign_in = json!({ "username": "WANG.LI", "password": "Linyi-First-1" });
        let tokens: TokensView = server
            .anonymous()
            .post("/api/v1/staff/sessions", &sign_in)
            .await
            .expect(201)
            .json();
        assert!(tokens.must_change_password);
        let staff = server.signed_in(tokens);
        for path in ["/api/v1/staff/queues", "/api/v1/me/inbox"] {
            let answer = staff.get(path).await.expect(403);
            answer.problem(ProblemCode::PasswordChangeRequired);
        }
        let own = staff.get("/api/v1/staff/me").await.expect(200).value();
        assert_eq!(own["grants"][0]["role"], "clerk");
        let set = async |current: &str, new: &str| {
            let body = json!({ "current_password": current, "password": new });
            staff.post("/api/v1/staff/me/password", &body).await
        };
        set("Linyi-First-1", "linyilinyi")
            .await
            .expect(422)
            .problem(ProblemCode::Invalid);
        set("Linyi-First-1", "Linyi-First-1")
            .await
            .expect(422)
            .problem(ProblemCode::Invalid);
        set("Linyi-Wrong-1", "Linyi-Second-2")
            .await
            .expect(401)
            .problem(ProblemCode::SignInFailed);
        set("Linyi-First-1", "Linyi-Second-2").await.expect(204);
        assert_eq!(
            staff.get("/api/v1/staff/me").await.value()["must_change_password"],
            false
        );
    });
}

#[test]
fn a_password_lasts_ninety_days() {
    on_both(async |server: TestServer| {
        let clerk = server.staff(Role::Clerk, "hotline").await;
        let name = username(&clerk).await;
        let sign_in = async || {
            let body = json!({ "username": name, "password": STAFF_PASSWORD });
            let tokens: TokensView = server.anonymous().post(SIGN_IN, &body).await.expect(201).json();
            (tokens.must_change_password, server.signed_in(tokens))
        };
        server.clock.advance_minutes(90 * 24 * 60 - 1);
        let (must_change, clerk) = sign_in().await;
        assert!(!must_change);
        let own = clerk.get("/api/v1/staff/me").await.expect(200).value();
        assert_eq!(own["password_ends_at"], "2027-02-21T10:00:00+08:00");
        server.clock.advance_minutes(1);
        let (must_change, clerk) = sign_in().await;
        assert!(must_change);
        clerk
            .get("/api/v1/staff/queues")
            .await
            .expect(403)
            .problem(ProblemCode::PasswordChangeRequired);
        change(&clerk, STAFF_PASSWORD, "Linyi-Autumn-27").await.expect(204);
        clerk.get("/api/v1/staff/queues").await.expect(200);
    });
}

#[test]
fn the_last_five_passwords_do_not_come_back() {
    on_both(async |server: TestServer| {
        let clerk = server.staff(Role::Clerk, "hotline").await;
        let season = |number: usize| match number {
            0 => STAFF_PASSWORD.to_owned(),
            _ => format!("Linyi-Season-{number}"),
        };
        for number in 0..5 {
            change(&clerk, &season(number), &season(number + 1)).await.expect(204);
        }
        for before in 1..=5 {
            let refused = change(&clerk, &season(5), &season(before)).await.expect(422);
            assert_eq!(refused.problem(ProblemCode::Invalid).value()["field"], "password");
        }
        change(&clerk, &season(5), &season(0)).await.expect(204);
    });
}

/// A sign-in from an address of its own, as the reverse proxy tells it.
async fn from(server: &TestServer, address: &str, body: Value) -> TestAnswer {
    server
        .anonymous()
        .send(Method::POST, SIGN_IN, &[("X-Forwarded-For", address)], Some(body))
        .await
}

fn behind_a_proxy(config: &mut Config) {
    config.server.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    config.sessions.wrong_passwords_anywhere = 20;
}

#[test]
fn guessing_from_one_address_locks_that_address_alone() {
    on_both_with(behind_a_proxy, async |server: TestServer| {
        let name = username(&server.staff(Role::Clerk, "hotline").await).await;
        let with = |password: &str| json!({ "username": name, "password": password });
        for _ in 0..5 {
            let refused = from(&server, "203.0.113.7", with("Linyi-Wrong-1")).await;
            refused.expect(401).problem(ProblemCode::SignInFailed);
        }
        let locked = from(&server, "203.0.113.7", with(STAFF_PASSWORD)).await.expect(429);
        assert_eq!(locked.header("retry-after"), Some("600"));
        locked.problem(ProblemCode::TemporarilyLocked);
        from(&server, "198.51.100.9", with(STAFF_PASSWORD)).await.expect(201);
        server.clock.advance_minutes(10);
        from(&server, "203.0.113.7", with(STAFF_PASSWORD)).await.expect(201);
    });
}

#[test]
fn guessing_from_everywhere_leaves_a_known_device_open() {
    on_both_with(behind_a_proxy, async |server: TestServer| {
        let name = username(&server.staff(Role::Clerk, "hotline").await).await;
        let right =
            |device: Option<&str>| json!({ "username": name, "password": STAFF_PASSWORD, "device_token": device });
        let first: TokensView = from(&server, "198.51.100.9", right(None)).await.expect(201).json();
        let device = first.device_token.unwrap();
        for guess in 0..25 {
            let body = json!({ "username": name, "password": "Linyi-Wrong-1" });
            let status = from(&server, &format!("203.0.113.{guess}"), body).await.status;
            assert_eq!(status, if guess < 20 { 401 } else { 429 }, "guess {guess}");
        }
        let stranger = from(&server, "192.0.2.1", right(None)).await.expect(429);
        stranger.problem(ProblemCode::TemporarilyLocked);
        // A token of another account, or one that somebody made up, makes nobody known.
        for forged in ["x.y", &device.reveal()[1..]] {
            from(&server, "192.0.2.1", right(Some(forged))).await.expect(429);
        }
        let again: TokensView = from(&server, "192.0.2.1", right(Some(device.reveal())))
            .await
            .expect(201)
            .json();
        assert_eq!(
            again.device_token.as_ref(),
            Some(&device),
            "the same device is the same device"
        );
        // Who stole the device's token has five tries with it, and takes them from nobody else.
        let wrong = json!({ "username": name, "password": "Linyi-Wrong-1", "device_token": device.reveal() });
        for _ in 0..5 {
            from(&server, "203.0.113.99", wrong.clone()).await.expect(401);
        }
        from(&server, "203.0.113.99", wrong).await.expect(429);
        server.clock.advance_minutes(10);
        from(&server, "192.0.2.1", right(None)).await.expect(201);
    });
}
