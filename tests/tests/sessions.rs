//! Sessions: refresh tokens and their copies, pauses and shifts, the list of one's own sessions and signing out of them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

use serde_json::json;
use shared::{
    contract::{problem::ProblemCode, session::TokensView},
    domain::role::Role,
};
use system_tests::{
    server::{TestActor, TestAnswer, TestServer, on_both},
    trail::audited,
};

const PHONE: &str = "13800000001";
const OTHER: &str = "13900000002";

async fn refresh(server: &TestServer, tokens: &TokensView) -> TestAnswer {
    let body = json!({ "refresh_token": tokens.refresh_token.reveal() });
    server.anonymous().post("/api/v1/sessions/refresh", &body).await
}

/// A resident who signs in on a device with this name, a minute after the last one.
async fn named(server: &TestServer, phone: &str, device: &str) -> TestActor {
    server.clock.advance_minutes(1);
    let visitor = server.anonymous();
    let asked = visitor.post("/api/v1/accounts/codes", &json!({ "phone": phone })).await;
    asked.expect(202);
    let code = server.latest_code(phone).await;
    let new = json!({ "phone": phone, "code": code, "device_name": device });
    let answer = visitor.post("/api/v1/accounts", &new).await;
    assert!(matches!(answer.status, 200 | 201), "{answer:?}");
    server.signed_in(answer.json())
}

#[test]
fn a_refresh_token_is_good_once_and_a_copy_ends_the_session() {
    on_both(async |server: TestServer| {
        let resident = server.citizen(PHONE).await;
        let first = resident.tokens.clone().unwrap();
        let second: TokensView = refresh(&server, &first).await.expect(201).json();
        let current = server.signed_in(second.clone());
        current.get("/api/v1/me").await.expect(200);
        server.clock.advance_minutes(14);
        current.get("/api/v1/me").await.expect(200);
        server.clock.advance_minutes(1);
        current
            .get("/api/v1/me")
            .await
            .expect(401)
            .problem(ProblemCode::SignInRequired);
        let third: TokensView = refresh(&server, &second).await.expect(201).json();
        let current = server.signed_in(third.clone());
        current.get("/api/v1/me").await.expect(200);
        refresh(&server, &first)
            .await
            .expect(401)
            .problem(ProblemCode::SessionEnded);
        current.get("/api/v1/me").await.expect(401);
        refresh(&server, &third)
            .await
            .expect(401)
            .problem(ProblemCode::SessionEnded);
        let nonsense = json!({ "refresh_token": "x" });
        server
            .anonymous()
            .post("/api/v1/sessions/refresh", &nonsense)
            .await
            .expect(401)
            .problem(ProblemCode::SessionEnded);
    });
}

#[test]
fn staff_sign_in_anew_after_twelve_hours_however_often_they_refresh() {
    on_both(async |server: TestServer| {
        let clerk = server.staff(Role::Clerk, "hotline").await;
        let mut tokens = clerk.tokens.clone().unwrap();
        for twenty_minutes in 0..36 {
            let answer = refresh(&server, &tokens).await;
            assert_eq!(answer.status, 201, "after {twenty_minutes} times twenty minutes");
            tokens = answer.json();
            server.clock.advance_minutes(20);
        }
        refresh(&server, &tokens)
            .await
            .expect(401)
            .problem(ProblemCode::SessionEnded);
    });
}

#[test]
fn staff_who_do_nothing_for_half_an_hour_sign_in_anew_and_residents_do_not() {
    on_both(async |server: TestServer| {
        let clerk = server.staff(Role::Clerk, "hotline").await.tokens.unwrap();
        let resident = server.citizen(PHONE).await.tokens.unwrap();
        server.clock.advance_minutes(29);
        let clerk: TokensView = refresh(&server, &clerk).await.expect(201).json();
        server.clock.advance_minutes(30);
        refresh(&server, &clerk)
            .await
            .expect(401)
            .problem(ProblemCode::SessionEnded);
        refresh(&server, &resident).await.expect(201);
    });
}

