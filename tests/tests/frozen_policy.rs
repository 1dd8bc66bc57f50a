//! A case keeps the deadline policy under which it was accepted, however often the city imports another one before its end: its
//! limits, its reminders and its colours. On both databases.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may end where its premise fails"
)]

mod town;

use api::{
    background::sweep_once,
    city::{CityKind, shipped},
    database::StoreError,
    stores::{
        case_store::get_case,
        clock_store::{ClockRow, list_running},
    },
    usecases::city_data::{DataFile, ImportError, plan_import},
};
use serde_json::json;
use shared::domain::{case::CaseMemory, time::Timestamp};
use system_tests::server::{TestServer, on_both};
use town::{Town, ladder::at};

/// The version that the program ships, and the one that is imported over it.
const FIRST: &str = "shandong-2026.1";
const SECOND: &str = "shandong-2026.2";

/// The limits of routine work in the second version, each other than in the first one.
const OTHER_LIMITS: &[(&str, &str)] = &[
    (FIRST, SECOND),
    (
        "livelihood = \"30min\", routine = \"4wh\"",
        "livelihood = \"30min\", routine = \"2wh\"",
    ),
    (
        "[limits.handle]\nall = { emergency = \"24h\", livelihood = \"24h\", routine = \"5wd\" }",
        "[limits.handle]\nall = { routine = \"3wd\" }",
    ),
    (
        "[limits.extension]\nall = { emergency = \"none\", livelihood = \"24h\", routine = \"10wd\" }",
        "[limits.extension]\nall = { routine = \"4wd\" }",
    ),
    (
        "[limits.redo]\nall = { emergency = \"2h\", livelihood = \"12h\", routine = \"3wd\" }",
        "[limits.redo]\nall = { routine = \"1wd\" }",
    ),
    (
        "[limits.reply_review]\nall = { emergency = \"30min\", livelihood = \"2h\", routine = \"1wd\" }",
        "[limits.reply_review]\nall = { routine = \"3wd\" }",
    ),
    (
        "[limits.follow_up]\nall = { emergency = \"24h\", livelihood = \"24h\", routine = \"2wd\" }",
        "[limits.follow_up]\nall = { routine = \"4wd\" }",
    ),
];

/// Another way of counting, and other shares after which a unit is reminded.
const OTHER_REMINDERS: &[(&str, &str)] = &[
    (FIRST, SECOND),
    (
        "livelihood = { at_percent = [50, 80]",
        "livelihood = { at_percent = [10, 60]",
    ),
    (
        "[limits.handle]\nall = { emergency = \"24h\", livelihood = \"24h\", routine = \"5wd\" }",
        "[limits.handle]\nall = { routine = \"3wd\" }",
    ),
];

/// Until when a running clock of the case goes, and by which policy.
async fn clock(town: &Town, receipt: &str, kind: &str) -> (Timestamp, String) {
    let found = running(town, receipt)
        .await
        .into_iter()
        .find(|clock| clock.kind == kind);
    let found = found.unwrap_or_else(|| panic!("{kind} does not run"));
    (Timestamp(found.due_at), found.policy_version)
}

async fn running(town: &Town, receipt: &str) -> Vec<ClockRow> {
    let id = town.server.services.receipts.read(receipt).unwrap();
    let readers = &town.server.services.database.readers;
    readers
        .read(move |connection| list_running(connection, id).map_err(StoreError::from))
        .await
        .unwrap()
}

/// The version that the case's row names.
async fn kept(town: &Town, receipt: &str) -> Option<String> {
    let id = town.server.services.receipts.read(receipt).unwrap();
    let readers = &town.server.services.database.readers;
    let row = readers.read(move |connection| get_case(connection, id).map_err(StoreError::from));
    let memory: CaseMemory = serde_json::from_str(&row.await.unwrap().memory).unwrap();
    memory.policy_version
}

fn by(day: &str, version: &str) -> (Timestamp, String) {
    (at(day), version.to_owned())
}

