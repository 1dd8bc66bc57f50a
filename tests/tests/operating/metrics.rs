//! The figures: what they count, that they stay few, and that nobody's data are among them.

use std::{net::TcpListener, sync::Arc};

use api::{
    background::{deliver_once, sweep_once},
    database::StoreError,
    stores::backlog_store::BACKLOG,
    telemetry::listener,
};
use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::Text};
use reqwest::Method;
use serde_json::json;
use system_tests::server::{TestServer, on_both};

/// The figures as Prometheus would fetch them.
async fn scrape(server: &TestServer) -> String {
    let door = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = door.local_addr().unwrap();
    let listening = listener::start(&server.services, door).unwrap();
    actix_web::rt::spawn(listening.server);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client.get(format!("http://{address}/metrics")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(
        answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("application/openmetrics-text")
    );
    let text = answer.text().await.unwrap();
    let elsewhere = client.get(format!("http://{address}/api/v1/me")).send().await.unwrap();
    assert_eq!(elsewhere.status(), 404, "the API is not served at this door");
    listening.handle.stop(false).await;
    text
}

/// The value of the one line that begins so.
#[track_caller]
fn figure(text: &str, line: &str) -> f64 {
    let found: Vec<&str> = text
        .lines()
        .filter_map(|candidate| candidate.strip_prefix(line)?.strip_prefix(' '))
        .collect();
    assert_eq!(found.len(), 1, "{line} in:\n{text}");
    found[0].parse().unwrap()
}

#[test]
fn the_figures_tell_what_the_server_does() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13800000001").await;
        resident.get("/api/v1/me").await.expect(200);
        let wrong = json!({ "username": "niemand", "password": "Falsch-2026-Wort" });
        server
            .anonymous()
            .post("/api/v1/staff/sessions", &wrong)
            .await
            .expect(401);
        server.services.metrics.count_rate_limited("address");
        let text = scrape(&server).await;
        let line = |name: &str, labels: &str| figure(&text, &format!("shoufa_{name}{{{labels}}}"));
        let labels = "route=\"/api/v1/me\",method=\"GET\",status=\"2xx\"";
        assert!(line("requests_total", labels) >= 1.0);
        assert!(line("request_seconds_count", "route=\"/api/v1/me\",method=\"GET\"") >= 1.0);
        assert!((line("sign_ins_refused_total", "code=\"sign_in_failed\"") - 1.0).abs() < 0.1);
        assert!(line("refusals_total", "code=\"sign_in_failed\"") >= 1.0);
        assert!(line("rate_limited_total", "limit=\"address\"") >= 1.0);
        let gauge = |name: &str| figure(&text, &format!("shoufa_{name}"));
        assert!(gauge("database_up") > 0.9);
        assert!(gauge("writer_jobs_total") >= gauge("writer_groups_total"));
        assert!((gauge("writer_batch_size_count") - gauge("writer_groups_total")).abs() < 0.1);
        assert!((gauge("writer_batch_size_sum") - gauge("writer_jobs_total")).abs() < 0.1);
        assert!(gauge("start_time_seconds") > 1.7e9);
        for idle in [
            "writer_waiting",
            "photos_in_line",
            "outbox_dead_letters",
            "sweep_lag_seconds",
        ] {
            assert!(gauge(idle) < 0.1, "{idle}");
        }
        assert!(
            gauge("calendar_incomplete") > 0.9,
            "in November 2026 nothing is known of 2027"
        );
        // The code's text waits: no gateway is configured.
        assert!(gauge("outbox_waiting") > 0.9);
        assert!(text.ends_with("# EOF\n"));
    });
}

#[test]
fn what_waits_grows_older_until_it_is_worked_off() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13800000001").await;
        let case = json!({ "text": "村东头路灯不亮" });
        resident.post_once("/api/v1/cases", "einmal-1", &case).await.expect(201);
        server.clock.advance_minutes(3 * 24 * 60);
        let late = scrape(&server).await;
        assert!((figure(&late, "shoufa_outbox_lag_seconds") - 259_200.0).abs() < 1.0);
        assert!(figure(&late, "shoufa_sweep_lag_seconds") > 3600.0, "{late}");
        sweep_once(&server.services).await.unwrap();
        deliver_once(&server.services).await.unwrap();
        let swept = scrape(&server).await;
        assert!(figure(&swept, "shoufa_sweep_lag_seconds") < 1.0);
    });
}

#[test]
fn no_label_holds_what_callers_invent_or_who_they_are() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13805391234").await;
        let before = scrape(&server).await.lines().count();
        let id = resident.id();
        for number in 0..20 {
            let path = format!("/api/v1/cases/LY-{number:04}-1380539{number:04}");
            resident.get(&path).await;
            let nowhere = format!("/geheim/{id}/{number}");
            let method = Method::from_bytes(format!("INVENT{number}").as_bytes()).unwrap();
            server.anonymous().send(method, &nowhere, &[], None).await;
        }
        let text = scrape(&server).await;
        for planted in ["1380539", "geheim", "INVENT", id.as_str()] {
            assert!(!text.contains(planted), "{planted} is in the figures");
        }
        assert!(text.contains("method=\"other\""));
        let grown = text.lines().count() - before;
        assert!(grown < 60, "{grown} lines for forty calls to two things");
    });
}

#[test]
fn looking_is_cheap_however_often_somebody_looks() {
    on_both(async |server: TestServer| {
        let door = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = door.local_addr().unwrap();
        let listening = listener::start(&server.services, door).unwrap();
        actix_web::rt::spawn(listening.server);
        let before = server.services.database.statements_sent();
        for _ in 0..10 {
            reqwest::get(format!("http://{address}/metrics")).await.unwrap();
        }
        let sent = server.services.database.statements_sent() - before;
        assert!(sent <= 3, "{sent} statements");
        listening.handle.stop(false).await;
    });
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[test]
fn what_is_looked_up_walks_indexes_on_sqlite() {
    system_tests::server::on_sqlite_with(
        |_| {},
        async |server: TestServer| {
            let plan: Vec<Step> = server
                .services
                .database
                .readers
                .read(|connection| {
                    Ok::<_, StoreError>(sql_query(format!("EXPLAIN QUERY PLAN {BACKLOG}")).load(connection)?)
                })
                .await
                .unwrap();
            let plan: Vec<String> = plan.into_iter().map(|step| step.detail).collect();
            let whole = plan.join("\n");
            assert!(!whole.contains("TEMP B-TREE"), "{whole}");
            assert!(
                whole.contains("outbox_dead") && whole.contains("clocks_to_wake"),
                "{whole}"
            );
        },
    );
}

#[test]
fn a_database_that_is_away_is_said_to_be() {
    system_tests::server::on_sqlite_with(
        |_| {},
        async |server: TestServer| {
            let text = scrape(&server).await;
            assert!(figure(&text, "shoufa_database_up") > 0.9);
            let services = Arc::clone(&server.services);
            services
                .database
                .writer
                .write(|transaction| {
                    transaction.change(|connection| sql_query("ALTER TABLE outbox RENAME TO gone").execute(connection))
                })
                .await
                .unwrap();
            let text = scrape(&server).await;
            assert!(figure(&text, "shoufa_database_up") < 0.1);
            assert!(!text.contains("outbox_lag_seconds"), "what is not known is not shown");
        },
    );
}
