//! Who calls and what the request says about itself, as actix extractors: the one file of this room that knows actix.
//!
//! A token that is there but not good is refused everywhere, also where nobody needs to be signed in.

use std::net::IpAddr;

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    http::{Method, header},
    web,
};
use futures_util::future::LocalBoxFuture;
use shared::contract::problem::ProblemCode;

use super::{
    actor::{Actor, Owed, PersonActor, StaffActor},
    context::{RequestContext, current_request_id},
    proxies::client_address,
    tokens::{self, Bearer},
};
use crate::{config::ServerConfig, errors::Failure, services::Services};

/// The longest access token looked at.
const LONGEST_TOKEN: usize = 2048;
/// The longest `Idempotency-Key`.
pub const LONGEST_KEY: usize = 64;

/// Anybody: a visitor, a resident or staff.
#[derive(Debug, Clone)]
pub struct Caller(pub Actor);

/// A resident or staff.
#[derive(Debug, Clone)]
pub struct SignedIn(pub Actor);

/// A resident or staff, also those who owe something before they may work or are blocked: for the own sessions and devices.
#[derive(Debug, Clone)]
pub struct SignedInUnsettled(pub Actor);

/// A resident.
#[derive(Debug, Clone)]
pub struct Resident(pub PersonActor);

/// A resident, also one who is blocked: for reporting emergencies and for the rights over the own data.
#[derive(Debug, Clone)]
pub struct ResidentUnsettled(pub PersonActor);

/// Staff. What the grants allow is for the use case to decide.
#[derive(Debug, Clone)]
pub struct Staff(pub StaffActor);

/// Staff, also those who owe something before they may work: for paying it.
#[derive(Debug, Clone)]
pub struct StaffUnsettled(pub StaffActor);

/// The account and session of the request's token; none when it has no token. Reads the token once a request.
///
/// # Errors
/// `SignInRequired` for a token that is not good.
pub fn bearer_of(request: &HttpRequest, services: &Services) -> Result<Option<Bearer>, Failure> {
    if let Some(known) = request.extensions().get::<Bearer>() {
        return Ok(Some(*known));
    }
    let Some(value) = request.headers().get(header::AUTHORIZATION) else {
        return Ok(None);
    };
    let refused = || Failure::new(ProblemCode::SignInRequired);
    let token = value
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, token)| scheme.eq_ignore_ascii_case("bearer") && token.len() <= LONGEST_TOKEN)
        .map(|(_, token)| token.trim())
        .ok_or_else(refused)?;
    let bearer = tokens::read(&services.access.secrets, token, services.now());
    bearer.map(Some).ok_or_else(refused)
}

async fn who_calls(request: HttpRequest) -> Result<Actor, Failure> {
    let services = services(&request)?;
    let Some(bearer) = bearer_of(&request, &services)? else {
        return Ok(Actor::Visitor);
    };
    services
        .access
        .callers
        .find(&services.database, &services.config.staff, bearer, services.now())
        .await?
        .ok_or_else(|| Failure::new(ProblemCode::SignInRequired))
}

fn services(request: &HttpRequest) -> Result<web::Data<Services>, Failure> {
    request
        .app_data::<web::Data<Services>>()
        .cloned()
        .ok_or_else(|| Failure::internal("the server was built without its services"))
}

/// Implements an extractor from a decision over the actor.
macro_rules! extractor {
    ($name:ident, $decide:expr) => {
        impl FromRequest for $name {
            type Error = Failure;
            type Future = LocalBoxFuture<'static, Result<Self, Failure>>;

            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                let request = request.clone();
                Box::pin(async move {
                    let decide: fn(Actor, &Method) -> Result<$name, Failure> = $decide;
                    let method = request.method().clone();
                    decide(who_calls(request).await?, &method)
                })
            }
        }
    };
}

/// Staff who owe a new password or a second factor may do nothing else; blocked residents may only read.
fn settled(actor: Actor, method: &Method) -> Result<Actor, Failure> {
    let against = match &actor {
        Actor::Person(person) if person.blocked && !method.is_safe() => Some(ProblemCode::AccountBlocked),
        Actor::Staff(staff) => staff.owes.map(|owed| match owed {
            Owed::NewPassword => ProblemCode::PasswordChangeRequired,
            Owed::SecondFactor => ProblemCode::SecondFactorRequired,
        }),
        _ => None,
    };
    against.map_or(Ok(actor), |code| Err(code.into()))
}

