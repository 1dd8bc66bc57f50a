//! What an administrator is told about a change of limits, tiers or duties before it is saved: how many open cases it concerns
//! and how; and that looking changes nothing; on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may end where its premise fails"
)]

mod town;

use std::collections::BTreeMap;

use api::{
    city::{CityKind, shipped, versions},
    database::StoreError,
    stores::{
        case_store::get_case,
        clock_store::{ClockRow, list_running},
    },
};
use serde_json::{Value, json};
use shared::{
    contract::problem::ProblemCode,
    domain::{role::Role, time::Timestamp},
};
use system_tests::server::{TestActor, TestServer, on_both};
use town::{HOTLINE, Town, UNIT};

const PREVIEW: &str = "/api/v1/admin/city-data/preview";

/// City time, as `2026-11-27 09:00`.
fn at(text: &str) -> Timestamp {
    serde_json::from_str(&format!("\"{}:00+08:00\"", text.replace(' ', "T"))).unwrap()
}

/// The shipped document with other words in it, each of which must be there.
fn edited(kind: CityKind, words: &[(&str, &str)]) -> String {
    let mut text = shipped::contents()[&kind].clone();
    for (from, to) in words {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    text
}

async fn looked_at(admin: &TestActor, kind: &str, content: &str) -> Value {
    let asked = json!({ "kind": kind, "content": content });
    admin.post(PREVIEW, &asked).await.expect(200).value()
}

/// The versions in force by kind, with the id of the newest.
async fn stored(server: &TestServer) -> (i64, BTreeMap<CityKind, String>) {
    let stored = versions::read_stored(&server.services.database).await.unwrap();
    let versions = stored.versions.into_iter().map(|(kind, row)| (kind, row.version));
    (stored.newest, versions.collect())
}

async fn standing(server: &TestServer, receipt: &str) -> (i64, Option<i64>, Vec<ClockRow>) {
    let id = server.services.receipts.read(receipt).unwrap();
    let readers = &server.services.database.readers;
    readers
        .read(move |connection| {
            let case = get_case(connection, id)?;
            Ok::<_, StoreError>((case.version, case.due_at, list_running(connection, id)?))
        })
        .await
        .unwrap()
}

fn of_clock(told: &Value, clock: &str) -> Value {
    let limits = told["limits"].as_array().unwrap();
    let found = limits
        .iter()
        .find(|limit| limit["clock"] == clock && limit["urgency"] == "routine");
    found.unwrap_or_else(|| panic!("no {clock} in {told}")).clone()
}

#[test]
fn a_new_policy_tells_whose_limits_it_would_give_and_who_would_be_late_and_moves_nothing() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let admin = server.staff(Role::SystemAdmin, HOTLINE).await;
        let mut receipts = Vec::new();
        for _ in 0..3 {
            receipts.push(town.accepted("public").await);
        }
        for receipt in &receipts[..2] {
            town.dispatch(receipt).await;
        }
        for _ in 0..2 {
            town.submitted("public").await;
        }
        let asked = town.submitted("public").await;
        let question = json!({ "question": "是哪一段路？" });
        let ask = format!("/api/v1/staff/cases/{asked}/ask-information");
        town.clerk.post(&ask, &question).await.expect(200);
        let shorter = edited(
            CityKind::Deadlines,
            &[
                ("shandong-2026.1", "shandong-2026.2"),
                (
                    "[limits.handle]\nall = { emergency = \"24h\", livelihood = \"24h\", routine = \"5wd\" }",
                    "[limits.handle]\nall = { emergency = \"24h\", livelihood = \"24h\", routine = \"3wd\" }",
                ),
                (
                    "[limits.accept]\nall = { emergency = \"15min\", livelihood = \"1h\", routine = \"1wd\" }",
                    "[limits.accept]\nall = { emergency = \"15min\", livelihood = \"1h\", routine = \"4wh\" }",
                ),
                (
                    "[limits.information]\nall = { routine = \"5wd\" }",
                    "[limits.information]\nall = { routine = \"none\" }",
                ),
            ],
        );
        let versions = stored(&server).await;
        let before = standing(&server, &receipts[0]).await;
        let told = looked_at(&admin, "deadlines", &shorter).await;
        assert_eq!(
            (&told["before"], &told["after"]),
            (&json!("shandong-2026.1"), &json!("shandong-2026.2"))
        );
        assert_eq!(told["changed"], 3, "three limits");
        assert_eq!(told["policy"], json!({ "keeping": 3, "changing": 3 }));
        let expected = |clock: &str, counts: [i64; 7]| {
            let [kept, running, earlier, same, later, late, late_then] = counts;
            json!({
                "clock": clock, "urgency": "routine", "kept": kept, "running": running, "earlier": earlier, "same": same,
                "later": later, "late": late, "late_then": late_then,
            })
        };
        let accepted_ones_keep = |told: &Value| {
            for (clock, kept) in [("handle", 2), ("sign_for", 2), ("dispatch", 1)] {
                assert_eq!(of_clock(told, clock), expected(clock, [kept, 0, 0, 0, 0, 0, 0]));
            }
        };
        accepted_ones_keep(&told);
        assert_eq!(of_clock(&told, "accept"), expected("accept", [0, 2, 2, 0, 0, 0, 0]));
        assert_eq!(
            of_clock(&told, "information"),
            expected("information", [0, 1, 0, 0, 1, 0, 0])
        );
        assert_eq!((&told["tiers"], &told["dispatch"]), (&json!([]), &Value::Null));

        server.clock.set(at("2026-11-24 00:00"));
        let admin = server.staff(Role::SystemAdmin, HOTLINE).await;
        let told = looked_at(&admin, "deadlines", &shorter).await;
        accepted_ones_keep(&told);
        assert_eq!(
            of_clock(&told, "accept"),
            expected("accept", [0, 2, 2, 0, 0, 0, 2]),
            "four working hours are over"
        );
        server.clock.set(at("2026-12-01 00:00"));
        let admin = server.staff(Role::SystemAdmin, HOTLINE).await;
        let told = looked_at(&admin, "deadlines", &shorter).await;
        accepted_ones_keep(&told);
        assert_eq!(of_clock(&told, "accept"), expected("accept", [0, 2, 2, 0, 0, 2, 2]));
        assert_eq!(
            of_clock(&told, "information"),
            expected("information", [0, 1, 0, 0, 1, 1, 0])
        );

        let after = standing(&server, &receipts[0]).await;
        assert_eq!((after.0, after.1), (before.0, before.1));
        let dues = |clocks: &[ClockRow]| clocks.iter().map(|clock| clock.due_at).collect::<Vec<_>>();
        assert_eq!(dues(&after.2), dues(&before.2));
        assert_eq!(stored(&server).await, versions, "nothing was saved");
        assert_eq!(server.services.city().policy.version, "shandong-2026.1");
    });
}

