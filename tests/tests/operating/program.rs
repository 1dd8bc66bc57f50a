//! The program as the operator runs it: log lines as documented, spans at the collector, figures at their own door, refusals
//! and the audit trail, and in none of them what residents wrote or who they are.

use std::path::Path;

use serde_json::{Value, json};
use system_tests::{
    fake_collector::FakeCollector,
    fake_sms::{BEARER, FakeSms},
    process::{ServerProcess, Setting},
};

const PHONE: &str = "13805391234";
const TEXT: &str = "王翠花家门口的路灯不亮，车牌鲁Q12345挡着";

/// What must be nowhere.
fn planted(token: &str) -> Vec<String> {
    [
        "13805391234",
        "8613805391234",
        "王翠花",
        "鲁Q12345",
        "Geheim-2026-Wort",
        "路灯",
    ]
    .iter()
    .map(|text| (*text).to_owned())
    .chain([token.to_owned()])
    .collect()
}

async fn post(base: &str, path: &str, token: Option<&str>, body: Value) -> Value {
    let mut request = reqwest::Client::new()
        .post(format!("{base}{path}"))
        .header("Idempotency-Key", format!("k{path}").replace('/', "-"));
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let answer = request.json(&body).send().await.unwrap();
    assert!(answer.status().is_success(), "{path}: {}", answer.status());
    answer.json().await.unwrap_or_default()
}

/// A resident registers, reports, and mistypes a password; answers with the access token.
async fn live_a_little(base: &str, sms: &FakeSms) -> String {
    post(base, "/api/v1/accounts/codes", None, json!({ "phone": PHONE })).await;
    let mut code = None;
    for _ in 0..100 {
        code = sms.latest_code("+8613805391234");
        if code.is_some() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let register = json!({ "phone": PHONE, "code": code.expect("a code was sent"), "display_name": "王翠花" });
    let session = post(base, "/api/v1/accounts", None, register).await;
    let token = session["access_token"].as_str().unwrap().to_owned();
    post(base, "/api/v1/cases", Some(&token), json!({ "text": TEXT })).await;
    let wrong = json!({ "phone": PHONE, "password": "Geheim-2026-Wort" });
    let refused = reqwest::Client::new()
        .post(format!("{base}/api/v1/sessions"))
        .json(&wrong)
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), 401);
    token
}

fn assert_clean(what: &str, bytes: &[u8], planted: &[String]) {
    for word in planted {
        let found = bytes.windows(word.len()).any(|window| window == word.as_bytes());
        assert!(!found, "{word} is in the {what}");
    }
}

#[test]
fn logs_traces_and_figures_show_the_work_and_nobody() {
    actix_web::rt::System::new().block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let (collector, sms) = (FakeCollector::start().unwrap(), FakeSms::start().unwrap());
        let figures = Setting::new(folder.path()).unwrap().address;
        let setting = Setting::new(folder.path())
            .unwrap()
            .with("SHOUFA_LOG_FORMAT", "json")
            .with("SHOUFA_LOG", "debug")
            .with("SHOUFA_METRICS_LISTEN", &figures)
            .with("SHOUFA_TRACES_ENDPOINT", collector.address())
            .with("SHOUFA_SMS_URL", sms.address())
            .with("SHOUFA_SMS_TOKEN", BEARER);
        let server = ServerProcess::start(&setting).await.unwrap();
        let token = live_a_little(&server.base(), &sms).await;
        let planted = planted(&token);

        let text = reqwest::get(format!("http://{figures}/metrics"))
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        assert!(
            text.contains("shoufa_outbox_attempts_total{task=\"sms\",outcome=\"done\"} 1"),
            "{text}"
        );
        assert_clean("figures", text.as_bytes(), &planted);

        let submitted = collector
            .wait_for("POST /api/v1/cases")
            .await
            .unwrap_or_else(|| panic!("no such span among {:?}", collector.spans()));
        let attempt = collector.wait_for("outbox attempt").await.expect("the attempt's span");
        let write = collector.spans().into_iter().find(|span| {
            span.name == "write" && span.trace_id == submitted.trace_id && span.parent_span_id == submitted.span_id
        });
        assert!(write.is_some(), "the write belongs to its request");
        let keys = |span: &opentelemetry_proto::tonic::trace::v1::Span| -> Vec<String> {
            span.attributes.iter().map(|attribute| attribute.key.clone()).collect()
        };
        for key in ["http.route", "http.response.status_code", "request_id"] {
            assert!(
                keys(&submitted).contains(&key.to_owned()),
                "{key}: {:?}",
                keys(&submitted)
            );
        }
        assert!(keys(&attempt).contains(&"outcome".to_owned()), "{:?}", keys(&attempt));
        for parcel in collector.parcels() {
            assert_clean("traces", &parcel, &planted);
        }

        for refusal in refusals(&server.base(), &token).await {
            assert_clean("refusals", &refusal, &planted);
        }
        let trail = trail(folder.path());
        assert!(
            trail.windows(11).any(|window| window == b"case.submit"),
            "the trail was read"
        );
        assert_clean("audit trail", &trail, &planted);

        check_log(folder.path(), &planted);
    });
}

