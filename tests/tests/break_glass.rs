//! An administrator for an emergency: for some hours, in the trail, and in the inbox of everybody who watches.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

use api::{
    config::SecondFactorPolicy,
    usecases::staff_accounts::{break_glass::break_glass, create::NewStaffAccount},
};
use serde_json::json;
use shared::{
    contract::problem::ProblemCode,
    domain::role::{Grant, Role},
};
use system_tests::{
    authenticator::Authenticator,
    server::{STAFF_PASSWORD, TestActor, TestAnswer, TestServer, on_both, on_both_with},
    trail::audited,
};

const REASON: &str = "安全管理员都在外地，市民热线有账号被盗";

fn emergency(username: &str) -> NewStaffAccount {
    NewStaffAccount {
        username: username.to_owned(),
        display_name: "应急管理员".to_owned(),
        post: String::new(),
        unit: "3713.hotline".to_owned(),
        password: STAFF_PASSWORD.to_owned(),
        must_change_password: false,
        grants: vec![Grant::everywhere(Role::SecurityAdmin)],
        active_until: None,
    }
}

async fn sign_in(server: &TestServer) -> TestAnswer {
    let body = json!({ "username": "yingji", "password": STAFF_PASSWORD });
    server.anonymous().post("/api/v1/staff/sessions", &body).await
}

#[test]
fn it_works_for_four_hours_and_everybody_who_watches_is_told() {
    on_both(async |server: TestServer| {
        let watching = [
            server.staff(Role::SecurityAdmin, "3713.hotline").await,
            server.staff(Role::AuditAdmin, "3713.hotline").await,
        ];
        let others = [
            server.staff(Role::SystemAdmin, "3713.hotline").await,
            server.staff(Role::Clerk, "3713.hotline").await,
        ];
        let until = server.services.now().plus_minutes(4 * 60);
        break_glass(&server.services, &emergency("yingji"), until, REASON)
            .await
            .unwrap();
        let inbox = async |actor: &TestActor| actor.get("/api/v1/me/inbox").await.expect(200).value();
        for actor in &watching {
            let told = inbox(actor).await["items"][0]["body"].as_str().unwrap().to_owned();
            assert!(
                told.contains("“yingji”") && told.contains("14:00") && told.contains(REASON),
                "{told}"
            );
        }
        for actor in &others {
            assert_eq!(inbox(actor).await["items"].as_array().unwrap().len(), 0);
        }
        let admin = server.signed_in(sign_in(&server).await.expect(201).json());
        admin.get("/api/v1/staff/accounts").await.expect(200);
        let listed = admin.get("/api/v1/staff/me").await.value();
        assert_eq!(listed["active_until"], "2026-11-23T14:00:00+08:00");
        server.clock.advance_minutes(4 * 60 - 1);
        let last = server.signed_in(sign_in(&server).await.expect(201).json());
        last.get("/api/v1/staff/accounts").await.expect(200);
        server.clock.advance_minutes(1);
        let body = json!({ "refresh_token": last.tokens.as_ref().unwrap().refresh_token.reveal() });
        let refreshed = server.anonymous().post("/api/v1/sessions/refresh", &body).await;
        refreshed.expect(401).problem(ProblemCode::SessionEnded);
        sign_in(&server).await.expect(401).problem(ProblemCode::SignInFailed);
        assert!(
            audited(&server)
                .await
                .contains(&("staff_account.break_glass".into(), "done".into()))
        );
        let again = break_glass(&server.services, &emergency("yingji"), until, REASON).await;
        assert_eq!(again.unwrap_err().code, ProblemCode::AlreadyExists);
        let silent = break_glass(&server.services, &emergency("yingji.er"), until, " ").await;
        assert_eq!(silent.unwrap_err().code, ProblemCode::Invalid, "a reason is given");
    });
}

#[test]
fn it_needs_a_second_factor_like_every_administrator() {
    let administrators = |config: &mut api::config::Config| {
        config.staff.second_factor = SecondFactorPolicy::Administrators;
    };
    on_both_with(administrators, async |server: TestServer| {
        let until = server.services.now().plus_minutes(60);
        break_glass(&server.services, &emergency("yingji"), until, REASON)
            .await
            .unwrap();
        let admin = server.signed_in(sign_in(&server).await.expect(201).json());
        let refused = admin.get("/api/v1/staff/accounts").await.expect(403);
        refused.problem(ProblemCode::SecondFactorRequired);
        Authenticator::enrol(&admin, STAFF_PASSWORD).await;
        admin.get("/api/v1/staff/accounts").await.expect(200);
    });
}
