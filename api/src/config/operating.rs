//! What the operator sees of a running server, and how long it keeps what it keeps.

use std::net::SocketAddr;

use serde::Deserialize;

use crate::telemetry::log::LogFormat;

/// The log.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// What is logged, such as `info` or `api=debug,info`.
    pub filter: String,
    /// Text for eyes, or one JSON object a line.
    pub format: LogFormat,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self {
            filter: "info".to_owned(),
            format: LogFormat::default(),
        }
    }
}

/// How long what is kept that is no part of a case. Cases, their timelines and photographs are an archive's matter.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RetentionConfig {
    /// Hours that the answer to a repeated request is remembered; at least 24, so that a phone may come back tomorrow.
    pub idempotency_hours: u32,
    /// Days that a session's rows are kept after its last possible moment.
    pub ended_sessions_days: u32,
    /// Days that a message that was given up is kept for a person to look at.
    pub dead_letters_days: u32,
    /// Days that a notice is kept that was read.
    pub read_notices_days: u32,
    /// Days that the audit trail is kept, at least 185; for ever when not set.
    pub audit_days: Option<u32>,
}

/// Security logs are kept for six months at least (Cybersecurity Law).
const LEAST_AUDIT_DAYS: u32 = 185;

impl RetentionConfig {
    /// What would lose something too early.
    pub(super) fn check(&self) -> Result<(), &'static str> {
        if self.audit_days.is_some_and(|days| days < LEAST_AUDIT_DAYS) {
            return Err("retention.audit_days is at least 185: the law asks for six months");
        }
        if self.idempotency_hours < 24 {
            return Err("retention.idempotency_hours is at least 24");
        }
        Ok(())
    }
}

impl Default for RetentionConfig {
    fn default() -> Self {
        Self {
            idempotency_hours: 48,
            ended_sessions_days: 90,
            dead_letters_days: 180,
            read_notices_days: 730,
            audit_days: None,
        }
    }
}

/// Figures for Prometheus.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MetricsConfig {
    /// Address that answers `GET /metrics`, to whoever reaches it; none for no figures. Never the public one.
    pub listen: Option<SocketAddr>,
}

/// Spans for an OpenTelemetry collector.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TraceConfig {
    /// Address of the collector, to which `/v1/traces` is added (OTLP over HTTP); none for no traces.
    pub endpoint: Option<String>,
    /// Part of the requests that is traced, from 0 to 1.
    pub ratio: f64,
}

impl TraceConfig {
    pub(super) fn check(&self) -> Result<(), &'static str> {
        if (0.0..=1.0).contains(&self.ratio) {
            Ok(())
        } else {
            Err("traces.ratio is from 0 to 1")
        }
    }
}

impl Default for TraceConfig {
    fn default() -> Self {
        Self {
            endpoint: None,
            ratio: 1.0,
        }
    }
}
