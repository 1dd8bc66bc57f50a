//! The audit trail: each act once, whoever took it and however it was asked for, and refusals that somebody may have to explain.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

mod town;

use std::collections::BTreeMap;

use api::database::{StoreError, schema::audit_records};
use diesel::prelude::*;
use serde_json::json;
use shared::contract::problem::ProblemCode;
use system_tests::server::{STAFF_PASSWORD, TestServer, on_both};
use town::{
    Town,
    life::{Player, live},
    step::Step,
};

/// Entries by act and result, of one case or of all.
async fn trail(server: &TestServer, case: Option<i64>) -> BTreeMap<String, usize> {
    let readers = &server.services.database.readers;
    let rows: Vec<(String, String, String, Option<i64>)> = readers
        .read(|connection| {
            let all = audit_records::table.select((
                audit_records::action,
                audit_records::result,
                audit_records::object_kind,
                audit_records::object_id,
            ));
            Ok::<_, StoreError>(all.load(connection)?)
        })
        .await
        .unwrap();
    let mut acts = BTreeMap::new();
    for (action, result, kind, id) in rows {
        if case.is_none() || (kind == "case" && id == case) {
            *acts.entry(format!("{action} {result}")).or_default() += 1;
        }
    }
    acts
}

#[test]
fn every_act_on_a_case_is_written_down_once() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.answered("public").await;
        town.rated(&receipt, 5, "yes").await;
        let case = server.services.receipts.read(&receipt).unwrap();
        let expected = [
            "case.accept done",
            "case.dispatch done",
            "case.rate_satisfied done",
            "case.release_reply done",
            "case.sign_for done",
            "case.sign_reply done",
            "case.submit done",
            "case.submit_reply done",
        ];
        let expected: BTreeMap<_, _> = expected.iter().map(|act| ((*act).to_owned(), 1)).collect();
        assert_eq!(trail(&server, Some(case)).await, expected);
    });
}

#[test]
fn whatever_is_done_in_the_life_of_a_case_leaves_one_entry() {
    struct Counting;
    impl Player for Counting {
        async fn play(&mut self, town: &Town, step: Step) -> system_tests::server::TestAnswer {
            let before: usize = trail(&town.server, None).await.values().sum();
            let answer = step.send(&step.actor, None).await;
            let after: usize = trail(&town.server, None).await.values().sum();
            // Marking a notice as read is nobody's act on anything but the own inbox.
            let expected = usize::from(!step.template.contains("inbox"));
            // "The same with me" opens a case and is an act on the other.
            let expected = expected + usize::from(step.template.ends_with("/me-too"));
            // The platform's own act beside it: the supervision that it gives cause for.
            let expected = expected + usize::try_from(step.entries - 1).unwrap_or(0);
            assert_eq!(after - before, expected, "{} {}", step.method, step.template);
            answer
        }
    }
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        live(&town, "public", &mut Counting).await;
    });
}

#[test]
fn a_wrong_password_given_to_change_it_leaves_a_trace() {
    on_both(async |server: TestServer| {
        let phone = "13853900041";
        let resident = server.citizen(phone).await;
        server.clock.advance_minutes(1);
        let asked = json!({ "phone": phone, "purpose": "set_password" });
        resident.post("/api/v1/accounts/codes", &asked).await.expect(202);
        let first = json!({ "password": "Yimeng-2026", "code": server.latest_code(phone).await });
        resident.put("/api/v1/me/password", &first).await.expect(204);
        let wrong = json!({ "password": "Yimeng-2027", "current_password": "Menglianggu-1" });
        let refused = resident.put("/api/v1/me/password", &wrong).await;
        refused.problem(ProblemCode::SignInFailed);
        assert_eq!(trail(&server, None).await["password.set sign_in_failed"], 1);

        let clerk = server.staff(shared::domain::role::Role::Clerk, town::HOTLINE).await;
        let wrong = json!({ "password": "Yimeng-2027-Neu", "current_password": format!("{STAFF_PASSWORD}!") });
        let refused = clerk.post("/api/v1/staff/me/password", &wrong).await;
        refused.problem(ProblemCode::SignInFailed);
        assert_eq!(trail(&server, None).await["password.set_staff sign_in_failed"], 1);
    });
}
