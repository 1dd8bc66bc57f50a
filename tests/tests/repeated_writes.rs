//! A write that is sent twice with one key is done once and answered the same, on every operation, through the life of cases. Who
//! is documented to look at the version refuses a stale one, and nobody else does.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

mod town;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

use api::{
    database::StoreError,
    routes::{headers::WITHOUT_KEY, openapi},
    stores::outbox_store::{OutboxRow, Task},
};
use serde_json::{Value, json};
use shared::{contract::problem::ProblemCode, domain::role::Role};
use system_tests::{
    operations::TABLE,
    samples::sample,
    server::{STAFF_PASSWORD, TestActor, TestAnswer, TestServer, on_both},
};
use town::{
    ACCEPT, HOTLINE, Town, acceptance,
    life::{Player, live},
    rows::{entries, rows},
    step::Step,
};

/// Operations that take a key and are played elsewhere, as each says.
const PLAYED_ELSEWHERE: &[(&str, &str, &str)] = &[
    (
        "DELETE",
        "/api/v1/me/phone/change",
        "at most one waits, and there is nothing in the request to tell apart; proven in own_number.rs",
    ),
    (
        "POST",
        "/api/v1/me/exports",
        "one at a time, and there is nothing in the request to tell apart; proven in own_data.rs",
    ),
];

/// Sends everything twice.
#[derive(Default)]
struct Twice {
    played: BTreeSet<(&'static str, &'static str)>,
    keys: u32,
}

impl Player for Twice {
    async fn play(&mut self, town: &Town, step: Step) -> TestAnswer {
        let server = &town.server;
        let name = format!("{} {}", step.method, step.template);
        let guarded = guarded(&step);
        if guarded {
            let answer = stale(&step, "stale").await;
            assert_eq!(answer.status, 412, "{name}: {answer:?}");
            answer.problem(ProblemCode::VersionMismatch);
        }
        self.keys += 1;
        let key = format!("key-{}", self.keys);
        let (before, told_before) = (rows(server).await, told(server, &step).await);

        let first = if guarded {
            step.send(&step.actor, Some(&key)).await
        } else {
            stale(&step, &key).await
        };
        assert!((200..300).contains(&first.status), "{name}: {first:?}");
        let once = rows(server).await;
        assert_eq!(once["idempotency_keys"], before["idempotency_keys"] + 1, "{name}");
        let but_for_the_key = |mut rows: BTreeMap<&'static str, i64>| {
            rows.remove("idempotency_keys");
            rows
        };
        assert_ne!(
            but_for_the_key(once.clone()),
            but_for_the_key(before.clone()),
            "{name}: nothing was done"
        );
        assert_eq!(
            told(server, &step).await,
            told_before + step.entries,
            "{name}: entries of the timeline"
        );
        if matches!(step.template, "/api/v1/cases" | "/api/v1/staff/cases") {
            assert_eq!(once["cases"], before["cases"] + 1, "{name}");
        }

        let second = step.send(&step.actor, Some(&key)).await;
        assert_eq!(first.status, second.status, "{name}");
        assert_eq!(
            String::from_utf8_lossy(&first.body),
            String::from_utf8_lossy(&second.body),
            "{name}"
        );
        assert_eq!(first.header("etag"), second.header("etag"), "{name}");
        assert_eq!(rows(server).await, once, "{name}: the second time wrote something");

        let other = step.send_changed(&key).await;
        assert_eq!(other.status, 422, "{name}, other content: {other:?}");
        other.problem(ProblemCode::IdempotencyKeyReused);
        assert_eq!(rows(server).await, once, "{name}: other content wrote something");
        self.played.insert((step.method, step.template));
        first
    }
}

/// Whether the document says that the operation looks at the version.
fn guarded(step: &Step) -> bool {
    let document = serde_json::to_value(openapi::document()).unwrap();
    let operation = &document["paths"][step.template][step.method.to_lowercase()];
    let named = |name: &str| {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        parameters.into_iter().any(|parameter| parameter["name"] == name)
    };
    assert!(named("Idempotency-Key"), "{}: its key is not documented", step.template);
    named("If-Match")
}

