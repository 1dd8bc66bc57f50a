//! Push through Firebase Cloud Messaging, HTTP v1, by a thin client of our own (docs/decisions/0003-fcm-own-client.md).
//!
//! Decides how one message is sent and how often a bearer is renewed for it: once. The bearer itself, the message's form
//! and the meaning of the answers have a file each. Retrying belongs to the outbox.

mod access_token;
mod answers;
mod messages;
mod service_account;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use reqwest::{
    Client, Url,
    header::{AUTHORIZATION, CONTENT_TYPE},
};

use self::{
    access_token::{AccessTokens, Bearer},
    service_account::ServiceAccount,
};
use super::{
    DeliveryFailure, GatewaySetupError, PushGateway, PushMessage, SecretText, Sent,
    http::{self, Answer},
};
use crate::clock::Clock;

pub use self::service_account::ServiceAccountError;

/// Google's address of the service.
pub const GOOGLE_BASE: &str = "https://fcm.googleapis.com";

/// How FCM is reached.
#[derive(Debug, Clone)]
pub struct FcmSettings {
    /// Content of the service-account file that the Firebase console hands out.
    pub service_account_json: SecretText,
    /// Address before `/v1/projects/…`; `https`, or `http` on loopback.
    pub base: String,
    /// Where assertions are exchanged for bearers; the account file's own `token_uri` when none is given.
    pub token_uri: Option<String>,
    /// Longest time for one HTTP exchange, connection included.
    pub timeout: Duration,
    /// How long the service keeps a message for a phone that is off; at most 28 days.
    pub time_to_live: Duration,
}

impl FcmSettings {
    /// Google's own addresses, 10 seconds an exchange, messages kept for 3 days.
    #[must_use]
    pub fn new(service_account_json: SecretText) -> Self {
        Self {
            service_account_json,
            base: GOOGLE_BASE.to_owned(),
            token_uri: None,
            timeout: Duration::from_secs(10),
            time_to_live: Duration::from_hours(3 * 24),
        }
    }
}

/// The client. One for the whole process: it holds the connections and the bearer.
pub struct FcmPush {
    client: Client,
    endpoint: Url,
    tokens: AccessTokens,
    time_to_live: Duration,
    clock: Arc<dyn Clock>,
}

impl FcmPush {
    /// Checks account, key and addresses, and builds the client. Nothing is sent yet.
    ///
    /// # Errors
    /// [`GatewaySetupError`] says what cannot be used.
    pub fn new(settings: &FcmSettings, clock: Arc<dyn Clock>) -> Result<Self, GatewaySetupError> {
        let account = ServiceAccount::from_json(settings.service_account_json.expose(), settings.token_uri.as_deref())?;
        let base = settings.base.trim_end_matches('/');
        let endpoint = format!("{base}/v1/projects/{}/messages:send", account.project_id());
        let endpoint = http::checked_address(&endpoint, "the push service's address")?;
        let token_uri = http::checked_address(account.token_uri(), "the push service's token address")?;
        let client = http::client_for(&endpoint, settings.timeout)?;
        let token_client = http::client_for(&token_uri, settings.timeout)?;
        Ok(Self {
            client,
            endpoint,
            tokens: AccessTokens::new(account, token_client, token_uri, Arc::clone(&clock)),
            time_to_live: settings.time_to_live,
            clock,
        })
    }

    /// Asks for a bearer and sends nothing: whether account, key and clock are believed.
    ///
    /// # Errors
    /// What the token service says.
    pub async fn check(&self) -> Result<(), DeliveryFailure> {
        self.tokens.current().await.map(drop)
    }

    async fn post(&self, bearer: &Bearer, body: &str) -> Result<Answer, DeliveryFailure> {
        let request = self
            .client
            .post(self.endpoint.clone())
            .header(AUTHORIZATION, bearer.header())
            .header(CONTENT_TYPE, "application/json; charset=utf-8")
            .body(body.to_owned());
        http::exchange(request, &*self.clock).await
    }
}

#[async_trait]
impl PushGateway for FcmPush {
    async fn send(&self, message: &PushMessage) -> Result<Sent, DeliveryFailure> {
        let body = messages::encode(message, self.time_to_live)?;
        let bearer = self.tokens.current().await?;
        let first = self.post(&bearer, &body).await?;
        if !answers::bearer_refused(&first) {
            return answers::verdict(&first);
        }
        // Bearers are revoked now and then before their time. One renewal; a second refusal is for an operator.
        let fresh = self.tokens.replace(&bearer).await?;
        answers::verdict(&self.post(&fresh, &body).await?)
    }
}
