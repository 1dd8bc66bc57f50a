//! Staff accounts: roles and blocks bite at once, three administrators are three people, the list goes on from a cursor.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

use api::{
    access::{Actor, RequestContext},
    usecases::staff_accounts::create::{NewStaffAccount, create},
};
use serde_json::json;
use shared::{
    contract::{problem::ProblemCode, session::TokensView},
    domain::role::{Grant, Role},
};
use system_tests::server::{STAFF_PASSWORD, TestServer, on_both};

const ADMINISTRATORS: [Role; 3] = [Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin];

#[test]
fn roles_and_blocks_bite_at_once() {
    on_both(async |server: TestServer| {
        let admin = server.staff(Role::SecurityAdmin, "hotline").await;
        let other = server.staff(Role::Clerk, "hotline").await;
        let path = format!("/api/v1/staff/accounts/{}", other.id());
        other.get("/api/v1/staff/accounts").await.expect(403);
        let granted = admin
            .post(&format!("{path}/grants"), &json!({ "role": "security_admin" }))
            .await;
        let granted = granted.expect(201).value();
        other.get("/api/v1/staff/accounts").await.expect(200);
        let grants = granted["grants"].as_array().unwrap();
        let grant = grants.iter().find(|grant| grant["role"] == "security_admin").unwrap();
        let grant = format!("{path}/grants/{}", grant["id"].as_str().unwrap());
        admin.delete(&grant).await.expect(204);
        other.get("/api/v1/staff/accounts").await.expect(403);
        admin.delete(&grant).await.expect(404);
        let own = format!("/api/v1/staff/accounts/{}/grants", admin.id());
        admin.post(&own, &json!({ "role": "system_admin" })).await.expect(403);
        admin
            .post(&format!("{path}/grants"), &json!({ "role": "requester" }))
            .await
            .expect(422);
        admin.post(&format!("{path}/block"), &json!({})).await.expect(204);
        other.get("/api/v1/staff/me").await.expect(401);
        let username = admin.get(&path).await.value()["username"].as_str().unwrap().to_owned();
        let sign_in = json!({ "username": username, "password": STAFF_PASSWORD });
        server
            .anonymous()
            .post("/api/v1/staff/sessions", &sign_in)
            .await
            .expect(401);
        assert_eq!(admin.get(&path).await.value()["status"], "blocked");
    });
}

#[test]
fn a_liaison_sees_to_whom_an_order_can_be_given_and_of_no_other_unit() {
    on_both(async |server: TestServer| {
        let liaison = server.staff(Role::UnitLiaison, "3713.housing").await;
        let handler = server.staff(Role::UnitHandler, "3713.housing").await;
        let gone = server.staff(Role::UnitHandler, "3713.housing").await;
        let elsewhere = server.staff(Role::UnitHandler, "3713.water").await;
        let security = server.staff(Role::SecurityAdmin, "3713.hotline").await;
        let block = format!("/api/v1/staff/accounts/{}/block", gone.id());
        security.post(&block, &json!({})).await.expect(204);

        let people = "/api/v1/staff/units/3713.housing/people";
        for reader in [&liaison, &security] {
            let shown = reader.get(people).await.expect(200).value();
            let only = json!([{ "id": handler.id(), "name": "测试员", "role": "unit_handler", "role_name": "承办人" }]);
            assert_eq!(shown["items"], only);
        }
        for stranger in [&handler, &elsewhere] {
            stranger.get(people).await.expect(403);
        }
        liaison.get("/api/v1/staff/units/3713.water/people").await.expect(403);
        security
            .get("/api/v1/staff/units/3713.nothing/people")
            .await
            .expect(404);
    });
}

#[test]
fn the_list_of_staff_goes_on_from_a_cursor() {
    on_both(async |server: TestServer| {
        let admin = server.staff(Role::SecurityAdmin, "hotline").await;
        for _ in 0..4 {
            server.staff(Role::Clerk, "hotline").await;
        }
        let mut seen = Vec::new();
        let mut path = "/api/v1/staff/accounts?limit=2".to_owned();
        loop {
            let page = admin.get(&path).await.expect(200).value();
            seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].clone()));
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/api/v1/staff/accounts?limit=2&after={next}");
        }
        assert_eq!(seen.len(), 5);
        seen.dedup();
        assert_eq!(seen.len(), 5);
        admin.get("/api/v1/staff/accounts?after=x").await.expect(422);
        admin
            .get("/api/v1/staff/accounts?limit=x")
            .await
            .expect(400)
            .problem(ProblemCode::Malformed);
    });
}

