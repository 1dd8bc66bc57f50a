//! The bearer: fetched when needed, shared by all senders, renewed a minute before its end.
//!
//! Decides that at any moment at most one request for a bearer is under way, and that those who waited for it share its
//! result, good or bad: an unreachable token service costs the crowd one time-out, not one each.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use reqwest::{Client, StatusCode, Url, header::HeaderValue};
use serde::Deserialize;
use shared::domain::time::Timestamp;
use tokio::sync::Mutex;

use super::service_account::ServiceAccount;
use crate::{
    clock::Clock,
    delivery::{
        DeliveryFailure,
        backoff::QUOTA_FLOOR,
        http::{self, Answer},
    },
};

/// Renewed this long before its end, so that no message travels with a bearer that ends on the way.
const MARGIN_SECONDS: i64 = 60;
/// Longest life believed, in seconds; Google gives one hour.
const LONGEST_LIFE: i64 = 24 * 3600;
const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// A bearer as the header that carries it; marked sensitive, so it is never printed.
#[derive(Clone, PartialEq)]
pub(super) struct Bearer(HeaderValue);

impl Bearer {
    pub(super) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

struct Cached {
    bearer: Bearer,
    until: Timestamp,
}

enum Latest {
    Nothing,
    Good(Cached),
    Failed(DeliveryFailure),
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_in: i64,
}

#[derive(Deserialize)]
struct Refused {
    error: String,
}

/// Hands out the bearer.
pub(super) struct AccessTokens {
    account: ServiceAccount,
    client: Client,
    token_uri: Url,
    clock: Arc<dyn Clock>,
    latest: Mutex<Latest>,
    /// How many requests have ended; changed only while `latest` is held.
    ended: AtomicU64,
}

impl AccessTokens {
    pub(super) fn new(account: ServiceAccount, client: Client, token_uri: Url, clock: Arc<dyn Clock>) -> Self {
        Self {
            account,
            client,
            token_uri,
            clock,
            latest: Mutex::new(Latest::Nothing),
            ended: AtomicU64::new(0),
        }
    }

    /// The bearer in force, fetched first when there is none.
    pub(super) async fn current(&self) -> Result<Bearer, DeliveryFailure> {
        self.bearer_other_than(None).await
    }

    /// A bearer other than `refused`: what another sender fetched meanwhile, or a new one.
    pub(super) async fn replace(&self, refused: &Bearer) -> Result<Bearer, DeliveryFailure> {
        self.bearer_other_than(Some(refused)).await
    }

    async fn bearer_other_than(&self, refused: Option<&Bearer>) -> Result<Bearer, DeliveryFailure> {
        let ended_before = self.ended.load(Ordering::Acquire);
        let mut latest = self.latest.lock().await;
        match &*latest {
            Latest::Good(cached) if cached.until > self.clock.now() && refused != Some(&cached.bearer) => {
                return Ok(cached.bearer.clone());
            }
            // Somebody asked and failed while this sender stood in the queue.
            Latest::Failed(failure) if self.ended.load(Ordering::Acquire) != ended_before => {
                return Err(failure.clone());
            }
            _ => {}
        }
        let fetched = self.fetch().await;
        *latest = match &fetched {
            Ok(cached) => Latest::Good(Cached {
                bearer: cached.bearer.clone(),
                until: cached.until,
            }),
            Err(failure) => Latest::Failed(failure.clone()),
        };
        self.ended.fetch_add(1, Ordering::Release);
        fetched.map(|cached| cached.bearer)
    }

    async fn fetch(&self) -> Result<Cached, DeliveryFailure> {
        let asked_at = self.clock.now();
        let assertion = self
            .account
            .assertion(asked_at)
            .map_err(|_| DeliveryFailure::Misconfigured {
                code: "PRIVATE_KEY".into(),
            })?;
        let form = [("grant_type", GRANT), ("assertion", assertion.as_str())];
        let answer = http::exchange(self.client.post(self.token_uri.clone()).form(&form), &*self.clock).await?;
        read_grant(&answer, asked_at)
    }
}

/// Google refuses a bad key, clock or account with 400 or 401 and a word such as `invalid_grant`.
fn read_grant(answer: &Answer, asked_at: Timestamp) -> Result<Cached, DeliveryFailure> {
    let status = answer.status;
    let after = answer.retry_after;
    if status == StatusCode::OK {
        return granted(&answer.body, asked_at).ok_or(DeliveryFailure::Retry {
            after,
            code: "TOKEN_UNREADABLE".into(),
        });
    }
    let refused = serde_json::from_slice::<Refused>(&answer.body).ok();
    let code = http::stable_code(refused.as_ref().map(|refused| refused.error.as_str()), status);
    Err(if status == StatusCode::TOO_MANY_REQUESTS {
        DeliveryFailure::Retry {
            after: after.or(Some(QUOTA_FLOOR)),
            code,
        }
    } else if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT {
        DeliveryFailure::Retry { after, code }
    } else {
        DeliveryFailure::Misconfigured { code }
    })
}

fn granted(body: &[u8], asked_at: Timestamp) -> Option<Cached> {
    let granted: Granted = serde_json::from_slice(body).ok()?;
    let mut header = HeaderValue::try_from(format!("Bearer {}", granted.access_token)).ok()?;
    header.set_sensitive(true);
    let life = granted.expires_in.clamp(0, LONGEST_LIFE) - MARGIN_SECONDS;
    Some(Cached {
        bearer: Bearer(header),
        until: asked_at.plus_seconds(life),
    })
}