#[test]
fn every_clock_after_acceptance_runs_by_the_policy_of_that_day_whatever_is_imported_later() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let (receipt, later) = (town.accepted("public").await, town.submitted("public").await);
        assert_eq!(kept(&town, &later).await, None);
        let order = town.dispatch(&receipt).await;
        town.sign_for(&order).await;
        town.new_policy(OTHER_LIMITS).await;
        assert_eq!(server.services.city().policy.version, SECOND);

        // Ten working days from the end of Monday the 30th; the new policy would not even let the unit ask for five.
        let longer = json!({ "working_days": 10, "reason": "灯具要从外地调运。" });
        let of_order = |act: &str| format!("/api/v1/staff/orders/{order}/{act}");
        town.leader.post(&of_order("extension"), &longer).await.expect(200);
        let granted = json!({ "reason": "厂家已经发货。" });
        town.reviewer
            .post(&of_order("extension-approval"), &granted)
            .await
            .expect(200);
        assert_eq!(clock(&town, &receipt, "handle").await, by("2026-12-15 00:00", FIRST));

        town.handler.post(&of_order("reply"), &town::reply()).await.expect(200);
        town.leader
            .post(&of_order("reply-signature"), &json!({}))
            .await
            .expect(200);
        assert_eq!(
            clock(&town, &receipt, "reply_review").await,
            by("2026-11-25 00:00", FIRST)
        );
        let release = format!("/api/v1/staff/cases/{receipt}/reply-release");
        town.reviewer.post(&release, &json!({})).await.expect(200);
        assert_eq!(clock(&town, &receipt, "follow_up").await, by("2026-11-26 00:00", FIRST));
        town.rated(&receipt, 1, "no").await;
        assert_eq!(clock(&town, &receipt, "redo").await, by("2026-11-27 00:00", FIRST));
        assert_eq!(kept(&town, &receipt).await.as_deref(), Some(FIRST));

        // What nobody had accepted yet keeps the end of its running clock, and has every later limit from the new policy.
        assert_eq!(clock(&town, &later, "accept").await, by("2026-11-25 00:00", FIRST));
        let accept = town::ACCEPT.replace("{receipt_no}", &later);
        town.clerk.post(&accept, &town::acceptance()).await.expect(200);
        assert_eq!(kept(&town, &later).await.as_deref(), Some(SECOND));
        assert_eq!(clock(&town, &later, "dispatch").await, by("2026-11-23 12:00", SECOND));
        let order = town.dispatch(&later).await;
        town.sign_for(&order).await;
        assert_eq!(clock(&town, &later, "handle").await, by("2026-11-27 00:00", SECOND));
        let asked = format!("/api/v1/staff/orders/{order}/extension");
        let refused = town.leader.post(&asked, &longer).await.expect(422).value();
        assert_eq!(refused["reason"], "extension_length");
        town.replied(&later, &order).await;
        assert_eq!(clock(&town, &later, "follow_up").await, by("2026-11-28 00:00", SECOND));
        town.rated(&later, 1, "no").await;
        assert_eq!(clock(&town, &later, "redo").await, by("2026-11-25 00:00", SECOND));
    });
}

#[test]
fn a_closed_case_that_is_taken_up_again_is_taken_on_anew() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.answered("public").await;
        town.rated(&receipt, 5, "yes").await;
        town.new_policy(OTHER_LIMITS).await;
        assert_eq!(kept(&town, &receipt).await.as_deref(), Some(FIRST));
        let reopen = format!("/api/v1/cases/{receipt}/reopening");
        let reason = json!({ "reason": "下雨以后又不亮了" });
        town.resident.post(&reopen, &reason).await.expect(200);
        assert_eq!(kept(&town, &receipt).await.as_deref(), Some(SECOND));
        assert_eq!(clock(&town, &receipt, "redo").await, by("2026-11-25 00:00", SECOND));
    });
}

#[test]
fn what_is_answered_at_once_keeps_the_policy_of_the_answer() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let mut question = town.lamp("public");
        question["kind"] = json!("inquiry");
        let asked = town.resident.post("/api/v1/cases", &question).await.expect(201).value();
        let receipt = asked["receipt_no"].as_str().unwrap().to_owned();
        let (city, today) = (server.services.city(), server.services.now().city_date());
        let article = city.knowledge.article.iter().find(|article| article.holds_on(today));
        let answer = format!("/api/v1/staff/cases/{receipt}/answer");
        let said = json!({ "article": article.unwrap().id, "text": "您好！" });
        town.clerk.post(&answer, &said).await.expect(200);
        assert_eq!(kept(&town, &receipt).await.as_deref(), Some(FIRST));
        town.new_policy(OTHER_LIMITS).await;
        town.rated(&receipt, 1, "no").await;
        assert_eq!(clock(&town, &receipt, "dispatch").await, by("2026-11-23 16:00", FIRST));
    });
}

#[test]
fn who_takes_over_goes_on_under_the_policy_of_the_one_who_left() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.accepted("public").await;
        let order = town.dispatch(&receipt).await;
        town.sign_for(&order).await;
        let me_too = format!("/api/v1/cases/{receipt}/me-too");
        let joined = town
            .neighbour
            .post(&me_too, &json!({ "text": "我家门口这一段也不亮" }))
            .await;
        let heir = joined.expect(201).value()["receipt_no"].as_str().unwrap().to_owned();
        assert_eq!(kept(&town, &heir).await, None);
        town.new_policy(OTHER_LIMITS).await;
        let withdraw = format!("/api/v1/cases/{receipt}/withdrawal");
        town.resident.post(&withdraw, &json!({})).await.expect(200);
        assert_eq!(kept(&town, &heir).await.as_deref(), Some(FIRST));
        town.replied(&heir, &order).await;
        assert_eq!(clock(&town, &heir, "follow_up").await, by("2026-11-26 00:00", FIRST));
    });
}