/// Nobody who is not signed in.
fn signed_in(actor: Actor) -> Result<Actor, Failure> {
    match actor {
        Actor::Person(_) | Actor::Staff(_) => Ok(actor),
        Actor::Visitor | Actor::System => Err(Failure::new(ProblemCode::SignInRequired)),
    }
}

fn staff(actor: Actor) -> Result<StaffActor, Failure> {
    match signed_in(actor)? {
        Actor::Staff(staff) => Ok(staff),
        _ => Err(Failure::new(ProblemCode::Forbidden)),
    }
}

fn resident(actor: Actor) -> Result<PersonActor, Failure> {
    match signed_in(actor)? {
        Actor::Person(person) => Ok(person),
        _ => Err(Failure::new(ProblemCode::Forbidden)),
    }
}

extractor!(Caller, |actor, method| settled(actor, method).map(Caller));
extractor!(SignedIn, |actor, method| signed_in(settled(actor, method)?)
    .map(SignedIn));
extractor!(SignedInUnsettled, |actor, _| signed_in(actor).map(SignedInUnsettled));
extractor!(Resident, |actor, method| resident(settled(actor, method)?)
    .map(Resident));
extractor!(ResidentUnsettled, |actor, _| resident(actor).map(ResidentUnsettled));
extractor!(Staff, |actor, method| staff(settled(actor, method)?).map(Staff));
extractor!(StaffUnsettled, |actor, _| staff(actor).map(StaffUnsettled));

impl FromRequest for RequestContext {
    type Error = Failure;
    type Future = std::future::Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(read_context(request))
    }
}

fn read_context(request: &HttpRequest) -> Result<RequestContext, Failure> {
    let services = services(request)?;
    Ok(RequestContext {
        request_id: current_request_id(),
        address: address_of(request, &services.config.server).map(|address| address.to_string()),
        idempotency_key: idempotency_key(request)?,
        expected_version: expected_version(request)?,
    })
}

fn idempotency_key(request: &HttpRequest) -> Result<Option<String>, Failure> {
    let Some(value) = request.headers().get("Idempotency-Key") else {
        return Ok(None);
    };
    let printable =
        |text: &&str| (1..=LONGEST_KEY).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    value
        .to_str()
        .ok()
        .filter(printable)
        .map(|text| Some(text.to_owned()))
        .ok_or_else(|| Failure::invalid("Idempotency-Key", "1 至 64 个可见的英文字符"))
}

fn expected_version(request: &HttpRequest) -> Result<Option<i64>, Failure> {
    let Some(value) = request.headers().get(header::IF_MATCH) else {
        return Ok(None);
    };
    value
        .to_str()
        .ok()
        .and_then(|text| text.trim().strip_prefix('"')?.strip_suffix('"')?.parse().ok())
        .map(Some)
        .ok_or_else(|| Failure::invalid("If-Match", "一个版本号，例如 \"12\""))
}

/// The address of whoever asks, as far as trusted proxies tell it.
#[must_use]
pub fn address_of(request: &HttpRequest, config: &ServerConfig) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip();
    let header = config.forwarded_header;
    let lines = request.headers().get_all(header.name());
    let lines: Vec<&str> = lines.filter_map(|value| value.to_str().ok()).collect();
    Some(client_address(peer, &config.trusted_proxies, header, &lines))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_version_and_a_key_have_one_form() {
        let version = |text: &str| {
            expected_version(
                &TestRequest::default()
                    .insert_header(("If-Match", text))
                    .to_http_request(),
            )
            .ok()
        };
        assert_eq!(version("\"12\""), Some(Some(12)));
        assert_eq!(version("12"), None);
        assert_eq!(version("*"), None);
        let key = |text: &str| {
            idempotency_key(
                &TestRequest::default()
                    .insert_header(("Idempotency-Key", text))
                    .to_http_request(),
            )
            .ok()
        };
        assert_eq!(key("a-1"), Some(Some("a-1".to_owned())));
        assert_eq!(key(""), None);
        assert_eq!(key("a b"), None);
        assert_eq!(key(&"k".repeat(65)), None);
    }
}