#[test]
fn a_new_catalogue_tells_from_which_unit_to_which_the_waiting_cases_would_go() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let admin = server.staff(Role::SystemAdmin, HOTLINE).await;
        for _ in 0..2 {
            town.accepted("public").await;
        }
        let gone = town.accepted("public").await;
        town.dispatch(&gone).await;
        let lead = "region = \"371323\"\nlead = \"county:urban\"";
        let version = ("version = \"2026-11-23.1\"", "version = \"2026-12-01.1\"");
        let other = edited(
            CityKind::Catalogue,
            &[version, (lead, "region = \"371323\"\nlead = \"3713.housing\"")],
        );
        let versions = stored(&server).await;
        let told = looked_at(&admin, "catalogue", &other).await;
        assert_eq!(
            told["dispatch"],
            json!({
                "waiting": 2, "more_waiting": false, "moved": 2, "lost": 0, "gained": 0, "moves_not_shown": 0,
                "moves": [{ "from": "371323.urban", "to": UNIT, "cases": 2 }],
            })
        );
        assert_eq!((&told["limits"], &told["tiers"]), (&json!([]), &json!([])));
        assert_eq!(stored(&server).await, versions);

        // The unit in force already: nothing differs, nothing is concerned.
        let told = looked_at(&admin, "catalogue", &shipped::contents()[&CityKind::Catalogue]).await;
        assert_eq!((&told["before"], &told["dispatch"]), (&told["after"], &Value::Null));
    });
}

#[test]
fn a_new_ladder_tells_which_open_supervisions_would_have_another_limit_or_another_tier() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let admin = server.staff(Role::SystemAdmin, HOTLINE).await;
        let receipt = town.accepted("public").await;
        let cause = json!({ "cause": "public_interest", "reason": "多位居民来电反映，影响出行安全。" });
        let path = format!("/api/v1/staff/cases/{receipt}/supervision");
        town.supervisor.post(&path, &cause).await.expect(200);
        let other = edited(
            CityKind::Ladder,
            &[
                ("version = \"linyi-2026.1\"", "version = \"linyi-2026.2\""),
                ("\"public_interest\", \"requester_asks\"", "\"requester_asks\""),
                ("result = \"8wd\"", "result = \"6wd\""),
                (
                    "[tiers.government]\nowner = \"government_inspector\"\nopens = [",
                    "[tiers.government]\nowner = \"government_inspector\"\nopens = [\"public_interest\", ",
                ),
            ],
        );
        let told = looked_at(&admin, "ladder", &other).await;
        assert_eq!(
            told["tiers"],
            json!([{
                "tier": "media", "running": 1, "earlier": 1, "same": 0, "later": 0, "late": 0, "late_then": 0, "elsewhere": 1,
            }])
        );
    });
}

#[test]
fn what_would_not_be_taken_is_said_with_its_faults_and_nobody_else_may_ask() {
    on_both(async |server: TestServer| {
        let admin = server.staff(Role::SystemAdmin, HOTLINE).await;
        let unsound = edited(CityKind::Deadlines, &[("routine = \"4wh\"", "routine = \"四小时\"")]);
        let asked = json!({ "kind": "deadlines", "content": unsound });
        let refused = admin.post(PREVIEW, &asked).await.problem(ProblemCode::Invalid);
        let detail = refused.value()["detail"].as_str().unwrap().to_owned();
        assert!(detail.starts_with("内容有问题：deadlines.toml: line "), "{detail}");

        let same_name = edited(CityKind::Deadlines, &[("routine = \"4wh\"", "routine = \"8wh\"")]);
        let asked = json!({ "kind": "deadlines", "content": same_name });
        let refused = admin.post(PREVIEW, &asked).await.problem(ProblemCode::Invalid);
        assert!(refused.value()["detail"].as_str().unwrap().contains("raise it"));

        let long = json!({ "kind": "deadlines", "content": "#".repeat(200_001) });
        admin.post(PREVIEW, &long).await.problem(ProblemCode::Invalid);
        let security = server.staff(Role::SecurityAdmin, HOTLINE).await;
        let asked = json!({ "kind": "deadlines", "content": shipped::contents()[&CityKind::Deadlines] });
        security.post(PREVIEW, &asked).await.problem(ProblemCode::Forbidden);
    });
}