/// Sends the step as about a version that nobody ever read. Who does not look at versions does it all the same.
async fn stale(step: &Step, key: &str) -> TestAnswer {
    let headers = [("Idempotency-Key", key), ("If-Match", "\"999999999\"")];
    let method = step.method.parse().unwrap();
    step.actor.send(method, &step.path, &headers, step.body.clone()).await
}

async fn told(server: &TestServer, step: &Step) -> i64 {
    match &step.receipt {
        Some(receipt) => entries(server, receipt).await,
        None => 0,
    }
}

fn plain(actor: &TestActor, method: &'static str, template: &'static str, path: String, body: Option<Value>) -> Step {
    Step {
        actor: actor.clone(),
        method,
        template,
        path,
        body,
        receipt: None,
        entries: 0,
    }
}

/// What residents change of themselves.
async fn of_oneself(town: &Town, twice: &mut Twice) {
    let resident = &town.resident;
    let inbox = resident.get("/api/v1/me/inbox").await.expect(200).value();
    assert!(inbox["unread"].as_u64().unwrap() > 0);
    let path = "/api/v1/me/inbox/read";
    let up_to = json!({ "up_to": inbox["items"][0]["id"] });
    twice
        .play(town, plain(resident, "POST", path, path.to_owned(), Some(up_to)))
        .await;
    let left = resident.get("/api/v1/me/inbox").await.expect(200).value();
    assert_eq!(left["unread"], 0);

    let path = "/api/v1/me";
    let name = json!({ "display_name": "沂水王师傅" });
    twice
        .play(town, plain(resident, "PATCH", path, path.to_owned(), Some(name)))
        .await;
    let template = "/api/v1/me/consents/{purpose}";
    let given = json!({ "given": true });
    let path = "/api/v1/me/consents/push".to_owned();
    twice
        .play(town, plain(resident, "PUT", template, path, Some(given)))
        .await;
    let path = "/api/v1/me/devices";
    let device = json!({ "provider": "fcm", "token": "dA1-linyi" });
    let step = plain(resident, "PUT", path, path.to_owned(), Some(device));
    let device = twice.play(town, step).await.value();
    let path = format!("/api/v1/me/devices/{}", device["id"].as_str().unwrap());
    let template = "/api/v1/me/devices/{id}";
    twice.play(town, plain(resident, "DELETE", template, path, None)).await;
}

/// What residents choose about notices, and ask about their data.
async fn of_own_data(town: &Town, twice: &mut Twice) {
    let resident = &town.resident;
    let path = "/api/v1/me/notice-settings";
    let mut settings = resident.get(path).await.expect(200).value();
    settings["quiet_hours"] = json!({ "from": "21:30", "until": "06:30" });
    twice
        .play(town, plain(resident, "PUT", path, path.to_owned(), Some(settings)))
        .await;
    let path = "/api/v1/me/rights-requests";
    let asked = json!({ "kind": "see", "text": "想看看平台保存了我哪些照片。" });
    let asked = twice
        .play(town, plain(resident, "POST", path, path.to_owned(), Some(asked)))
        .await
        .value();
    let officer = town.server.staff(Role::PrivacyOfficer, HOTLINE).await;
    let template = "/api/v1/staff/rights-requests/{id}/answer";
    let path = template.replace("{id}", asked["id"].as_str().unwrap());
    let answer = json!({ "outcome": "done", "answer": "您可以在“导出个人数据”里下载全部照片。" });
    twice
        .play(town, plain(&officer, "POST", template, path, Some(answer)))
        .await;
}

/// Templates of replies: written, changed, retired.
async fn of_reply_templates(town: &Town, twice: &mut Twice) {
    let editor = town.server.staff(Role::KnowledgeEditor, HOTLINE).await;
    let all = "/api/v1/staff/reply-templates";
    let words = json!({ "title": "路灯已修复", "outcome": "resolved", "text": "{unit}已经修好路灯。" });
    let step = plain(&editor, "POST", all, all.to_owned(), Some(words.clone()));
    let made = twice.play(town, step).await.value();
    for (method, template, body) in [
        ("PUT", "/api/v1/staff/reply-templates/{id}", Some(words)),
        ("POST", "/api/v1/staff/reply-templates/{id}/retirement", None),
    ] {
        let path = template.replace("{id}", made["id"].as_str().unwrap());
        twice.play(town, plain(&editor, method, template, path, body)).await;
    }
}

