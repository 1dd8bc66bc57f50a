//! Who asks too often is told when to come back, and nobody else feels it; slow and oversized requests end.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use api::config::{ClassLimit, Config};
use reqwest::Method;
use serde_json::json;
use shared::contract::problem::ProblemCode;
use system_tests::server::{TestActor, TestAnswer, TestServer, on_sqlite_with};

const CATEGORIES: &str = "/api/v1/categories";

fn limited(address: u32, account: u32) -> impl Fn(&mut Config) {
    move |config| {
        config.limits.enabled = true;
        config.limits.reading = ClassLimit {
            address,
            account,
            seconds: 60,
        };
        config.server.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
        config.server.behind_tls = true;
    }
}

async fn from(actor: &TestActor, address: &str) -> TestAnswer {
    actor
        .send(Method::GET, CATEGORIES, &[("X-Forwarded-For", address)], None)
        .await
}

#[test]
fn what_is_left_is_told_and_a_spent_budget_says_when_to_come_back() {
    on_sqlite_with(limited(3, 100), async |server: TestServer| {
        let visitor = server.anonymous();
        let first = from(&visitor, "198.51.100.1").await.expect(200);
        assert_eq!(first.header("ratelimit-policy"), Some("\"reading-address\";q=3;w=60"));
        assert_eq!(first.header("ratelimit"), Some("\"reading-address\";r=2;t=20"));
        from(&visitor, "198.51.100.1").await.expect(200);
        from(&visitor, "198.51.100.1").await.expect(200);
        let refused = from(&visitor, "198.51.100.1").await.expect(429);
        let refused = refused.problem(ProblemCode::TooManyAttempts);
        let wait: u32 = refused.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=20).contains(&wait), "{wait}");
        assert!(refused.header("ratelimit").unwrap().contains("r=0"));
        // The proxy's other clients, other operations and the watch over the server go on.
        from(&visitor, "198.51.100.2").await.expect(200);
        let by_v6 = |address: &'static str| from(&visitor, address);
        for _ in 0..3 {
            by_v6("2001:db8:1:2::1").await.expect(200);
        }
        by_v6("2001:db8:1:2:ffff::2").await.expect(429);
        by_v6("2001:db8:1:3::1").await.expect(200);
        let health = visitor
            .send(Method::GET, "/healthz", &[("X-Forwarded-For", "198.51.100.1")], None)
            .await;
        assert_eq!(health.expect(204).header("ratelimit"), None);
    });
}

#[test]
fn what_a_client_writes_in_front_of_a_proxy_is_not_believed() {
    on_sqlite_with(limited(2, 100), async |server: TestServer| {
        let visitor = server.anonymous();
        for invented in ["6.6.6.1, 198.51.100.7", "6.6.6.2, 198.51.100.7"] {
            from(&visitor, invented).await.expect(200);
        }
        from(&visitor, "6.6.6.3, 198.51.100.7").await.expect(429);
    });
}

#[test]
fn an_account_spends_its_own_budget_behind_a_shared_gateway() {
    on_sqlite_with(limited(1_000, 2), async |server: TestServer| {
        let (one, other) = (server.citizen("13953900011").await, server.citizen("13953900012").await);
        for _ in 0..2 {
            from(&one, "198.51.100.1").await.expect(200);
        }
        let refused = from(&one, "198.51.100.1").await.problem(ProblemCode::TooManyAttempts);
        assert!(
            refused
                .header("ratelimit-policy")
                .unwrap()
                .contains("\"reading-account\";q=2;w=60")
        );
        from(&other, "198.51.100.1").await.expect(200);
        from(&server.anonymous(), "198.51.100.1").await.expect(200);
    });
}

#[test]
fn answers_carry_the_strict_headers() {
    on_sqlite_with(limited(100, 100), async |server: TestServer| {
        let answer = server.anonymous().get(CATEGORIES).await.expect(200);
        for (name, value) in [
            ("strict-transport-security", "max-age=31536000"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            (
                "content-security-policy",
                "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
            ),
        ] {
            assert_eq!(answer.header(name), Some(value), "{name}");
        }
        assert!(answer.header("permissions-policy").unwrap().contains("microphone=()"));
    });
}

#[test]
fn a_head_that_is_too_long_is_refused() {
    on_sqlite_with(
        |_| {},
        async |server: TestServer| {
            let long = "x".repeat(17 * 1024);
            let answer = server
                .anonymous()
                .send(Method::GET, CATEGORIES, &[("X-Long", &long)], None)
                .await;
            answer.expect(431).problem(ProblemCode::HeadersTooLarge);
        },
    );
}

/// Writes `head`, and nothing more; answers what came back until the server closed, and after how long.
fn trickle(base: &str, head: &str) -> (String, Duration) {
    let started = Instant::now();
    let mut stream = TcpStream::connect(base.strip_prefix("http://").unwrap()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = Vec::new();
    let closed = stream.read_to_end(&mut answer);
    assert!(closed.is_ok(), "the server keeps a slow client: {closed:?}");
    (String::from_utf8_lossy(&answer).into_owned(), started.elapsed())
}

#[test]
fn who_never_finishes_a_head_or_a_body_is_sent_away() {
    let quick = |config: &mut Config| {
        config.server.head_seconds = 1;
        config.server.body_seconds = 1;
        config.server.photo_seconds = 1;
    };
    on_sqlite_with(quick, async |server: TestServer| {
        let base = server.base.clone();
        let head = "GET /healthz HTTP/1.1\r\nHost: a\r\n".to_owned();
        let body = "POST /api/v1/accounts/codes HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\
                    Content-Length: 30\r\n\r\n{\"phone\":"
            .to_owned();
        for (half, code) in [(head, None), (body, Some("request_timeout"))] {
            let base = base.clone();
            let (answer, took) = actix_web::rt::task::spawn_blocking(move || trickle(&base, &half))
                .await
                .unwrap();
            assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
            assert!(took < Duration::from_secs(10), "{took:?}");
            assert!(code.is_none_or(|code| answer.contains(code)), "{answer}");
        }
        // Others are answered all the while.
        let asked = server
            .anonymous()
            .post("/api/v1/accounts/codes", &json!({ "phone": "13953900031" }))
            .await;
        asked.expect(202);
    });
}

#[test]
fn one_number_is_not_flooded_with_messages() {
    on_sqlite_with(
        |_| {},
        async |server: TestServer| {
            let visitor = server.anonymous();
            let mut sent = 0;
            for _ in 0..40 {
                let asked = visitor
                    .post("/api/v1/accounts/codes", &json!({ "phone": "13953900032" }))
                    .await;
                sent += usize::from(asked.status == 202);
                server.clock.advance_minutes(30);
            }
            // Twenty hours: ten codes a day and no more.
            assert_eq!(sent, 10);
            assert_eq!(server.texts_to("13953900032").await.len(), 10);
        },
    );
}