#[test]
fn no_account_is_two_of_the_three_administrators() {
    on_both(async |server: TestServer| {
        let admin = server.staff(Role::SecurityAdmin, "hotline").await;
        for (first, second) in [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)] {
            let (first, second) = (ADMINISTRATORS[first], ADMINISTRATORS[second]);
            let both = json!({ "username": "zhou.wen", "display_name": "两头", "unit": "hotline",
                "password": "Linyi-First-1", "grants": [{ "role": first }, { "role": second }] });
            let refused = admin.post("/api/v1/staff/accounts", &both).await;
            refused.expect(422).problem(ProblemCode::Invalid);
            let one = server.staff(first, "hotline").await;
            let path = format!("/api/v1/staff/accounts/{}/grants", one.id());
            let refused = admin.post(&path, &json!({ "role": second })).await;
            assert_eq!(
                refused.expect(422).problem(ProblemCode::Invalid).value()["field"],
                "role"
            );
            // Another role beside it is no matter of separation.
            admin.post(&path, &json!({ "role": "clerk" })).await.expect(201);
        }
        let new = NewStaffAccount {
            username: "jinji".into(),
            display_name: "紧急".into(),
            post: String::new(),
            unit: "hotline".into(),
            password: STAFF_PASSWORD.into(),
            must_change_password: false,
            grants: ADMINISTRATORS.map(Grant::everywhere).to_vec(),
            active_until: None,
        };
        let by_command = create(&server.services, &RequestContext::default(), Actor::System, new).await;
        assert_eq!(
            by_command.unwrap_err().code,
            ProblemCode::Invalid,
            "the command line is bound too"
        );
    });
}

#[test]
fn a_blocked_account_is_opened_again() {
    on_both(async |server: TestServer| {
        let admin = server.staff(Role::SecurityAdmin, "hotline").await;
        let clerk = server.staff(Role::Clerk, "hotline").await;
        let path = format!("/api/v1/staff/accounts/{}", clerk.id());
        let unblock = async || admin.post(&format!("{path}/unblock"), &json!({})).await;
        unblock().await.expect(409).problem(ProblemCode::ActionNotAllowed);
        let username = admin.get(&path).await.value()["username"].clone();
        admin.post(&format!("{path}/block"), &json!({})).await.expect(204);
        unblock().await.expect(204);
        clerk.get("/api/v1/staff/me").await.expect(401);
        let sign_in = json!({ "username": username, "password": STAFF_PASSWORD });
        server
            .anonymous()
            .post("/api/v1/staff/sessions", &sign_in)
            .await
            .expect(201);
    });
}

#[test]
fn who_forgot_the_password_gets_a_first_one_again() {
    on_both(async |server: TestServer| {
        let admin = server.staff(Role::SecurityAdmin, "hotline").await;
        let system = server.staff(Role::SystemAdmin, "hotline").await;
        let auditor = server.staff(Role::AuditAdmin, "hotline").await;
        let path = |id: String| format!("/api/v1/staff/accounts/{id}/password");
        let first = json!({ "password": "Linyi-First-1" });
        admin.put(&path(admin.id()), &first).await.expect(403);
        admin.put(&path("4".into()), &first).await.expect(404);
        let plain = json!({ "password": "linyilinyi" });
        admin
            .put(&path(system.id()), &plain)
            .await
            .expect(422)
            .problem(ProblemCode::Invalid);
        let username = system.get("/api/v1/staff/me").await.value()["username"].clone();
        admin.put(&path(system.id()), &first).await.expect(204);
        system.get("/api/v1/staff/me").await.expect(401);
        let sign_in = json!({ "username": username, "password": "Linyi-First-1" });
        let tokens: TokensView = server
            .anonymous()
            .post("/api/v1/staff/sessions", &sign_in)
            .await
            .expect(201)
            .json();
        assert!(tokens.must_change_password);
        let system = server.signed_in(tokens);
        let back = json!({ "current_password": "Linyi-First-1", "password": STAFF_PASSWORD });
        let refused = system.post("/api/v1/staff/me/password", &back).await.expect(422);
        refused.problem(ProblemCode::Invalid);
        let new = json!({ "current_password": "Linyi-First-1", "password": "Linyi-Second-2" });
        system.post("/api/v1/staff/me/password", &new).await.expect(204);
        // Whoever resets an administrator's password could be him: another one watches.
        for actor in [&system, &auditor] {
            let inbox = actor.get("/api/v1/me/inbox").await.expect(200).value();
            assert_eq!(inbox["items"][0]["title"], "密码已重置");
        }
    });
}