/// Answers to requests that are wrong in several ways and say what must not be repeated.
async fn refusals(base: &str, token: &str) -> Vec<Vec<u8>> {
    let mut bodies = Vec::new();
    for (path, body) in [
        (
            "/api/v1/accounts",
            json!({ "phone": PHONE, "code": "000000", "display_name": "王翠花" }).to_string(),
        ),
        ("/api/v1/cases", format!("{{\"text\": \"{TEXT}\", ")),
        ("/api/v1/cases", json!({ "text": TEXT, "王翠花": PHONE }).to_string()),
        (
            "/api/v1/cases",
            json!({ "text": format!("{TEXT}\u{7}{PHONE}") }).to_string(),
        ),
        ("/api/v1/cases", json!({ "text": TEXT, "kind": PHONE }).to_string()),
        (
            "/api/v1/cases",
            json!({ "text": TEXT, "category": "鲁Q12345" }).to_string(),
        ),
        ("/api/v1/cases", json!({ "text": TEXT, "photos": [PHONE] }).to_string()),
        (
            "/api/v1/sessions/refresh",
            json!({ "refresh_token": token }).to_string(),
        ),
    ] {
        let request = reqwest::Client::new().post(format!("{base}{path}")).bearer_auth(token);
        let request = request.header("Content-Type", "application/json").body(body);
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_client_error(), "{path}: {}", answer.status());
        bodies.push(answer.bytes().await.unwrap().to_vec());
    }
    bodies
}

/// Every word of the audit trail.
fn trail(folder: &Path) -> Vec<u8> {
    let file = rusqlite::Connection::open(folder.join("shoufa.db")).unwrap();
    let mut statement = file.prepare("SELECT * FROM audit_records").unwrap();
    let columns = statement.column_count();
    let mut rows = statement.query([]).unwrap();
    let mut words = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        for column in 0..columns {
            if let Ok(text) = row.get_ref(column).unwrap().as_bytes() {
                words.extend_from_slice(text);
                words.push(b'\n');
            }
        }
    }
    words
}

fn check_log(folder: &Path, planted: &[String]) {
    let log = std::fs::read(folder.join("server.log")).unwrap();
    assert_clean("log", &log, planted);
    let log = String::from_utf8(log).unwrap();
    let lines: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let answered: Vec<&Value> = lines.iter().filter(|line| line["message"] == "answered").collect();
    let submitted = answered.iter().find(|line| line["route"] == "/api/v1/cases").unwrap();
    for field in ["timestamp", "level", "method", "status", "milliseconds", "request_id"] {
        assert!(!submitted[field].is_null(), "{field} in {submitted}");
    }
    assert_eq!(submitted["status"], 201);
}