#[test]
fn an_answer_lost_on_the_way_costs_nobody_the_session() {
    on_both(async |server: TestServer| {
        let first = server.citizen(PHONE).await.tokens.unwrap();
        let lost: TokensView = refresh(&server, &first).await.expect(201).json();
        let again: TokensView = refresh(&server, &first).await.expect(201).json();
        server.signed_in(again.clone()).get("/api/v1/me").await.expect(200);
        let next: TokensView = refresh(&server, &again).await.expect(201).json();
        server.signed_in(next.clone()).get("/api/v1/me").await.expect(200);
        // The lost answer was not lost after all: two have tokens of one session.
        refresh(&server, &lost)
            .await
            .expect(401)
            .problem(ProblemCode::SessionEnded);
        server.signed_in(next.clone()).get("/api/v1/me").await.expect(401);
        refresh(&server, &next).await.expect(401);
        let ended = audited(&server).await;
        assert!(ended.contains(&("session.refresh".into(), "session_ended".into())));
    });
}

#[test]
fn of_many_who_trade_one_token_at_once_one_goes_on() {
    on_both(async |server: TestServer| {
        let first = server.citizen(PHONE).await.tokens.unwrap();
        let answers = futures_util::future::join_all((0..8).map(|_| refresh(&server, &first))).await;
        let given: Vec<TokensView> = answers
            .iter()
            .filter(|answer| answer.status == 201)
            .map(TestAnswer::json)
            .collect();
        assert!(
            !given.is_empty() && answers.iter().all(|answer| matches!(answer.status, 201 | 503)),
            "{answers:?}"
        );
        let mut live = 0;
        for tokens in &given {
            live += usize::from(refresh(&server, tokens).await.status == 201);
        }
        assert!(live <= 1, "{live} of {} go on", given.len());
    });
}

#[test]
fn a_person_sees_the_own_sessions_and_ends_one_of_them() {
    on_both(async |server: TestServer| {
        let here = named(&server, PHONE, "我的手机").await;
        let there = named(&server, PHONE, "单位电脑").await;
        let stranger = named(&server, OTHER, "别人的手机").await;
        let there_again: TokensView = refresh(&server, there.tokens.as_ref().unwrap())
            .await
            .expect(201)
            .json();
        let sessions = here.get("/api/v1/sessions").await.expect(200).value();
        let names: Vec<_> = sessions
            .as_array()
            .unwrap()
            .iter()
            .map(|one| &one["device_name"])
            .collect();
        assert_eq!(names, ["单位电脑", "我的手机"]);
        assert_eq!(
            (&sessions[0]["current"], &sessions[1]["current"]),
            (&json!(false), &json!(true))
        );
        assert_eq!(sessions[1]["signed_in_at"], "2026-11-23T10:01:00+08:00");
        assert_eq!(sessions[0]["last_used_at"], "2026-11-23T10:03:00+08:00");
        let path = format!("/api/v1/sessions/{}", sessions[0]["id"].as_str().unwrap());
        stranger.delete(&path).await.expect(404).problem(ProblemCode::NotFound);
        there.get("/api/v1/me").await.expect(200);
        here.delete(&path).await.expect(204);
        there.get("/api/v1/me").await.expect(401);
        refresh(&server, &there_again).await.expect(401);
        here.delete(&path).await.expect(404);
        here.get("/api/v1/me").await.expect(200);
        assert_eq!(here.get("/api/v1/sessions").await.value().as_array().unwrap().len(), 1);
        let clerk = server.staff(Role::Clerk, "hotline").await;
        let own = clerk.get("/api/v1/sessions").await.expect(200).value();
        assert_eq!((own.as_array().unwrap().len(), &own[0]["current"]), (1, &json!(true)));
    });
}

#[test]
fn signing_out_bites_at_once_here_and_everywhere() {
    on_both(async |server: TestServer| {
        let here = server.citizen(PHONE).await;
        server.clock.advance_minutes(1);
        let there = server.citizen(PHONE).await;
        server.clock.advance_minutes(1);
        let third = server.citizen(PHONE).await;
        for session in [&here, &there, &third] {
            session.get("/api/v1/me").await.expect(200);
        }
        here.delete("/api/v1/sessions/current").await.expect(204);
        here.get("/api/v1/me").await.expect(401);
        there.get("/api/v1/me").await.expect(200);
        there.delete("/api/v1/sessions").await.expect(204);
        there.get("/api/v1/me").await.expect(401);
        third.get("/api/v1/me").await.expect(401);
    });
}