#[test]
fn a_unit_is_reminded_by_the_shares_and_the_limit_that_its_clock_was_started_with() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.submitted("public").await;
        let accept = town::ACCEPT.replace("{receipt_no}", &receipt);
        let water = json!({ "kind": "assistance", "category": "facilities.street_light", "urgency": "livelihood" });
        town.clerk.post(&accept, &water).await.expect(200);
        let order = town.dispatch(&receipt).await;
        town.sign_for(&order).await;
        let contact = json!({ "how": "phone", "note": "约好今天到现场。" });
        let path = format!("/api/v1/staff/orders/{order}/contact");
        town.handler.post(&path, &contact).await.expect(200);
        town.new_policy(OTHER_REMINDERS).await;

        let wakes = async || {
            running(&town, &receipt)
                .await
                .iter()
                .find(|clock| clock.kind == "handle")
                .unwrap()
                .wake_at
        };
        assert_eq!(
            wakes().await,
            Some(at("2026-11-23 22:00").0),
            "half of a day and a night"
        );
        server.clock.set(at("2026-11-23 22:00"));
        assert_eq!(sweep_once(&server.services).await.unwrap().warned, 1);
        assert_eq!(wakes().await, Some(at("2026-11-24 05:12").0), "four fifths of it");

        // Under the new shares and limit it would have been yellow since the afternoon.
        server.clock.set(at("2026-11-24 05:11"));
        let supervisor = server
            .staff(shared::domain::role::Role::HotlineSupervisor, town::HOTLINE)
            .await;
        let colour = async || {
            let view = supervisor
                .get(&format!("/api/v1/staff/cases/{receipt}"))
                .await
                .expect(200)
                .value();
            let clocks = view["clocks"].as_array().unwrap().clone();
            clocks.into_iter().find(|clock| clock["kind"] == "handle").unwrap()["due_state"].clone()
        };
        assert_eq!(colour().await, "ok");
        server.clock.set(at("2026-11-24 05:12"));
        assert_eq!(colour().await, "soon");
        assert_eq!(sweep_once(&server.services).await.unwrap().warned, 1);
        assert_eq!(wakes().await, Some(at("2026-11-24 10:00").0));
    });
}

#[test]
fn a_clock_that_goes_on_after_a_rest_is_still_that_of_the_policy_of_its_start() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let mut report = town.lamp("public");
        report["category"] = json!("utilities.water_outage");
        let sent = town.resident.post("/api/v1/cases", &report).await.expect(201).value();
        let receipt = sent["receipt_no"].as_str().unwrap().to_owned();
        let question = json!({ "question": "停水的是哪几栋楼？" });
        let ask = format!("/api/v1/staff/cases/{receipt}/ask-information");
        town.clerk.post(&ask, &question).await.expect(200);
        town.new_policy(OTHER_REMINDERS).await;
        server.clock.advance_minutes(7);
        let supply = format!("/api/v1/cases/{receipt}/information");
        let answer = json!({ "text": "三号楼和四号楼。" });
        town.resident.post(&supply, &answer).await.expect(200);
        assert_eq!(clock(&town, &receipt, "accept").await, by("2026-11-23 11:07", FIRST));
        sweep_once(&server.services).await.unwrap();
        let accept = running(&town, &receipt).await;
        let accept = accept.iter().find(|clock| clock.kind == "accept").unwrap();
        assert_eq!(
            accept.wake_at,
            Some(at("2026-11-23 10:37").0),
            "half of the hour that is left"
        );
    });
}

#[test]
fn a_version_names_one_content_for_good() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        town.new_policy(OTHER_LIMITS).await;
        let file = |text: String| DataFile {
            name: "deadlines.toml".to_owned(),
            kind: None,
            text,
        };
        let shipped = shipped::contents()[&CityKind::Deadlines].clone();
        let database = &server.services.database;
        let other = shipped.replacen("routine = \"4wh\"", "routine = \"8wh\"", 1);
        let refused = plan_import(database, vec![file(other)]).await.unwrap_err();
        let ImportError::Unsound(problems) = refused else {
            panic!("{refused}")
        };
        assert!(
            problems[0].contains("other content was called shandong-2026.1 before"),
            "{problems:?}"
        );
        let back = plan_import(database, vec![file(shipped)]).await.unwrap();
        assert_eq!(back.changes.len(), 1, "the first one may come back as it was");
    });
}
