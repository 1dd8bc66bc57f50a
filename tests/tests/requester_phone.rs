//! Whoever must call a requester reads the whole number against a reason; everybody else sees it masked, and each look is in the trail.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

mod town;

use api::database::{StoreError, schema::audit_records};
use diesel::prelude::*;
use serde_json::json;
use shared::{contract::problem::ProblemCode, domain::role::Role};
use system_tests::server::{TestServer, on_both};
use town::Town;

fn phone_of(receipt: &str) -> String {
    format!("/api/v1/staff/cases/{receipt}/requester-phone")
}

async fn looks(server: &TestServer) -> Vec<(String, String)> {
    let readers = &server.services.database.readers;
    let rows = |connection: &mut api::database::DbConnection| {
        let acts = audit_records::table.filter(audit_records::action.eq("case.read_phone"));
        let columns = (audit_records::result, audit_records::detail);
        Ok::<_, StoreError>(acts.order(audit_records::id).select(columns).load(connection)?)
    };
    readers.read(rows).await.unwrap()
}

#[test]
fn the_hotline_and_the_unit_that_holds_the_case_read_the_number_and_say_why() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.accepted("public").await;
        let why = json!({ "reason": "核实路灯的具体位置" });
        let path = phone_of(&receipt);
        for hotline in [&town.clerk, &town.follow_up] {
            let answer = hotline.post(&path, &why).await.expect(200);
            assert_eq!(answer.value()["phone"], "+8613853900021");
        }
        town.handler.post(&path, &why).await.problem(ProblemCode::NotFound);
        town.dispatch(&receipt).await;
        for unit in [&town.liaison, &town.handler, &town.leader] {
            unit.post(&path, &why).await.expect(200);
        }
        let typed = json!({ "reason": "他留了另一个号码13905391234，打不通" });
        town.handler.post(&path, &typed).await.expect(200);
        let looks = looks(&server).await;
        assert_eq!(looks.len(), 6);
        assert!(looks[0].1.contains("核实路灯的具体位置"), "{looks:?}");
        assert!(
            looks
                .iter()
                .all(|(result, detail)| result == "done" && !detail.contains("13905391234")),
            "{looks:?}"
        );
        let seen = town
            .clerk
            .get(&format!("/api/v1/staff/cases/{receipt}"))
            .await
            .expect(200);
        assert!(
            !seen.value().to_string().contains("13853900021"),
            "the case itself goes on masking it"
        );
    });
}

#[test]
fn nobody_else_reads_it_and_nobody_without_a_reason() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.accepted("public").await;
        town.dispatch(&receipt).await;
        let (path, why) = (phone_of(&receipt), json!({ "reason": "想问一下情况" }));
        for other in [&town.dispatcher, &town.reviewer, &town.moderator, &town.supervisor] {
            other.post(&path, &why).await.problem(ProblemCode::Forbidden);
        }
        let elsewhere = server.staff(Role::UnitHandler, "3713.civil").await;
        elsewhere.post(&path, &why).await.problem(ProblemCode::NotFound);
        town.neighbour.post(&path, &why).await.problem(ProblemCode::Forbidden);
        server
            .anonymous()
            .post(&path, &why)
            .await
            .problem(ProblemCode::SignInRequired);
        for reason in ["", "  查  ", &"问".repeat(201)] {
            let refused = town.clerk.post(&path, &json!({ "reason": reason })).await;
            refused.problem(ProblemCode::Invalid);
        }
        // Who reaches the case and was refused is in the trail as well.
        let looks = looks(&server).await;
        assert_eq!(looks.len(), 4);
        assert!(looks.iter().all(|(result, _)| result == "forbidden"), "{looks:?}");
    });
}

#[test]
fn of_a_confidential_case_the_unit_learns_nothing() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.accepted("confidential").await;
        town.dispatch(&receipt).await;
        let (path, why) = (phone_of(&receipt), json!({ "reason": "联系来电人核实" }));
        town.handler.post(&path, &why).await.problem(ProblemCode::Forbidden);
        town.leader.post(&path, &why).await.problem(ProblemCode::Forbidden);
        town.clerk.post(&path, &why).await.expect(200);
    });
}
