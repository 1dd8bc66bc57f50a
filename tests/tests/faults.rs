//! The bad days: the disk is full, the database is gone, the push service is down, the clock steps back. Answers are clear,
//! nothing acknowledged is lost, and the server recovers by itself.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

use std::{
    cell::RefCell,
    collections::BTreeSet,
    net::ToSocketAddrs,
    path::Path,
    process::Command,
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};

use api::{
    background::deliver_once,
    clock::{Clock, HandClock},
    config::{Config, DatabaseConfig, SecondFactorPolicy},
    database::StoreError,
};
use diesel::{RunQueryDsl, connection::SimpleConnection, sql_query};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use shared::contract::{problem::ProblemCode, secret::Secret};
use system_tests::{
    cut_line::CutLine,
    fake_fcm::FakeFcm,
    fake_sms::{BEARER, FakeSms},
    process::{ServerProcess, Setting},
    samples::sample,
    schema::Schema,
    server::{TestActor, TestAnswer, TestServer, beginning, on_both, on_both_with, on_sqlite_with},
};

const PHONE: &str = "13853900041";

fn report(words: &str) -> Value {
    json!({
        "text": format!("沂城街道罗家庄村口路灯不亮，夜班回家看不清路。{words}"),
        "category": "facilities.street_light",
        "visibility": "public",
        "place": { "words": "村口大路" },
    })
}

async fn submit(resident: &TestActor, key: &str) -> TestAnswer {
    resident.post_once("/api/v1/cases", key, &report(key)).await
}

fn receipt(answer: &TestAnswer) -> String {
    answer.value()["receipt_no"].as_str().unwrap().to_owned()
}