/// Knowledge articles: written, changed, retired.
async fn of_knowledge(town: &Town, twice: &mut Twice) {
    let editor = town.server.staff(Role::KnowledgeEditor, HOTLINE).await;
    let all = "/api/v1/staff/knowledge";
    let words = json!({
        "question": "冬天什么时候供暖？", "answer": "每年11月15日开始供暖。", "basis": "《临沂市供热条例》",
        "owner_unit": HOTLINE, "category": "utilities.heating",
    });
    let step = plain(&editor, "POST", all, all.to_owned(), Some(words.clone()));
    let made = twice.play(town, step).await.value();
    let reason = json!({ "reason": "供热办法已经废止" });
    for (method, template, body) in [
        ("PUT", "/api/v1/staff/knowledge/{id}", words),
        ("POST", "/api/v1/staff/knowledge/{id}/retirement", reason),
    ] {
        let path = template.replace("{id}", made["id"].as_str().unwrap());
        twice
            .play(town, plain(&editor, method, template, path, Some(body)))
            .await;
    }
}

/// A photo that is sent twice is kept once, and taken back once.
async fn of_photos(town: &Town, twice: &mut Twice) {
    let jpeg = [("Content-Type", "image/jpeg")];
    let resident = &town.resident;
    let send = async || {
        resident
            .post_body("/api/v1/photos", &jpeg, sample("linyi.jpg"))
            .await
            .unwrap()
    };
    let first = send().await.expect(201).value();
    let once = rows(&town.server).await;
    assert_eq!(send().await.expect(200).value(), first);
    assert_eq!(rows(&town.server).await, once);
    let path = format!("/api/v1/photos/{}", first["id"].as_str().unwrap());
    twice
        .play(town, plain(resident, "DELETE", "/api/v1/photos/{id}", path, None))
        .await;
}

/// A session ended elsewhere; accounts of staff: made, granted, taken back, blocked, opened
/// again, given another password.
async fn of_staff_accounts(town: &Town, twice: &mut Twice) {
    let admin = town.server.staff(Role::SecurityAdmin, HOTLINE).await;
    let own = admin.get("/api/v1/staff/me").await.expect(200).value();
    let again = json!({ "username": own["username"], "password": STAFF_PASSWORD });
    let again = town.server.anonymous().post("/api/v1/staff/sessions", &again).await;
    again.expect(201);
    let sessions = admin.get("/api/v1/sessions").await.expect(200).value();
    let path = format!("/api/v1/sessions/{}", sessions[0]["id"].as_str().unwrap());
    let template = "/api/v1/sessions/{id}";
    twice.play(town, plain(&admin, "DELETE", template, path, None)).await;
    let path = "/api/v1/staff/accounts";
    let new =
        json!({ "username": "wang.clerk", "display_name": "王受理", "unit": HOTLINE, "password": "Yimeng-2026-Neu" });
    let step = plain(&admin, "POST", path, path.to_owned(), Some(new));
    let made = twice.play(town, step).await.value();
    let account = format!("{path}/{}", made["id"].as_str().unwrap());
    let grant = json!({ "role": "unit_handler", "unit": "3713.housing" });
    let template = "/api/v1/staff/accounts/{id}/grants";
    let step = plain(&admin, "POST", template, format!("{account}/grants"), Some(grant));
    twice.play(town, step).await;
    let grants = admin.get(&account).await.expect(200).value()["grants"].clone();
    assert_eq!(grants.as_array().unwrap().len(), 1);
    let path = format!("{account}/grants/{}", grants[0]["id"].as_str().unwrap());
    let template = "/api/v1/staff/accounts/{id}/grants/{grant}";
    twice.play(town, plain(&admin, "DELETE", template, path, None)).await;
    let template = "/api/v1/staff/accounts/{id}/second-factor";
    let path = format!("{account}/second-factor");
    twice.play(town, plain(&admin, "DELETE", template, path, None)).await;
    let template = "/api/v1/staff/accounts/{id}/block";
    twice
        .play(town, plain(&admin, "POST", template, format!("{account}/block"), None))
        .await;
    let template = "/api/v1/staff/accounts/{id}/unblock";
    twice
        .play(
            town,
            plain(&admin, "POST", template, format!("{account}/unblock"), None),
        )
        .await;
    let template = "/api/v1/staff/accounts/{id}/password";
    let first = json!({ "password": "Yimeng-2027-Neu" });
    let path = format!("{account}/password");
    twice
        .play(town, plain(&admin, "PUT", template, path, Some(first)))
        .await;
}

