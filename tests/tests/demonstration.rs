//! What `shoufa serve --demo` promises: a city that looks alive at the first start, the same city at the second, and no way
//! to serve it for real.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may end where its premise fails"
)]

use std::{collections::BTreeSet, time::Duration};

use serde_json::{Value, json};
use shared::domain::time::Timestamp;
use system_tests::{
    process::{ServerProcess, Setting},
    schema::Schema,
};

#[tokio::test]
async fn a_demonstration_city_is_there_on_sqlite() {
    demonstration(None).await;
}

#[tokio::test]
async fn a_demonstration_city_is_there_on_postgresql() {
    let schema = Schema::make();
    demonstration(Some(schema.url())).await;
}

async fn demonstration(database: Option<&str>) {
    let data = tempfile::tempdir().unwrap();
    let mut setting = Setting::new(data.path()).unwrap().with("SHOUFA_LOG", "warn");
    if let Some(url) = database {
        setting = setting.with("DATABASE_URL", url);
    }
    let for_real = setting.clone();
    setting.arguments.push("--demo".to_owned());

    let server = ServerProcess::start(&setting).await.unwrap();
    let cases = look_around(&server).await;
    sign_in(&server).await;
    server.kill().unwrap();

    let clock = data.path().join("ahead");
    let setting = setting.with("SHOUFA_DEMO_CLOCK", clock.to_str().unwrap());
    let server = ServerProcess::start(&setting).await.unwrap();
    let again = get(&server, "/api/v1/public/cases?limit=100").await;
    assert_eq!(receipts(&again), receipts(&cases), "a second start makes nothing");
    let began = end_of_a_session(&server).await;
    std::fs::write(&clock, "14400\n").unwrap();
    let ten_days_on = began.plus_minutes(14_400);
    while end_of_a_session(&server).await < ten_days_on {
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    server.kill().unwrap();

    let refused = ServerProcess::start(&for_real).await.err().unwrap().to_string();
    assert!(refused.contains("holds a demonstration"), "{refused}");
}

/// What a visitor sees; answers the list of public cases.
async fn look_around(server: &ServerProcess) -> Value {
    let answer = reqwest::get(format!("{}/healthz", server.base())).await.unwrap();
    assert_eq!(
        answer.headers()["x-demonstration"],
        "true",
        "every answer says what it is"
    );

    let cases = get(server, "/api/v1/public/cases?limit=100").await;
    let items = cases["items"].as_array().unwrap();
    let states: BTreeSet<&str> = items.iter().map(|case| case["state"].as_str().unwrap()).collect();
    for state in [
        "submitted",
        "needs_information",
        "accepted",
        "dispatched",
        "return_requested",
        "handling",
        "reply_review",
        "replied",
        "closed",
        "withdrawn",
    ] {
        assert!(states.contains(state), "no public case is {state}: {states:?}");
    }
    let dates: BTreeSet<&str> = items
        .iter()
        .map(|case| &case["received_at"].as_str().unwrap()[..10])
        .collect();
    assert!(dates.len() >= 7, "the reports came over several days: {dates:?}");
    assert!(
        items
            .iter()
            .any(|case| case["title"] == "下夜班的路一片黑" && case["redo_count"] == 1)
    );
    assert!(items.iter().filter(|case| case["thumbnail"].is_string()).count() >= 5);
    assert!(!cases.to_string().contains("13812345678"));

    let counts = get(server, "/api/v1/public/counts").await;
    assert!(counts["received"].as_i64().unwrap() >= 30, "{counts}");
    let near = get(
        server,
        "/api/v1/public/map?latitude=35.787&longitude=118.627&radius=3000",
    )
    .await;
    assert!(near["cases"].as_array().unwrap().len() >= 5, "{near}");
    cases
}

/// Every seat of the table opens with the password shown on the terminal.
async fn sign_in(server: &ServerProcess) {
    for username in [
        "shouli",
        "paidan",
        "rexian",
        "anquan",
        "ys-chengguan.lianluo",
        "gongdian.fuze",
    ] {
        let answer = reqwest::Client::new()
            .post(format!("{}/api/v1/staff/sessions", server.base()))
            .json(&json!({ "username": username, "password": api::demo::PASSWORD }))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 201, "{username}");
        let session: Value = answer.json().await.unwrap();
        assert_eq!(session["must_change_password"], false);
    }
}

/// When a session ends that begins now, by the city's clock.
async fn end_of_a_session(server: &ServerProcess) -> Timestamp {
    let answer = reqwest::Client::new()
        .post(format!("{}/api/v1/staff/sessions", server.base()))
        .json(&json!({ "username": "shouli", "password": api::demo::PASSWORD }))
        .send()
        .await
        .unwrap();
    let session: Value = answer.json().await.unwrap();
    serde_json::from_value(session["refresh_expires_at"].clone()).unwrap()
}

async fn get(server: &ServerProcess, path: &str) -> Value {
    let answer = reqwest::get(format!("{}{path}", server.base())).await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    answer.json().await.unwrap()
}

fn receipts(cases: &Value) -> BTreeSet<String> {
    let items = cases["items"].as_array().unwrap();
    items.iter().map(|case| case["receipt_no"].to_string()).collect()
}
