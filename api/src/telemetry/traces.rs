//! Spans for an OpenTelemetry collector, over OTLP/HTTP, when one is configured. It decides how they leave the process;
//! where a span begins is said where the work is done: at the request, the write, the try to deliver.
//!
//! A trace begins here: what a caller says of its own trace is not taken over.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use opentelemetry::{
    KeyValue,
    trace::{TraceContextExt, TracerProvider},
};
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    trace::{Sampler, SdkTracerProvider},
};
use tokio::runtime::Handle;
use tracing::{Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::{Layer, filter::filter_fn, registry::LookupSpan};

use super::SPANS;
use crate::config::TraceConfig;

/// Longest time for one parcel of spans.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Why spans cannot be sent.
#[derive(Debug, thiserror::Error)]
#[error("traces: {0}")]
pub struct TraceError(String);

/// The way to the collector.
pub struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    /// Sets up what is configured; none when no collector is named. To be called within the runtime that sends.
    ///
    /// # Errors
    /// When the address cannot be used.
    pub fn open(config: &TraceConfig) -> Result<Option<Self>, TraceError> {
        let Some(base) = &config.endpoint else {
            return Ok(None);
        };
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(TIMEOUT)
            .build()
            .map_err(|error| TraceError(error.to_string()))?;
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(OnRuntime {
                client,
                runtime: Handle::current(),
            })
            .with_endpoint(format!("{}/v1/traces", base.trim_end_matches('/')))
            .with_timeout(TIMEOUT)
            .build()
            .map_err(|error| TraceError(error.to_string()))?;
        let resource = Resource::builder_empty()
            .with_service_name("shoufa")
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(config.ratio))))
            .with_resource(resource)
            .build();
        Ok(Some(Self { provider }))
    }

    /// Takes our spans and nothing else.
    #[must_use]
    pub fn layer<S: Subscriber + for<'a> LookupSpan<'a>>(&self) -> impl Layer<S> + use<S> {
        tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer("shoufa"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_filter(filter_fn(|metadata| metadata.is_span() && metadata.target() == SPANS))
    }

    /// Sends what waits; the last thing before the process ends.
    pub async fn close(self) {
        // The sending needs this runtime: it must not be blocked meanwhile.
        let closed = tokio::task::spawn_blocking(move || self.provider.shutdown_with_timeout(TIMEOUT)).await;
        if !matches!(closed, Ok(Ok(()))) {
            tracing::warn!("the last spans could not be sent");
        }
    }
}

/// Names a span once it is known what it was; a name given as a field comes too late when a part of it has ended.
pub fn rename(span: &Span, name: String) {
    span.context().span().update_name(name);
}

/// The exporter works on a thread of its own, without a runtime; our client needs the server's.
struct OnRuntime {
    client: reqwest::Client,
    runtime: Handle,
}

impl fmt::Debug for OnRuntime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnRuntime")
    }
}

#[async_trait]
impl HttpClient for OnRuntime {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (head, body) = request.into_parts();
        let sending = self
            .client
            .request(head.method, head.uri.to_string())
            .headers(head.headers)
            .body(body);
        // Even to begin the exchange takes a runtime, for its time limit. Of the answer only the status matters.
        let status = self.runtime.spawn(async { sending.send().await }).await??.status();
        Ok(Response::builder().status(status).body(Bytes::new())?)
    }
}
