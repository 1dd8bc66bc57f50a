//! What a tier of supervision had from the media's on is looked back at thirty and ninety days after its closing, before it is
//! archived: by whom, what follows, and when it stops. On both databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

mod town;

use api::{
    background::sweep_once,
    database::{StoreError, schema},
    stores::{clock_store::list_running, look_back_store::LookBackRow},
};
use diesel::prelude::*;
use serde_json::{Value, json};
use shared::{
    contract::problem::ProblemCode,
    domain::{deadline::ClockKind, role::Role},
};
use system_tests::server::{TestActor, TestAnswer, TestServer, on_both};
use town::{
    HOTLINE, Town, UNIT,
    ladder::{inbox, ladder_of},
};

const DAY: i64 = 24 * 60;

/// A case that was supervised, solved and closed, with its supervision settled; answers receipt number and id.
async fn closed(town: &Town, visibility: &str) -> (String, i64) {
    let receipt = town.accepted(visibility).await;
    let path = format!("/api/v1/staff/cases/{receipt}/supervision");
    let why = json!({ "cause": "public_interest", "reason": "多位居民来电反映。" });
    town.supervisor.post(&path, &why).await.expect(200);
    let order = town.dispatch(&receipt).await;
    town.sign_for(&order).await;
    town.replied(&receipt, &order).await;
    town.rated(&receipt, 4, "yes").await;
    let id = town.server.services.receipts.read(&receipt).unwrap();
    (receipt, id)
}

/// Everything that is due so many days later.
async fn days_later(server: &TestServer, days: i64) {
    server.clock.advance_minutes(days * DAY);
    sweep_once(&server.services).await.unwrap();
}

/// What waits to be looked back at.
async fn queue(actor: &TestActor) -> Vec<Value> {
    let page = actor.get("/api/v1/staff/queues/look_backs").await.expect(200).value();
    page["items"].as_array().unwrap().clone()
}

async fn look_back(actor: &TestActor, receipt: &str, finding: &str) -> TestAnswer {
    let seen = json!({ "finding": finding, "note": "晚上八点到健康路看过，拍了照片。" });
    actor
        .post(&format!("/api/v1/staff/cases/{receipt}/look-back"), &seen)
        .await
}

async fn state(server: &TestServer, id: i64) -> String {
    let readers = &server.services.database.readers;
    let row = readers.read(move |connection| {
        schema::cases::table
            .find(id)
            .select(schema::cases::state)
            .first(connection)
            .map_err(StoreError::from)
    });
    row.await.unwrap()
}

async fn look_backs(server: &TestServer, case_id: i64) -> Vec<LookBackRow> {
    let readers = &server.services.database.readers;
    let rows = readers.read(move |connection| {
        schema::look_backs::table
            .filter(schema::look_backs::case_id.eq(case_id))
            .order(schema::look_backs::id)
            .select(LookBackRow::as_select())
            .load(connection)
            .map_err(StoreError::from)
    });
    rows.await.unwrap()
}

async fn runs(server: &TestServer, case_id: i64, kind: ClockKind) -> bool {
    let readers = &server.services.database.readers;
    let clocks = readers.read(move |connection| list_running(connection, case_id).map_err(StoreError::from));
    clocks.await.unwrap().iter().any(|clock| clock.kind == kind.as_str())
}

#[test]
fn what_the_media_had_is_looked_back_at_after_thirty_and_ninety_days_and_archived_only_then() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let (receipt, id) = closed(&town, "public").await;
        days_later(&server, 30).await;
        let desk = server.staff(Role::MediaSupervisor, HOTLINE).await;
        assert_eq!(
            queue(&desk).await,
            Vec::<Value>::new(),
            "the thirtieth day lasts until midnight"
        );
        let early = look_back(&desk, &receipt, "done").await;
        assert_eq!(early.value()["reason"], "no_look_back_due");
        days_later(&server, 1).await;
        let desk = server.staff(Role::MediaSupervisor, HOTLINE).await;
        let waiting = queue(&desk).await;
        assert_eq!(waiting.len(), 1);
        assert_eq!(
            (&waiting[0]["receipt_no"], &waiting[0]["due_state"]),
            (&json!(receipt), &json!("ok"))
        );
        look_back(&desk, &receipt, "done").await.expect(200);
        assert_eq!(queue(&desk).await, Vec::<Value>::new());
        assert_eq!(
            look_back(&desk, &receipt, "done").await.value()["reason"],
            "no_look_back_due"
        );
        assert_eq!(
            inbox(&server, &town.resident, "look_back").await,
            ["回访过了，您反映的问题已经办好，没有反复。"]
        );

        days_later(&server, 61).await;
        assert_eq!(state(&server, id).await, "closed", "the last look-back is outstanding");
        let desk = server.staff(Role::MediaSupervisor, HOTLINE).await;
        look_back(&desk, &receipt, "done").await.expect(200);
        let kept = look_backs(&server, id).await;
        let found: Vec<_> = kept
            .iter()
            .map(|row| (row.clock.as_str(), row.finding.as_deref()))
            .collect();
        assert_eq!(
            found,
            [("first_look_back", Some("done")), ("second_look_back", Some("done"))]
        );
        assert!(kept.iter().all(|row| row.notes.is_some() && row.recorded_by.is_some()));
        days_later(&server, 1).await;
        assert_eq!(state(&server, id).await, "archived");
        assert_eq!(
            ladder_of(&server, id).await,
            [("media".to_owned(), "public_interest".to_owned())]
        );
    });
}

