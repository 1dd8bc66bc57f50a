//! Stands before every operation: too long a head is refused, budgets are asked, and a body has so long to arrive. The one file of
//! this room that knows actix.

use std::{io, net::IpAddr, time::Duration};

use actix_web::{
    Error, HttpMessage, HttpRequest,
    body::{BoxBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    error::PayloadError,
    http::{
        ConnectionType, StatusCode,
        header::{HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web::{Bytes, Data},
};
use futures_util::{Stream, StreamExt, stream};
use shared::contract::problem::ProblemCode;
use tokio::time::{Instant, timeout_at};

use super::{Class, Verdict};
use crate::{
    access::extractor::{address_of, bearer_of},
    errors::Failure,
    services::Services,
};

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Lets a request through, or answers it.
///
/// # Errors
/// What the operation fails with.
pub async fn guard(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(services) = request.app_data::<Data<Services>>().cloned() else {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    };
    if head_bytes(request.request()) > services.config.server.largest_head {
        return Ok(refuse(request, Failure::new(ProblemCode::HeadersTooLarge)));
    }
    let class = Class::of(request.method().as_str(), request.path());
    let verdict = class.map_or_else(Verdict::default, |class| ask(&services, request.request(), class));
    let mut response = if let Some(seconds) = verdict.wait_seconds() {
        refuse(
            request,
            Failure::new(ProblemCode::TooManyAttempts).with_retry_after(seconds),
        )
    } else {
        if class != Some(Class::Reading) {
            let seconds = match class {
                Some(Class::Photos) => services.config.server.photo_seconds,
                _ => services.config.server.body_seconds,
            };
            let body = within(request.take_payload(), Duration::from_secs(seconds));
            request.set_payload(Payload::from(Box::pin(body) as std::pin::Pin<Box<dyn Stream<Item = _>>>));
        }
        next.call(request).await?.map_into_boxed_body()
    };
    if response.status() == StatusCode::REQUEST_TIMEOUT {
        // The rest of the body may never come.
        response
            .response_mut()
            .head_mut()
            .set_connection_type(ConnectionType::Close);
    }
    tell(&verdict, response.headers_mut());
    Ok(response)
}

fn refuse(request: ServiceRequest, failure: Failure) -> ServiceResponse<BoxBody> {
    request.error_response(failure)
}

/// Who asks is known by the token's signature alone; whether the session still stands is found out later.
fn ask(services: &Services, request: &HttpRequest, class: Class) -> Verdict {
    let address: Option<IpAddr> = address_of(request, &services.config.server);
    let bearer = bearer_of(request, services).ok().flatten();
    let verdict = services
        .rate_limits
        .take(class, address, bearer.map(|bearer| bearer.account));
    if let Some(bearer) = bearer {
        request.extensions_mut().insert(bearer);
    }
    verdict
}

fn tell(verdict: &Verdict, headers: &mut HeaderMap) {
    for (name, field) in [
        (RATE_LIMIT, verdict.limit_field()),
        (RATE_LIMIT_POLICY, verdict.policy_field()),
    ] {
        if let Some(value) = field.and_then(|field| HeaderValue::from_str(&field).ok()) {
            headers.insert(name, value);
        }
    }
}

/// Bytes of the request line and the header fields, as far as they were the client's to choose.
fn head_bytes(request: &HttpRequest) -> usize {
    let fields = request.headers().iter();
    let fields: usize = fields.map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    request.uri().to_string().len() + fields
}

/// The body; an error once its time is over.
fn within(body: Payload, time: Duration) -> impl Stream<Item = Result<Bytes, PayloadError>> {
    let end = Instant::now() + time;
    stream::unfold(Some(body), move |body| async move {
        let mut body = body?;
        match timeout_at(end, body.next()).await {
            Ok(Some(piece)) => Some((piece, Some(body))),
            Ok(None) => None,
            Err(_) => Some((Err(PayloadError::Io(io::ErrorKind::TimedOut.into())), None)),
        }
    })
    // A reader of forms asks once more after the end.
    .fuse()
}