async fn receipts(resident: &TestActor) -> BTreeSet<String> {
    let (mut found, mut after) = (BTreeSet::new(), String::new());
    loop {
        let page = resident
            .get(&format!("/api/v1/me/cases?limit=100{after}"))
            .await
            .expect(200)
            .value();
        let items = page["items"].as_array().unwrap();
        found.extend(items.iter().map(|case| case["receipt_no"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return found,
        }
    }
}

fn told_to_come_back(answer: &TestAnswer) {
    let seconds: u32 = answer
        .header("retry-after")
        .expect("a time to come back")
        .parse()
        .unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
}

/// Lets the database file grow to so many pages and no further, as a full disk would. Pages that it has already stay.
async fn allow_pages(server: &TestServer, pages: u32) {
    server
        .services
        .database
        .writer
        .write(move |transaction| {
            transaction
                .change(|connection| sql_query(format!("PRAGMA max_page_count = {pages}")).execute(connection))?;
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
}

#[test]
fn a_full_disk_refuses_reports_with_507_and_takes_them_again_when_there_is_room() {
    on_sqlite_with(
        |_| {},
        async |server: TestServer| {
            let resident = server.citizen(PHONE).await;
            let mut acknowledged =
                BTreeSet::from([receipt(&submit(&resident, "before-it-was-full").await.expect(201))]);
            allow_pages(&server, 1).await;
            let mut refused = Vec::new();
            for number in 0..400 {
                let key = format!("report-number-{number}");
                let answer = submit(&resident, &key).await;
                if answer.status == 201 {
                    acknowledged.insert(receipt(&answer));
                    continue;
                }
                let answer = answer.expect(507).problem(ProblemCode::StorageFull);
                told_to_come_back(&answer);
                refused.push(key);
                if refused.len() == 5 {
                    break;
                }
            }
            assert_eq!(refused.len(), 5, "the disk was never full");
            assert_eq!(receipts(&resident).await, acknowledged, "what was taken can be read");

            allow_pages(&server, 1_000_000).await;
            for key in &refused {
                acknowledged.insert(receipt(&submit(&resident, key).await.expect(201)));
            }
            assert_eq!(receipts(&resident).await, acknowledged, "each once");
        },
    );
}

/// What PostgreSQL says when it cannot make a table's file longer, said by a trigger below the storage.
async fn no_space_for_cases(server: &TestServer, full: bool) {
    const FULL: &str = "CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
        RAISE EXCEPTION 'could not extend file \"base/1/1\": No space left on device' USING ERRCODE = 'disk_full'; END $$; \
        CREATE TRIGGER disk_is_full BEFORE INSERT ON cases EXECUTE FUNCTION disk_is_full()";
    const ROOM: &str = "DROP FUNCTION disk_is_full CASCADE";
    server
        .services
        .database
        .writer
        .write(move |transaction| {
            transaction.change(|connection| {
                connection.batch_execute(if full { FULL } else { ROOM })?;
                Ok(1)
            })?;
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
}

#[test]
fn a_full_disk_under_postgresql_is_told_and_got_over_in_the_same_way() {
    let schema = Schema::make();
    let folder = tempfile::tempdir().unwrap();
    let config = on_postgresql(folder.path(), schema.url());
    actix_web::rt::System::new().block_on(async {
        let server = TestServer::start(config).await;
        let resident = server.citizen(PHONE).await;
        let mut acknowledged = BTreeSet::from([receipt(&submit(&resident, "before-it-was-full").await.expect(201))]);
        no_space_for_cases(&server, true).await;
        let keys: Vec<String> = (0..5).map(|number| format!("report-number-{number}")).collect();
        // Together, so that they share a transaction.
        let answers = futures_util::future::join_all(keys.iter().map(|key| submit(&resident, key))).await;
        for answer in answers {
            told_to_come_back(&answer.expect(507).problem(ProblemCode::StorageFull));
        }
        assert_eq!(receipts(&resident).await, acknowledged, "what was taken can be read");
        no_space_for_cases(&server, false).await;
        for key in &keys {
            acknowledged.insert(receipt(&submit(&resident, key).await.expect(201)));
        }
        assert_eq!(receipts(&resident).await, acknowledged, "each once");
        server.stop().await;
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn photographs_that_the_disk_does_not_take_are_refused_with_507_and_taken_later() {
    let folder = tempfile::tempdir().unwrap();
    let sms = FakeSms::start().unwrap();
    let setting = Setting::new(folder.path())
        .unwrap()
        .with("SHOUFA_SMS_URL", sms.address())
        .with("SHOUFA_SMS_TOKEN", BEARER)
        .with("SHOUFA_LOG", "warn");
    let server = ServerProcess::start_deaf_to_file_size(&setting).await.unwrap();
    let client = Client::new();
    let token = register(&client, &server.base(), &sms).await;
    // Longer than any file may be for a while; the database's files stay far below.
    let mut picture = sample("small.jpg");
    picture.resize(picture.len().max(9_000_000), 0);
    largest_file(&server, "6000000");
    let answer = upload(&client, &server.base(), &token, picture.clone()).await;
    assert_eq!(answer.status().as_u16(), 507);
    assert!(answer.headers().contains_key("retry-after"));
    let problem: Value = answer.json().await.unwrap();
    assert_eq!(problem["code"], "storage_full");
    let small = upload(&client, &server.base(), &token, sample("small.jpg")).await;
    assert_eq!(small.status().as_u16(), 201, "what fits is taken");
    largest_file(&server, "unlimited");
    let answer = upload(&client, &server.base(), &token, picture).await;
    assert_eq!(answer.status().as_u16(), 201, "{}", answer.text().await.unwrap());
    let left = std::fs::read_dir(folder.path().join("photos/incoming"))
        .unwrap()
        .count();
    assert_eq!(left, 0, "nothing half-written is left");
}

fn largest_file(server: &ServerProcess, bytes: &str) {
    let status = Command::new("prlimit")
        .args(["--pid", &server.pid().to_string(), &format!("--fsize={bytes}:")])
        .status()
        .expect("prlimit of util-linux");
    assert!(status.success());
}

async fn upload(client: &Client, base: &str, token: &str, bytes: Vec<u8>) -> reqwest::Response {
    client
        .post(format!("{base}/api/v1/photos"))
        .bearer_auth(token)
        .header("Content-Type", "image/jpeg")
        .body(bytes)
        .send()
        .await
        .unwrap()
}

async fn register(client: &Client, base: &str, sms: &FakeSms) -> String {
    let codes = client
        .post(format!("{base}/api/v1/accounts/codes"))
        .json(&json!({ "phone": PHONE }));
    assert!(codes.send().await.unwrap().status().is_success());
    let code = loop {
        if let Some(code) = sms.latest_code(&format!("+86{PHONE}")) {
            break code;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let made = client
        .post(format!("{base}/api/v1/accounts"))
        .json(&json!({ "phone": PHONE, "code": code }));
    let tokens: Value = made.send().await.unwrap().json().await.unwrap();
    tokens["access_token"].as_str().unwrap().to_owned()
}

#[test]
fn while_postgresql_is_gone_everybody_is_told_to_come_back_and_then_all_goes_on() {
    let schema = Schema::make();
    let (line, url) = line_to(schema.url());
    let folder = tempfile::tempdir().unwrap();
    let config = on_postgresql(folder.path(), &url);
    actix_web::rt::System::new().block_on(async {
        let server = TestServer::start(config).await;
        let resident = server.citizen(PHONE).await;
        let mut acknowledged = BTreeSet::from([receipt(&submit(&resident, "before-it-was-gone").await.expect(201))]);
        for round in 0..2 {
            line.cut();
            let keys: Vec<String> = (0..3).map(|number| format!("round-{round}-report-{number}")).collect();
            for key in &keys {
                let answer = submit(&resident, key).await.expect(503).problem(ProblemCode::Busy);
                told_to_come_back(&answer);
            }
            let answer = resident
                .get("/api/v1/me/cases")
                .await
                .expect(503)
                .problem(ProblemCode::Busy);
            told_to_come_back(&answer);
            server.anonymous().get("/readyz").await.expect(503);
            server.anonymous().get("/healthz").await.expect(204);

            line.mend();
            let mended = Instant::now();
            loop {
                let (ready, read) = (
                    server.anonymous().get("/readyz").await,
                    resident.get("/api/v1/me/cases").await,
                );
                if (ready.status, read.status) == (204, 200) {
                    break;
                }
                assert!(
                    mended.elapsed() < Duration::from_secs(10),
                    "the server did not recover by itself: {ready:?} {read:?}"
                );
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            for key in &keys {
                acknowledged.insert(receipt(&submit(&resident, key).await.expect(201)));
            }
            assert_eq!(receipts(&resident).await, acknowledged, "each once, none lost");
        }
        server.stop().await;
    });
}

fn on_postgresql(folder: &Path, url: &str) -> Config {
    let mut config = Config {
        data: folder.to_path_buf(),
        database: DatabaseConfig {
            url: Some(Secret::new(url)),
            patience_ms: 500,
            ..DatabaseConfig::default()
        },
        ..Config::default()
    };
    config.server.workers = 2;
    config.staff.second_factor = SecondFactorPolicy::Enrolled;
    config
}

/// A line to the server that `url` names, and the URL by way of it.
fn line_to(url: &str) -> (CutLine, String) {
    let (front, rest) = url.split_once("://").unwrap();
    let (authority, tail) = rest.split_once('/').unwrap();
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let target = host.to_socket_addrs().unwrap().next().unwrap();
    let line = CutLine::to(target).unwrap();
    let by_line = format!("{front}://{user}@{}/{tail}", line.address());
    (line, by_line)
}

#[test]
fn an_hour_without_the_push_service_loses_no_push_and_doubles_none() {
    let fake: RefCell<Option<(Rc<FakeFcm>, Arc<HandClock>)>> = RefCell::new(None);
    let change = |config: &mut Config| {
        let clock = Arc::new(HandClock::at(beginning()));
        let shared: Arc<dyn Clock> = Arc::clone(&clock) as _;
        let started = FakeFcm::start_with_clock(shared).unwrap();
        let key = config.data.join("push-key.json");
        std::fs::write(&key, started.service_account_json()).unwrap();
        config.push.fcm_service_account = Some(key);
        config.push.fcm_base = Some(started.base());
        *fake.borrow_mut() = Some((Rc::new(started), clock));
    };
    on_both_with(change, async |server: TestServer| {
        let (fcm, clock) = fake.borrow().clone().unwrap();
        let resident = server.citizen(PHONE).await;
        let device = json!({ "provider": "fcm", "token": "phone" });
        resident.put("/api/v1/me/devices", &device).await.expect(200);
        let consent = json!({ "given": true });
        resident.put("/api/v1/me/consents/push", &consent).await.expect(200);
        fcm.be_down(true);
        for minute in 0..60 {
            if minute < 15 && minute % 3 == 0 {
                submit(&resident, &format!("report-in-minute-{minute}"))
                    .await
                    .expect(201);
            }
            deliver_once(&server.services).await.unwrap();
            server.clock.advance_minutes(1);
            clock.advance_minutes(1);
        }
        assert!(fcm.messages().is_empty(), "nothing arrives while the service is down");
        fcm.be_down(false);
        for _ in 0..130 {
            deliver_once(&server.services).await.unwrap();
            server.clock.advance_minutes(1);
            clock.advance_minutes(1);
        }
        let notices: BTreeSet<String> = fcm
            .messages()
            .iter()
            .map(|message| message.data["notice_id"].clone())
            .collect();
        assert_eq!((notices.len(), fcm.messages().len()), (5, 5), "each once");
    });
}

#[test]
fn a_clock_that_steps_back_ten_minutes_costs_nobody_anything() {
    on_both(async |server: TestServer| {
        let resident = server.citizen(PHONE).await;
        let first = submit(&resident, "before-the-step").await.expect(201);
        let ids = [server.services.next_id()];
        server.clock.advance_minutes(-10);
        let later: Vec<i64> = (0..100).map(|_| server.services.next_id()).collect();
        let all: Vec<i64> = ids.into_iter().chain(later).collect();
        assert!(all.is_sorted_by(|one, next| one < next), "ids rise all the same");

        resident.get("/api/v1/me").await.expect(200);
        let second = submit(&resident, "after-the-step").await.expect(201);
        let again = submit(&resident, "before-the-step").await;
        assert_eq!(receipt(&again), receipt(&first), "a repeated request hears the same");
        let page = resident.get("/api/v1/me/cases").await.expect(200).value();
        let newest = page["items"][0]["receipt_no"].as_str().unwrap().to_owned();
        assert_eq!(newest, receipt(&second), "what came later is listed as later");
        assert_eq!(receipts(&resident).await.len(), 2);

        let token = resident.tokens.as_ref().unwrap().refresh_token.reveal().to_owned();
        let body = json!({ "refresh_token": token });
        let answer = server
            .anonymous()
            .send(Method::POST, "/api/v1/sessions/refresh", &[], Some(body))
            .await;
        let resident = server.signed_in(answer.expect(201).json());
        server.clock.advance_minutes(10);
        resident.get("/api/v1/me").await.expect(200);
        server.citizen("13853900042").await;
        submit(&resident, "when-the-clock-is-right-again").await.expect(201);
        assert_eq!(receipts(&resident).await.len(), 3);
    });
}
