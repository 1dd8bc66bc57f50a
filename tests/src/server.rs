//! A whole server for a test: the real app on a free port, a clock that stands still, a database of its own.
//!
//! Every promise is kept on both databases: SQLite in a temporary file always, PostgreSQL in a schema of its own at
//! `SHOUFA_TEST_DATABASE_URL`. Actors only use HTTP; what they are before the test begins is made as an operator makes it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test that cannot go on fails, and says where"
)]

use std::{
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use api::{
    access::{Actor, RequestContext, sms::SealedSms},
    clock::HandClock,
    config::{Config, DatabaseConfig, SecondFactorPolicy},
    database::{StoreError, schema::outbox},
    server,
    services::Services,
    usecases::staff_accounts::create::{NewStaffAccount, create},
};
use diesel::prelude::*;
use reqwest::{Method, header};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use shared::{
    contract::{problem::ProblemCode, secret::Secret, session::TokensView},
    domain::{
        role::{Grant, Role},
        time::Timestamp,
    },
};

use crate::schema::Schema;

/// The password of every member of staff that a test makes.
pub const STAFF_PASSWORD: &str = "Yimeng-2026-Test";

/// When every test begins: Monday, 23 November 2026, 10:00 in the city.
#[must_use]
pub fn beginning() -> Timestamp {
    serde_json::from_str("\"2026-11-23T10:00:00+08:00\"").unwrap()
}

/// Runs the same promise on both databases.
pub fn on_both(promise: impl AsyncFn(TestServer)) {
    on_both_with(|_| {}, promise);
}

/// As [`on_both`], with a configuration of its own.
pub fn on_both_with(change: impl Fn(&mut Config), promise: impl AsyncFn(TestServer)) {
    on_sqlite_with(&change, &promise);
    let schema = Schema::make();
    run(&change, &promise, Some(schema.url()), beginning());
}

/// As [`on_both`], on another day than all others.
pub fn on_both_from(start: Timestamp, promise: impl AsyncFn(TestServer)) {
    run(&|_: &mut Config| {}, &promise, None, start);
    let schema = Schema::make();
    run(&|_: &mut Config| {}, &promise, Some(schema.url()), start);
}

/// As [`on_both_with`], on SQLite alone: for what has nothing to do with the database.
pub fn on_sqlite_with(change: impl Fn(&mut Config), promise: impl AsyncFn(TestServer)) {
    run(&change, &promise, None, beginning());
}

fn run(change: &impl Fn(&mut Config), promise: &impl AsyncFn(TestServer), url: Option<&str>, start: Timestamp) {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config {
        data: folder.path().to_path_buf(),
        database: DatabaseConfig {
            url: url.map(Secret::new),
            ..DatabaseConfig::default()
        },
        ..Config::default()
    };
    config.server.workers = 2;
    // All actors of a test ask from one address.
    config.limits.enabled = false;
    // Administrators would have to enrol before each test.
    config.staff.second_factor = SecondFactorPolicy::Enrolled;
    change(&mut config);
    actix_web::rt::System::new().block_on(async {
        let server = TestServer::start_at(config, Arc::new(HandClock::at(start))).await;
        promise(server.clone()).await;
        server.stop().await;
    });
}

/// A running server. Cheap to clone.
#[derive(Clone)]
pub struct TestServer {
    /// What the server works with; for builders of rows, never for what an actor could do.
    pub services: Arc<Services>,
    /// Stands still until it is moved.
    pub clock: Arc<HandClock>,
    /// `http://127.0.0.1:PORT`.
    pub base: String,
    client: reqwest::Client,
    handle: actix_web::dev::ServerHandle,
    made: Arc<AtomicU32>,
}

impl TestServer {
    /// Starts on a free port.
    pub async fn start(config: Config) -> Self {
        Self::start_at(config, Arc::new(HandClock::at(beginning()))).await
    }

    /// Starts on a free port with a clock that another server may share.
    pub async fn start_at(config: Config, clock: Arc<HandClock>) -> Self {
        let shared: Arc<dyn api::clock::Clock> = Arc::clone(&clock) as _;
        let services = Arc::new(Services::start(config, shared).await.unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let running = server::start(&services, listener).unwrap();
        let base = format!("http://{}", running.address);
        let handle = running.handle.clone();
        actix_web::rt::spawn(running.server);
        Self {
            services,
            clock,
            base,
            client: reqwest::Client::builder().no_proxy().build().unwrap(),
            handle,
            made: Arc::new(AtomicU32::new(0)),
        }
    }

    /// Finishes what is under way and stops.
    pub async fn stop(&self) {
        self.services.live_desks.close();
        self.handle.stop(true).await;
        server::drain(&self.services).await.unwrap();
    }

    /// Somebody who is not signed in.
    #[must_use]
    pub fn anonymous(&self) -> TestActor {
        TestActor {
            server: self.clone(),
            tokens: None,
        }
    }

    /// A resident who registered with this number, over HTTP, with the code from the text message.
    pub async fn citizen(&self, phone: &str) -> TestActor {
        let visitor = self.anonymous();
        let asked = visitor.post("/api/v1/accounts/codes", &json!({ "phone": phone })).await;
        asked.expect(202);
        let code = self.latest_code(phone).await;
        let answer = visitor
            .post("/api/v1/accounts", &json!({ "phone": phone, "code": code }))
            .await;
        assert!(matches!(answer.status, 200 | 201), "registering: {answer:?}");
        self.signed_in(answer.json())
    }

    /// A member of staff with one role: the roles of a unit reach that unit's subtree, all others reach everywhere.
    pub async fn staff(&self, role: Role, unit: &str) -> TestActor {
        let of_unit = matches!(role, Role::UnitLiaison | Role::UnitHandler | Role::UnitLeader);
        let grant = Grant {
            unit: of_unit.then(|| unit.to_owned()),
            ..Grant::everywhere(role)
        };
        self.staff_with(unit, vec![grant]).await
    }

    /// A member of staff of this unit with these grants.
    pub async fn staff_with(&self, unit: &str, grants: Vec<Grant>) -> TestActor {
        let username = format!("staff{}", self.made.fetch_add(1, Ordering::Relaxed));
        let new = NewStaffAccount {
            username: username.clone(),
            display_name: "测试员".to_owned(),
            post: String::new(),
            unit: unit.to_owned(),
            password: STAFF_PASSWORD.to_owned(),
            must_change_password: false,
            grants,
            active_until: None,
        };
        create(&self.services, &RequestContext::default(), Actor::System, new)
            .await
            .unwrap();
        let sign_in = json!({ "username": username, "password": STAFF_PASSWORD });
        let answer = self.anonymous().post("/api/v1/staff/sessions", &sign_in).await;
        self.signed_in(answer.expect(201).json())
    }

    /// The actor of a session.
    #[must_use]
    pub fn signed_in(&self, tokens: TokensView) -> TestActor {
        TestActor {
            server: self.clone(),
            tokens: Some(tokens),
        }
    }

    /// The texts that wait to be sent to this number, newest first.
    pub async fn texts_to(&self, phone: &str) -> Vec<String> {
        let number: shared::domain::phone::MobileNumber = phone.parse().unwrap();
        let payloads: Vec<String> = self
            .services
            .database
            .readers
            .read(|connection| {
                Ok::<_, StoreError>(
                    outbox::table
                        .filter(outbox::task.eq("sms"))
                        .order(outbox::id.desc())
                        .select(outbox::payload)
                        .load(connection)?,
                )
            })
            .await
            .unwrap();
        payloads
            .iter()
            .map(|payload| SealedSms::open(payload, &self.services.access.secrets).unwrap())
            .filter(|message| message.number == number.to_e164())
            .map(|message| message.text)
            .collect()
    }

    /// The code in the newest text to this number.
    pub async fn latest_code(&self, phone: &str) -> String {
        let texts = self.texts_to(phone).await;
        let text = texts.first().expect("a text was sent");
        let digits = |part: &&str| part.len() == 6 && part.bytes().all(|byte| byte.is_ascii_digit());
        text.split(|character: char| !character.is_ascii_digit())
            .find(digits)
            .expect("six digits")
            .to_owned()
    }
}

/// Somebody who uses HTTP.
#[derive(Clone)]
pub struct TestActor {
    /// The server.
    pub server: TestServer,
    /// The session, when signed in.
    pub tokens: Option<TokensView>,
}

impl TestActor {
    /// The account's id, as it is on the wire.
    #[must_use]
    pub fn id(&self) -> String {
        self.tokens.as_ref().unwrap().account_id.to_string()
    }

    /// The access token.
    #[must_use]
    pub fn bearer(&self) -> &str {
        self.tokens.as_ref().unwrap().access_token.reveal()
    }

    /// `GET`.
    pub async fn get(&self, path: &str) -> TestAnswer {
        self.send(Method::GET, path, &[], None).await
    }

    /// `POST` with a JSON body.
    pub async fn post(&self, path: &str, body: &impl Serialize) -> TestAnswer {
        self.send(Method::POST, path, &[], Some(serde_json::to_value(body).unwrap()))
            .await
    }

    /// `POST` with an `Idempotency-Key`.
    pub async fn post_once(&self, path: &str, key: &str, body: &impl Serialize) -> TestAnswer {
        let body = serde_json::to_value(body).unwrap();
        self.send(Method::POST, path, &[("Idempotency-Key", key)], Some(body))
            .await
    }

    /// `PUT` with a JSON body.
    pub async fn put(&self, path: &str, body: &impl Serialize) -> TestAnswer {
        self.send(Method::PUT, path, &[], Some(serde_json::to_value(body).unwrap()))
            .await
    }

    /// `DELETE`.
    pub async fn delete(&self, path: &str) -> TestAnswer {
        self.send(Method::DELETE, path, &[], None).await
    }

    /// `POST` with a body as it is: bytes, or a form's.
    ///
    /// # Errors
    /// When the connection breaks before there is an answer.
    pub async fn post_body(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<reqwest::Body>,
    ) -> reqwest::Result<TestAnswer> {
        let mut request = self.server.client.post(format!("{}{path}", self.server.base));
        if let Some(tokens) = &self.tokens {
            request = request.bearer_auth(tokens.access_token.reveal());
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Ok(TestAnswer::read(request.body(body).send().await?).await)
    }

    /// Any request.
    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<Value>) -> TestAnswer {
        let mut request = self
            .server
            .client
            .request(method, format!("{}{path}", self.server.base));
        if let Some(tokens) = &self.tokens {
            request = request.bearer_auth(tokens.access_token.reveal());
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        TestAnswer::read(request.send().await.unwrap()).await
    }
}

/// What the server answered.
#[derive(Clone)]
pub struct TestAnswer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: header::HeaderMap,
    /// The body as it came.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for TestAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.status, String::from_utf8_lossy(&self.body))
    }
}

impl TestAnswer {
    async fn read(response: reqwest::Response) -> Self {
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.bytes().await.unwrap().to_vec(),
        }
    }

    /// The answer, if it has this status.
    #[track_caller]
    #[allow(
        clippy::must_use_candidate,
        clippy::return_self_not_must_use,
        reason = "often the assertion is all that is wanted"
    )]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// A header's value.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body as a type of the contract.
    #[must_use]
    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The body as JSON.
    #[must_use]
    #[track_caller]
    pub fn value(&self) -> Value {
        self.json()
    }

    /// Asserts a refusal with this code, in the form that all refusals have.
    #[track_caller]
    #[allow(
        clippy::must_use_candidate,
        clippy::return_self_not_must_use,
        reason = "often the assertion is all that is wanted"
    )]
    pub fn problem(self, code: ProblemCode) -> Self {
        let problem: shared::contract::problem::ProblemView = self.json();
        assert_eq!(problem.code, code, "{self:?}");
        assert_eq!(problem.status, self.status, "{self:?}");
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json; charset=utf-8")
        );
        assert_eq!(self.header("x-request-id"), Some(problem.request_id.as_str()));
        assert!(!problem.request_id.is_empty());
        self
    }
}