#[test]
fn undone_it_is_taken_up_again_at_the_third_tier_and_no_second_look_back_comes() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let (receipt, id) = closed(&town, "public").await;
        days_later(&server, 31).await;
        let desk = server.staff(Role::MediaSupervisor, HOTLINE).await;
        let taken_up = look_back(&desk, &receipt, "undone").await.expect(200).value();
        assert_eq!(
            (&taken_up["state"], &taken_up["cycle"]),
            (&json!("handling"), &json!(2))
        );
        let last = ladder_of(&server, id).await.pop().unwrap();
        assert_eq!(last, ("government".to_owned(), "look_back_undone".to_owned()));
        assert_eq!(
            inbox(&server, &town.resident, "look_back").await,
            ["回访发现您反映的问题没有办好，马上重新办理。"]
        );
        let climbed = inbox(&server, &town.resident, "supervise").await.pop().unwrap();
        assert!(
            climbed.starts_with("您的诉求升为三级督办（政务督办），原因是回访发现没有办好。由政务督查员负责"),
            "{climbed}"
        );
        assert_eq!(inbox(&server, &town.leader, "reopen").await, ["诉求需要重新办理。"]);
        let public = format!("/api/v1/public/cases/{receipt}");
        let shown = String::from_utf8(server.anonymous().get(&public).await.expect(200).body).unwrap();
        assert!(
            shown.contains("回访发现问题没有办好") && !shown.contains("健康路看过"),
            "{shown}"
        );
        assert!(!runs(&server, id, ClockKind::SecondLookBack).await);
        days_later(&server, 65).await;
        assert_eq!(look_backs(&server, id).await.len(), 1);
    });
}

#[test]
fn what_is_kept_from_the_media_the_hotline_looks_back_at() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let (receipt, id) = closed(&town, "confidential").await;
        assert_eq!(ladder_of(&server, id).await[0].0, "government");
        days_later(&server, 31).await;
        let desk = server.staff(Role::MediaSupervisor, HOTLINE).await;
        let hotline = server.staff(Role::HotlineSupervisor, HOTLINE).await;
        assert_eq!(queue(&desk).await, Vec::<Value>::new());
        look_back(&desk, &receipt, "done").await.problem(ProblemCode::Forbidden);
        assert_eq!(queue(&hotline).await.len(), 1);
        look_back(&hotline, &receipt, "done").await.expect(200);
        let leader = server.staff(Role::UnitLeader, UNIT).await;
        leader
            .get("/api/v1/staff/queues/look_backs")
            .await
            .problem(ProblemCode::Forbidden);
    });
}

#[test]
fn what_is_taken_up_again_is_not_looked_back_at_and_what_no_tier_above_the_first_had_never_is() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let (receipt, id) = closed(&town, "public").await;
        let plain = town.answered("public").await;
        town.rated(&plain, 5, "yes").await;
        let plain = server.services.receipts.read(&plain).unwrap();
        days_later(&server, 31).await;
        assert_eq!(state(&server, plain).await, "archived");
        assert!(look_backs(&server, plain).await.is_empty());
        let desk = server.staff(Role::MediaSupervisor, HOTLINE).await;
        assert_eq!(queue(&desk).await.len(), 1);
        let supervisor = server.staff(Role::HotlineSupervisor, HOTLINE).await;
        let again = format!("/api/v1/staff/cases/{receipt}/reopening");
        let reason = json!({ "reason": "居民来电说又不亮了。" });
        supervisor.post(&again, &reason).await.expect(200);
        assert_eq!(queue(&desk).await, Vec::<Value>::new());
        let stopped = look_backs(&server, id).await;
        assert!(stopped[0].finding.is_none() && stopped[0].closed_at.is_some());
        assert!(!runs(&server, id, ClockKind::LookBackVisit).await);
        let late = look_back(&desk, &receipt, "done").await;
        assert_eq!(late.value()["reason"], "wrong_state");
    });
}

