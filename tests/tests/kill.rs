//! A power cut in the middle of a burst, ten times: whatever was acknowledged is there afterwards, and nothing is there twice.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use reqwest::Client;
use serde_json::{Value, json};
use system_tests::{
    fake_sms::{BEARER, FakeSms},
    process::{ServerProcess, Setting},
    schema::Schema,
};
use tokio::sync::Mutex;

const ROUNDS: usize = 10;
const CLIENTS: usize = 16;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_and_nothing_is_doubled_on_sqlite() {
    power_cuts(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_and_nothing_is_doubled_on_postgresql() {
    let schema = Schema::make();
    power_cuts(Some(schema.url())).await;
}

/// Submissions by their key, with the receipt where one was acknowledged.
type Sent = Arc<Mutex<BTreeMap<String, Option<String>>>>;

async fn power_cuts(database: Option<&str>) {
    let folder = tempfile::tempdir().expect("a folder");
    let sms = FakeSms::start().expect("a gateway");
    let mut setting = Setting::new(folder.path())
        .expect("a port")
        .with("SHOUFA_SMS_URL", sms.address())
        .with("SHOUFA_SMS_TOKEN", BEARER)
        .with("SHOUFA_LOG", "warn");
    if let Some(url) = database {
        setting = setting.with("DATABASE_URL", url);
    }
    let client = Client::new();
    let mut server = ServerProcess::start(&setting).await.expect("the server starts");
    let token = register(&client, &server, &sms).await;
    let sent: Sent = Arc::default();
    for round in 0..ROUNDS {
        let burst = tokio::spawn(burst(server.base(), token.clone(), round, Arc::clone(&sent)));
        tokio::time::sleep(Duration::from_millis(120 + 60 * round as u64)).await;
        server.kill().expect("killed");
        burst.await.expect("the burst ends with the server");
        server = ServerProcess::start(&setting).await.expect("the server starts again");
    }
    let sent = Arc::try_unwrap(sent).expect("all bursts are over").into_inner();
    let acknowledged = sent.values().flatten().count();
    assert!(
        acknowledged >= 100,
        "only {acknowledged} submissions were acknowledged: the burst was none"
    );

    // What was not acknowledged is sent again, as a phone does it.
    let mut receipts = BTreeSet::new();
    for (key, receipt) in &sent {
        let again = submit(&client, &server.base(), &token, key)
            .await
            .expect("the server answers");
        if let Some(receipt) = receipt {
            assert_eq!(receipt, &again, "a repeated submission hears the same receipt");
        }
        assert!(receipts.insert(again), "two submissions with one receipt");
    }
    let listed = all(&client, &server.base(), &token, "/api/v1/me/cases").await;
    let listed: Vec<&str> = listed.iter().filter_map(|case| case["receipt_no"].as_str()).collect();
    assert_eq!(listed.len(), receipts.len(), "as many cases as submissions");
    assert!(listed.iter().all(|receipt| receipts.contains(*receipt)));

    let inbox = all(&client, &server.base(), &token, "/api/v1/me/inbox").await;
    let told: BTreeSet<&str> = inbox
        .iter()
        .filter_map(|notice| notice["receipt_no"].as_str())
        .collect();
    assert_eq!(
        (inbox.len(), told.len()),
        (receipts.len(), receipts.len()),
        "one notice for each case"
    );
    for receipt in receipts.iter().step_by(7) {
        let case = get(&client, &format!("{}/api/v1/cases/{receipt}", server.base()), &token).await;
        assert_eq!(case["timeline"].as_array().map(Vec::len), Some(1), "one event: {case}");
    }
}

async fn register(client: &Client, server: &ServerProcess, sms: &FakeSms) -> String {
    let phone = "13853900001";
    let asked = client
        .post(format!("{}/api/v1/accounts/codes", server.base()))
        .json(&json!({ "phone": phone }))
        .send();
    assert!(asked.await.expect("an answer").status().is_success());
    let code = loop {
        if let Some(code) = sms.latest_code(&format!("+86{phone}")) {
            break code;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let made = client
        .post(format!("{}/api/v1/accounts", server.base()))
        .json(&json!({ "phone": phone, "code": code }))
        .send()
        .await
        .expect("an answer");
    let tokens: Value = made.json().await.expect("tokens");
    tokens["access_token"].as_str().expect("a token").to_owned()
}

/// Many phones at once, until the server is gone.
async fn burst(base: String, token: String, round: usize, sent: Sent) {
    let clients = (0..CLIENTS).map(|phone| {
        let (base, token, sent, client) = (base.clone(), token.clone(), Arc::clone(&sent), Client::new());
        tokio::spawn(async move {
            for number in 0.. {
                let key = format!("round-{round}-phone-{phone}-report-{number}");
                sent.lock().await.insert(key.clone(), None);
                let Some(receipt) = submit(&client, &base, &token, &key).await else {
                    break;
                };
                sent.lock().await.insert(key, Some(receipt));
            }
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await.expect("a phone");
    }
}

async fn submit(client: &Client, base: &str, token: &str, key: &str) -> Option<String> {
    let answer = client
        .post(format!("{base}/api/v1/cases"))
        .bearer_auth(token)
        .header("Idempotency-Key", key)
        .json(&json!({
            "text": format!("沂城街道罗家庄村口路灯不亮，夜班回家看不清路。编号{key}"),
            "category": "facilities.street_light",
            "visibility": "public",
            "place": { "words": "村口大路" },
        }))
        .send()
        .await
        .ok()?;
    let status = answer.status();
    let body: Value = answer.json().await.ok()?;
    assert!(status.is_success(), "{status}: {body}");
    Some(body["receipt_no"].as_str().expect("a receipt").to_owned())
}

async fn get(client: &Client, address: &str, token: &str) -> Value {
    let answer = client.get(address).bearer_auth(token).send().await.expect("an answer");
    assert!(answer.status().is_success(), "{address}: {}", answer.status());
    answer.json().await.expect("JSON")
}

async fn all(client: &Client, base: &str, token: &str, list: &str) -> Vec<Value> {
    let (mut items, mut after) = (Vec::new(), String::new());
    loop {
        let page = get(client, &format!("{base}{list}?limit=100{after}"), token).await;
        items.extend(page["items"].as_array().cloned().unwrap_or_default());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return items,
        }
    }
}
