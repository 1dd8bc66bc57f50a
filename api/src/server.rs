//! Builds the actix app, for `main` and for the tests alike, and runs it until it is told to stop.
//!
//! What each request goes through: an id, the answer's usual headers, one log line without personal data, and our
//! problem bodies for whatever actix itself refuses.

use std::{
    net::{SocketAddr, TcpListener},
    panic::AssertUnwindSafe,
    sync::Arc,
    time::Duration,
};

use actix_web::{
    App, Error, HttpRequest, HttpResponse, HttpServer, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ResourceDef, Server, ServerHandle, ServiceFactory, ServiceRequest, ServiceResponse},
    error::{InternalError, JsonPayloadError, PayloadError},
    http::{
        Method, StatusCode,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::{Next, from_fn},
    web,
};
use futures_util::FutureExt;
use shared::contract::problem::ProblemCode;
use tracing::{Instrument, Span, field};

use crate::{
    access::context::within_request,
    database::StoreError,
    errors::Failure,
    limits::guard::guard,
    routes::{self, docs, openapi, pages},
    services::Services,
    telemetry::{SPANS, traces},
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// On every answer of a demonstration, so that no client takes its cases for real ones.
const DEMONSTRATION: HeaderName = HeaderName::from_static("x-demonstration");

/// For a year, browsers come by TLS only.
const ONE_YEAR: &str = "max-age=31536000";
/// What a page of ours may load: its own scripts, styles and pictures, and nothing may frame it.
const PAGE_POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'none'";
/// What anything else may load.
const DATA_POLICY: &str = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/// Tells a path that names no operation from a thing that is not there.
pub const NO_SUCH_PATH: &str = "没有这个地址";

/// A server that listens; it answers as long as `server` is awaited.
pub struct RunningServer {
    /// Where it listens.
    pub address: SocketAddr,
    /// Tells it to stop.
    pub handle: ServerHandle,
    /// Ends when the server has stopped.
    pub server: Server,
}

/// The app over `services`.
pub fn build(
    services: &Arc<Services>,
) -> App<
    impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<BoxBody>, Error = Error, InitError = ()>
    + use<>,
> {
    let largest = services.config.server.largest_body;
    App::new()
        .app_data(web::Data::from(Arc::clone(services)))
        .app_data(
            web::JsonConfig::default()
                .limit(largest)
                .error_handler(|error, _| json_failure(&error).into()),
        )
        .app_data(web::PayloadConfig::default().limit(largest))
        // A path that does not parse names nothing.
        .app_data(web::PathConfig::default().error_handler(|_, _| Failure::new(ProblemCode::NotFound).into()))
        .app_data(
            web::QueryConfig::default()
                .error_handler(|error, _| Failure::new(ProblemCode::Malformed).with_detail(short(&error)).into()),
        )
        .configure(routes::configure)
        .configure(docs::configure)
        .default_service(web::to(unknown))
        .wrap(from_fn(guard))
        .wrap(from_fn(frame))
}

/// Starts to listen and answer.
///
/// # Errors
/// When the socket cannot be used.
pub fn start(services: &Arc<Services>, listener: TcpListener) -> std::io::Result<RunningServer> {
    let address = listener.local_addr()?;
    let config = services.config.server.clone();
    let shared = Arc::clone(services);
    let mut server = HttpServer::new(move || build(&shared))
        .shutdown_timeout(config.shutdown_seconds)
        .client_request_timeout(Duration::from_secs(config.head_seconds))
        .keep_alive(Duration::from_secs(config.keep_alive_seconds))
        .max_connections(config.connections);
    if config.workers > 0 {
        server = server.workers(config.workers);
    }
    let server = server.listen(listener)?.run();
    Ok(RunningServer {
        address,
        handle: server.handle(),
        server,
    })
}

/// Waits until everything that was handed to the writer is committed: the last thing before the process ends.
///
/// # Errors
/// When the database failed meanwhile.
pub async fn drain(services: &Services) -> Result<(), StoreError> {
    loop {
        match services.database.writer.write(|_| Ok::<_, StoreError>(())).await {
            Err(StoreError::Busy) => tokio::time::sleep(Duration::from_millis(20)).await,
            other => return other,
        }
    }
}

/// Around every request.
async fn frame(request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse, Error> {
    let started = std::time::Instant::now();
    let request_id = request_id(request.headers());
    let method = request.method().clone();
    let span = request_span(&request_id);
    let answered = within_request(request_id.clone(), async {
        AssertUnwindSafe(next.call(request))
            .catch_unwind()
            .await
            .unwrap_or_else(|_| {
                let failure = Failure::internal("a handler panicked");
                let answer = failure.error_response();
                Err(InternalError::from_response(failure, answer).into())
            })
    })
    .instrument(span.clone())
    .await;
    let mut response = answered?.map_into_boxed_body();
    let took = started.elapsed();
    let route = response.request().match_pattern();
    let status = response.status();
    tell_span(&span, &method, route.as_deref(), status);
    let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let template = route.as_deref().unwrap_or("none");
    tracing::info!(%method, route = template, status = status.as_u16(), milliseconds, request_id, "answered");
    let services = response.request().app_data::<web::Data<Services>>().cloned();
    if let Some(services) = services {
        services.metrics.count_request(route, &method, status, took);
        let failure = response.response().error().and_then(Error::as_error::<Failure>);
        if let Some(failure) = failure {
            services.metrics.count_refusal(failure.code);
        }
        if services.config.server.behind_tls {
            response
                .headers_mut()
                .insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(ONE_YEAR));
        }
        if services.config.demo {
            response
                .headers_mut()
                .insert(DEMONSTRATION, HeaderValue::from_static("true"));
        }
    }
    add_headers(response.headers_mut(), &request_id);
    Ok(response)
}

/// The span of a request. What it was is known only when it is answered.
fn request_span(request_id: &str) -> Span {
    tracing::info_span!(
        target: SPANS,
        "request",
        request_id,
        otel.kind = "server",
        otel.status_code = field::Empty,
        http.request.method = field::Empty,
        http.route = field::Empty,
        http.response.status_code = field::Empty,
    )
}

fn tell_span(span: &Span, method: &Method, route: Option<&str>, status: StatusCode) {
    if span.is_disabled() {
        return;
    }
    // A method that somebody invented is not for a trace: nothing here answers to it.
    if let Some(route) = route {
        traces::rename(span, format!("{method} {route}"));
        span.record("http.request.method", method.as_str());
        span.record("http.route", route);
    }
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
}

/// The caller's id when it is well-formed, else a new one.
fn request_id(headers: &HeaderMap) -> String {
    let well_formed = |text: &&str| {
        (8..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    headers
        .get(&REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .filter(well_formed)
        .map_or_else(|| uuid::Uuid::new_v4().to_string(), str::to_owned)
}

fn add_headers(headers: &mut HeaderMap, request_id: &str) {
    if let Ok(value) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, value);
    }
    let is_page = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            header::CONTENT_SECURITY_POLICY,
            if is_page { PAGE_POLICY } else { DATA_POLICY },
        ),
        (header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
        (
            header::PERMISSIONS_POLICY,
            "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        // A handler that knows better has set its own.
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}

/// No operation here: another method, a page, or nothing at all.
async fn unknown(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, Failure> {
    let methods = methods_at(request.path());
    if methods.is_empty() {
        if let Some(answer) = pages::show(&request, &services).await {
            return answer;
        }
        return Err(Failure::new(ProblemCode::NotFound).with_detail(NO_SUCH_PATH));
    }
    let mut answer = Failure::new(ProblemCode::MethodNotAllowed).error_response();
    if let Ok(allowed) = HeaderValue::from_str(&methods.join(", ")) {
        answer.headers_mut().insert(header::ALLOW, allowed);
    }
    Ok(answer)
}

fn methods_at(path: &str) -> Vec<&'static str> {
    static OPERATIONS: std::sync::LazyLock<Vec<(&'static str, ResourceDef)>> = std::sync::LazyLock::new(|| {
        openapi::operations()
            .into_iter()
            .map(|(method, template)| (method, ResourceDef::new(template)))
            .collect()
    });
    OPERATIONS
        .iter()
        .filter(|(_, template)| template.is_match(path))
        .map(|(method, _)| *method)
        .collect()
}

fn json_failure(error: &JsonPayloadError) -> Failure {
    match error {
        JsonPayloadError::OverflowKnownLength { .. } | JsonPayloadError::Overflow { .. } => {
            ProblemCode::BodyTooLarge.into()
        }
        JsonPayloadError::Payload(PayloadError::Io(error)) if error.kind() == std::io::ErrorKind::TimedOut => {
            ProblemCode::RequestTimeout.into()
        }
        JsonPayloadError::ContentType => ProblemCode::UnsupportedMediaType.into(),
        JsonPayloadError::Deserialize(error) => Failure::new(ProblemCode::Malformed).with_detail(json_detail(error)),
        _ => ProblemCode::Malformed.into(),
    }
}

/// Where the body is wrong, and which field when the parser names one; never a value, which may be personal, nor what
/// does not look like a field's name.
fn json_detail(error: &serde_json::Error) -> String {
    let words = short(error);
    let unknown = words
        .strip_prefix("unknown field `")
        .and_then(|rest| rest.split('`').next());
    let is_name = |name: &str| {
        name.starts_with(|first: char| first.is_ascii_alphabetic())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    if words.starts_with("missing field") || unknown.is_some_and(is_name) {
        words
    } else {
        format!("line {} column {}", error.line(), error.column())
    }
}

/// The parser's own words, bounded: they name the parameter and never repeat its value at length.
fn short(error: &dyn std::fmt::Display) -> String {
    error.to_string().chars().take(120).collect()
}