#[test]
fn who_is_to_look_back_is_reminded_and_one_late_visit_answers_for_both() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let desk = server.staff(Role::MediaSupervisor, HOTLINE).await;
        let (receipt, id) = closed(&town, "public").await;
        days_later(&server, 31).await;
        days_later(&server, 6).await;
        days_later(&server, 10).await;
        assert_eq!(inbox(&server, &desk, "look_back").await.len(), 1);
        let late = inbox(&server, &desk, "overdue").await;
        assert_eq!(late.last().unwrap(), "回访已经超期，请马上去看。");
        days_later(&server, 45).await;
        assert_eq!(look_backs(&server, id).await.len(), 1, "the first waits still");
        let desk = server.staff(Role::MediaSupervisor, HOTLINE).await;
        let entry = queue(&desk).await.pop().unwrap();
        assert_eq!(entry["due_state"], "late");
        look_back(&desk, &receipt, "done").await.expect(200);
        days_later(&server, 1).await;
        assert_eq!(state(&server, id).await, "archived");
        assert_eq!(look_backs(&server, id).await.len(), 1);
    });
}

#[test]
fn a_requester_asks_for_the_media_once_and_only_with_the_separate_consent_to_it() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let desk = server.staff(Role::MediaSupervisor, HOTLINE).await;
        let receipt = town.accepted("public").await;
        let id = server.services.receipts.read(&receipt).unwrap();
        let path = format!("/api/v1/cases/{receipt}/media-supervision");
        let agrees = json!({ "media_contact": true });
        let silent = json!({ "media_contact": false });
        let refused = town.resident.post(&path, &silent).await;
        assert_eq!(refused.value()["reason"], "needs_media_consent");
        let old = json!({ "media_contact": true, "wording_version": "2019.1" });
        town.resident.post(&path, &old).await.problem(ProblemCode::Stale);
        town.neighbour
            .post(&path, &agrees)
            .await
            .problem(ProblemCode::Forbidden);
        assert!(ladder_of(&server, id).await.is_empty());

        town.resident.post(&path, &agrees).await.expect(200);
        assert_eq!(
            ladder_of(&server, id).await,
            [("media".to_owned(), "requester_asks".to_owned())]
        );
        town.supervision_of(&receipt, &desk, "media").await;
        assert_eq!(standing(&server, id).await, 1, "the consent is for this case");
        let again = town.resident.post(&path, &agrees).await;
        assert_eq!(again.value()["reason"], "already_used");
        let withdrawn = json!({ "given": false });
        let consent = "/api/v1/me/consents/media_contact";
        town.resident.put(consent, &withdrawn).await.expect(200);
        assert_eq!(standing(&server, id).await, 0, "taken back as easily as given");

        let hidden = town.accepted("confidential").await;
        let path = format!("/api/v1/cases/{hidden}/media-supervision");
        let refused = town.resident.post(&path, &agrees).await;
        assert_eq!(refused.value()["reason"], "no_publicity");
        let own = town.resident.get(&format!("/api/v1/cases/{hidden}")).await.value();
        let acts = own["allowed_actions"].as_array().unwrap();
        let offered = acts.iter().find(|act| act["action"] == "ask_media").unwrap();
        assert_eq!(offered["allowed"], false);
        assert!(offered["message"].as_str().unwrap().contains("保护隐私"), "{offered}");
    });
}

/// Consents to the media that stand for a case.
async fn standing(server: &TestServer, case_id: i64) -> i64 {
    let readers = &server.services.database.readers;
    let count = readers.read(move |connection| {
        let of_case = schema::consents::case_id
            .eq(case_id)
            .and(schema::consents::purpose.eq("media_contact"))
            .and(schema::consents::withdrawn_at.is_null());
        schema::consents::table
            .filter(of_case)
            .count()
            .get_result(connection)
            .map_err(StoreError::from)
    });
    count.await.unwrap()
}
