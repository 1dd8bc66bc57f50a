//! What is counted while the server works. What can be looked up when somebody asks is in `scrape`.
//!
//! Every label has a bounded set of values: route templates, methods and statuses that we know, codes of our own.

use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::ConstGauge, histogram::Histogram},
    registry::Registry,
};
use shared::{contract::problem::ProblemCode, domain::time::Timestamp};

/// Upper bounds of the latency buckets, in seconds: a commit takes milliseconds, a photo a second.
const LATENCIES: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    route: String,
    method: &'static str,
    status: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
    method: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Code {
    code: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Limit {
    limit: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Kind {
    kind: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Done {
    done: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Attempt {
    task: &'static str,
    outcome: &'static str,
}

/// The counters of one process.
pub struct Metrics {
    pub(super) registry: Registry,
    requests: Family<Request, Counter>,
    latencies: Family<Route, Histogram>,
    refusals: Family<Code, Counter>,
    sign_ins_refused: Family<Code, Counter>,
    rate_limited: Family<Limit, Counter>,
    outbox_attempts: Family<Attempt, Counter>,
    removed: Family<Kind, Counter>,
    swept: Family<Done, Counter>,
}

impl Metrics {
    /// Nothing counted yet.
    #[must_use]
    pub fn new(started: Timestamp) -> Self {
        let mut registry = Registry::with_prefix("shoufa");
        let metrics = Self {
            requests: Family::default(),
            latencies: Family::new_with_constructor(|| Histogram::new(LATENCIES)),
            refusals: Family::default(),
            sign_ins_refused: Family::default(),
            rate_limited: Family::default(),
            outbox_attempts: Family::default(),
            removed: Family::default(),
            swept: Family::default(),
            registry: Registry::default(),
        };
        registry.register("requests", "Requests answered", metrics.requests.clone());
        registry.register(
            "request_seconds",
            "Time from the request's head to the answer's head",
            metrics.latencies.clone(),
        );
        registry.register("refusals", "Answers with a problem code", metrics.refusals.clone());
        registry.register(
            "sign_ins_refused",
            "Sign-ins refused: wrong, or locked for a while",
            metrics.sign_ins_refused.clone(),
        );
        registry.register(
            "rate_limited",
            "Requests turned away by a rate limit",
            metrics.rate_limited.clone(),
        );
        registry.register(
            "outbox_attempts",
            "Tries to deliver a message",
            metrics.outbox_attempts.clone(),
        );
        registry.register(
            "retention_removed",
            "Rows removed because their time was over",
            metrics.removed.clone(),
        );
        registry.register(
            "swept",
            "What the sweep did: holders warned, steps taken, limits that ran out, supervisions opened",
            metrics.swept.clone(),
        );
        registry.register(
            "start_time_seconds",
            "When this process started, in seconds since 1970",
            ConstGauge::new(started.millis() / 1000),
        );
        Self { registry, ..metrics }
    }

    /// Counts an answer. `route` is the template that matched, none when nothing did.
    pub fn count_request(&self, route: Option<String>, method: &Method, status: StatusCode, took: Duration) {
        let route = route.unwrap_or_else(|| "none".to_owned());
        let method = known(method);
        self.latencies
            .get_or_create(&Route {
                route: route.clone(),
                method,
            })
            .observe(took.as_secs_f64());
        let status = class_of(status);
        self.requests.get_or_create(&Request { route, method, status }).inc();
    }

    /// Counts an answer that carries a problem code.
    pub fn count_refusal(&self, code: ProblemCode) {
        let label = Code { code: code.as_str() };
        if matches!(code, ProblemCode::SignInFailed | ProblemCode::TemporarilyLocked) {
            self.sign_ins_refused.get_or_create(&label).inc();
        }
        self.refusals.get_or_create(&label).inc();
    }

    /// Counts a request that a rate limit turned away; `limit` names the limit, such as `address`.
    pub fn count_rate_limited(&self, limit: &'static str) {
        self.rate_limited.get_or_create(&Limit { limit }).inc();
    }

    /// Counts a try to deliver; `outcome` is `done`, `again` or `dead`.
    pub fn count_outbox_attempt(&self, task: &'static str, outcome: &'static str) {
        self.outbox_attempts.get_or_create(&Attempt { task, outcome }).inc();
    }

    /// Counts what a sweep did; `done` is `warned`, `stepped`, `overdue` or `opened`.
    pub fn count_swept(&self, done: &'static str, amount: usize) {
        let amount = u64::try_from(amount).unwrap_or(u64::MAX);
        self.swept.get_or_create(&Done { done }).inc_by(amount);
    }

    /// Counts rows that retention removed.
    pub fn count_removed(&self, kind: &'static str, rows: usize) {
        let rows = u64::try_from(rows).unwrap_or(u64::MAX);
        self.removed.get_or_create(&Kind { kind }).inc_by(rows);
    }
}

/// A caller may invent methods; a label may not.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

fn class_of(status: StatusCode) -> &'static str {
    match status.as_u16() / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}
