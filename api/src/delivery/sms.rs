//! Text messages: to a gateway over HTTP, or to the terminal where a developer reads them.
//!
//! Decides the wire form and what an answer means. It does not decide limits on codes nor who is sent what.

use std::{
    io::Write,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use reqwest::{
    Client, StatusCode, Url,
    header::{AUTHORIZATION, HeaderValue},
};
use serde::{Deserialize, Serialize};

use super::{
    DeliveryFailure, GatewaySetupError, SecretText, Sent, SmsGateway, SmsMessage,
    backoff::QUOTA_FLOOR,
    http::{self, Answer},
};
use crate::clock::Clock;

/// Prints texts instead of sending them: for development and the demonstration, whose sign-in codes are read there.
pub struct TerminalSms {
    terminal: Mutex<Box<dyn Write + Send>>,
}

impl TerminalSms {
    /// Prints to `terminal`, a line each.
    #[must_use]
    pub fn new(terminal: Box<dyn Write + Send>) -> Self {
        Self {
            terminal: Mutex::new(terminal),
        }
    }
}

#[async_trait]
impl SmsGateway for TerminalSms {
    async fn send(&self, message: &SmsMessage) -> Result<Sent, DeliveryFailure> {
        let number = message.number.expose();
        // The last four digits tell the demonstration's people apart; the whole number belongs in no terminal's history.
        let tail = number
            .char_indices()
            .rev()
            .nth(3)
            .map_or(number, |(at, _)| &number[at..]);
        let line = format!("【短信】尾号 {tail}：{}\n", message.text.expose());
        let mut terminal = self.terminal.lock().unwrap_or_else(PoisonError::into_inner);
        terminal
            .write_all(line.as_bytes())
            .and_then(|()| terminal.flush())
            .map_err(|_| DeliveryFailure::Retry {
                after: None,
                code: "TERMINAL_CLOSED".into(),
            })?;
        Ok(Sent {
            provider_message_id: message.id.clone(),
        })
    }
}

/// How the HTTP gateway is reached.
#[derive(Debug, Clone)]
pub struct HttpSmsSettings {
    /// Where a message is posted; `https`, or `http` on loopback.
    pub address: String,
    /// What the gateway knows us by.
    pub bearer: SecretText,
    /// Longest time for one message, connection included.
    pub timeout: Duration,
}

/// Posts `{"to","text","id","purpose"}` as JSON with a bearer; the message's id is also the `Idempotency-Key`.
pub struct HttpSms {
    client: Client,
    address: Url,
    authorization: HeaderValue,
    clock: Arc<dyn Clock>,
}

#[derive(Serialize)]
struct Outgoing<'a> {
    to: &'a str,
    text: &'a str,
    id: &'a str,
    purpose: &'static str,
}

#[derive(Deserialize)]
struct Accepted {
    id: Option<String>,
}

impl HttpSms {
    /// Checks the settings and builds the client.
    ///
    /// # Errors
    /// [`GatewaySetupError`] names the setting that cannot be used.
    pub fn new(settings: &HttpSmsSettings, clock: Arc<dyn Clock>) -> Result<Self, GatewaySetupError> {
        let address = http::checked_address(&settings.address, "the SMS gateway's address")?;
        let client = http::client_for(&address, settings.timeout)?;
        let mut authorization =
            HeaderValue::try_from(format!("Bearer {}", settings.bearer.expose())).map_err(|_| {
                GatewaySetupError::Bearer {
                    setting: "the SMS gateway's bearer",
                }
            })?;
        authorization.set_sensitive(true);
        Ok(Self {
            client,
            address,
            authorization,
            clock,
        })
    }
}

#[async_trait]
impl SmsGateway for HttpSms {
    async fn send(&self, message: &SmsMessage) -> Result<Sent, DeliveryFailure> {
        let key = HeaderValue::try_from(&message.id).map_err(|_| DeliveryFailure::Permanent {
            code: "MESSAGE_ID".into(),
        })?;
        let request = self
            .client
            .post(self.address.clone())
            .header(AUTHORIZATION, self.authorization.clone())
            .header("Idempotency-Key", key)
            .json(&Outgoing {
                to: message.number.expose(),
                text: message.text.expose(),
                id: &message.id,
                purpose: message.purpose.as_str(),
            });
        let answer = http::exchange(request, &*self.clock).await?;
        verdict(&answer, &message.id)
    }
}

/// 408, 429 and 5xx pass; 401, 403, 404 and redirects are the operator's to correct; other 4xx are the message's fault.
fn verdict(answer: &Answer, own_id: &str) -> Result<Sent, DeliveryFailure> {
    let (status, code) = (answer.status, http::stable_code(None, answer.status));
    let after = answer.retry_after;
    Err(match status {
        _ if status.is_success() => {
            let given = serde_json::from_slice::<Accepted>(&answer.body)
                .ok()
                .and_then(|accepted| accepted.id);
            return Ok(Sent {
                provider_message_id: given.unwrap_or_else(|| own_id.to_owned()),
            });
        }
        StatusCode::TOO_MANY_REQUESTS => DeliveryFailure::Retry {
            after: after.or(Some(QUOTA_FLOOR)),
            code,
        },
        StatusCode::REQUEST_TIMEOUT => DeliveryFailure::Retry { after, code },
        _ if status.is_server_error() => DeliveryFailure::Retry { after, code },
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => {
            DeliveryFailure::Misconfigured { code }
        }
        _ if status.is_client_error() => DeliveryFailure::Permanent { code },
        _ => DeliveryFailure::Misconfigured { code },
    })
}
