//! An OpenTelemetry collector on loopback: takes spans over OTLP/HTTP and keeps them for the test to read.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use actix_web::{
    HttpResponse,
    web::{self, Bytes, Data, ServiceConfig},
};
use opentelemetry_proto::tonic::{collector::trace::v1::ExportTraceServiceRequest, trace::v1::Span};
use prost::Message;

use crate::loopback::Loopback;

/// How long to wait for spans: the sender gathers them for some seconds.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Default)]
struct State(Mutex<Vec<Vec<u8>>>);

/// The running fake; it ends when dropped.
pub struct FakeCollector {
    server: Loopback,
    state: Arc<State>,
}

impl FakeCollector {
    /// Starts on a free port.
    ///
    /// # Errors
    /// When no port can be bound.
    pub fn start() -> io::Result<Self> {
        let state = Arc::new(State::default());
        let shared = Data::from(Arc::clone(&state));
        let server = Loopback::start(move |app: &mut ServiceConfig| {
            app.app_data(shared.clone())
                .app_data(web::PayloadConfig::default().limit(8 * 1024 * 1024))
                .route("/v1/traces", web::post().to(take));
        })?;
        Ok(Self { server, state })
    }

    /// The address to configure.
    #[must_use]
    pub fn address(&self) -> String {
        self.server.base()
    }

    /// The parcels as they came, to be searched for what must not be in them.
    #[must_use]
    pub fn parcels(&self) -> Vec<Vec<u8>> {
        self.state.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Every span so far.
    #[must_use]
    pub fn spans(&self) -> Vec<Span> {
        self.parcels()
            .iter()
            .filter_map(|parcel| ExportTraceServiceRequest::decode(parcel.as_slice()).ok())
            .flat_map(|request| request.resource_spans)
            .flat_map(|resource| resource.scope_spans)
            .flat_map(|scope| scope.spans)
            .collect()
    }

    /// Waits for a span of this name.
    pub async fn wait_for(&self, name: &str) -> Option<Span> {
        let asked = Instant::now();
        while asked.elapsed() < PATIENCE {
            if let Some(span) = self.spans().into_iter().find(|span| span.name == name) {
                return Some(span);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        None
    }
}

async fn take(body: Bytes, state: Data<State>) -> HttpResponse {
    state
        .0
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(body.to_vec());
    HttpResponse::Ok().content_type("application/x-protobuf").finish()
}