/// Somebody who abused the hotline is blocked.
async fn of_blocked_accounts(town: &Town, twice: &mut Twice) {
    let receipt = town.submitted("private").await;
    let template = "/api/v1/staff/cases/{receipt_no}/requester-block";
    let path = template.replace("{receipt_no}", &receipt);
    let why = json!({ "blocked": true, "reason": "多次编造险情" });
    twice
        .play(town, plain(&town.supervisor, "PUT", template, path, Some(why)))
        .await;
}

/// A message that was given up, put back among those that wait.
async fn of_dead_letters(town: &Town, twice: &mut Twice) {
    let services = &town.server.services;
    let id = services.next_id();
    let dead = OutboxRow {
        next_at: None,
        ..OutboxRow::new(id, Task::Push, id, "{}".to_owned(), services.now())
    };
    services
        .database
        .writer
        .write(move |transaction| {
            transaction.append(dead.clone());
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
    let admin = town.server.staff(Role::SystemAdmin, HOTLINE).await;
    let template = "/api/v1/admin/outbox/dead-letters/{id}/resend";
    let path = template.replace("{id}", &id.to_string());
    twice.play(town, plain(&admin, "POST", template, path, None)).await;
}

#[test]
fn every_write_that_is_sent_twice_is_done_once() {
    let played = Mutex::new(Vec::new());
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let mut twice = Twice::default();
        live(&town, "public", &mut twice).await;
        of_oneself(&town, &mut twice).await;
        of_own_data(&town, &mut twice).await;
        of_photos(&town, &mut twice).await;
        of_reply_templates(&town, &mut twice).await;
        of_knowledge(&town, &mut twice).await;
        of_staff_accounts(&town, &mut twice).await;
        of_dead_letters(&town, &mut twice).await;
        of_blocked_accounts(&town, &mut twice).await;
        played.lock().unwrap().push(twice.played);
    });
    let writes: BTreeSet<_> = TABLE
        .iter()
        .filter(|(method, _, _)| *method != "GET")
        .map(|(method, path, _)| (*method, *path))
        .collect();
    let excused: BTreeSet<_> = WITHOUT_KEY
        .iter()
        .chain(PLAYED_ELSEWHERE)
        .map(|(method, path, _)| (*method, *path))
        .collect();
    assert!(excused.is_subset(&writes), "an excuse for what is not there");
    for played in played.into_inner().unwrap() {
        assert!(played.is_disjoint(&excused), "an excuse that is not needed");
        let all: BTreeSet<_> = played.union(&excused).copied().collect();
        let missing: Vec<_> = writes.difference(&all).collect();
        assert!(missing.is_empty(), "nobody sent these twice: {missing:?}");
    }
}

#[test]
fn a_preview_writes_nothing_however_often_it_is_asked_for() {
    on_both(async |server: TestServer| {
        let before = rows(&server).await;
        let draft = json!({ "text": "健康路东段的路灯有五盏不亮。" });
        let ask = async || {
            server
                .anonymous()
                .post_once("/api/v1/cases/preview", "key", &draft)
                .await
        };
        let first = ask().await.expect(200).value();
        assert_eq!(ask().await.expect(200).value(), first);
        assert_eq!(rows(&server).await, before);
    });
}

#[test]
fn one_key_sent_many_times_at_once_is_done_once_and_all_hear_the_same() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.submitted("public").await;
        let (path, body) = (ACCEPT.replace("{receipt_no}", &receipt), acceptance());
        let mut asked = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let (clerk, path, body) = (town.clerk.clone(), path.clone(), body.clone());
            asked.spawn(async move { clerk.post_once(&path, "accept-at-once", &body).await });
        }
        let answers: Vec<TestAnswer> = asked.join_all().await;
        for answer in &answers {
            assert_eq!(answer.status, 200, "{answer:?}");
            assert_eq!(answer.body, answers[0].body);
        }
    });
}
