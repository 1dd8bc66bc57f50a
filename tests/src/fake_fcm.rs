//! A push service on loopback that behaves as Google's HTTP v1 does: it verifies the signed assertion, issues bearers that
//! end, checks message and bearer, keeps what it accepted, and answers as a test scripted it for a device.
//!
//! It decides nothing about the client; where the real service's behaviour is not documented it is strict.

mod answers;
mod keys;
mod state;

use std::{io, sync::Arc};

use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, Data, Form, ServiceConfig},
};
use api::clock::{Clock, SystemClock};
use serde_json::{Value, json};

pub use self::{
    answers::{Answer, TokenAnswer},
    state::RecordedMessage,
};
use self::{
    keys::Account,
    state::{AssertionForm, State},
};
use crate::loopback::Loopback;

/// The running fake; it ends when dropped.
pub struct FakeFcm {
    server: Loopback,
    account: Account,
    state: Arc<State>,
}

impl FakeFcm {
    /// Starts on a free port with a new RSA key and the machine's clock.
    ///
    /// # Errors
    /// When no port can be bound or no key be made.
    pub fn start() -> io::Result<Self> {
        Self::start_with_clock(Arc::new(SystemClock))
    }

    /// As [`Self::start`], with the clock that the server under test has: assertions and bearers are judged by it.
    ///
    /// # Errors
    /// When no port can be bound or no key be made.
    pub fn start_with_clock(clock: Arc<dyn Clock>) -> io::Result<Self> {
        let account = Account::generate()?;
        let state = Arc::new(State::new(account.public_key(), clock));
        let shared = Data::from(Arc::clone(&state));
        let server = Loopback::start(move |app: &mut ServiceConfig| {
            app.app_data(shared.clone())
                .route("/token", web::post().to(grant))
                .route("/v1/projects/{project}/messages:send", web::post().to(send));
        })?;
        state.set_token_uri(format!("{}/token", server.base()));
        Ok(Self { server, account, state })
    }

    /// The address to configure as base.
    #[must_use]
    pub fn base(&self) -> String {
        self.server.base()
    }

    /// Where assertions are exchanged; also in the service-account file.
    #[must_use]
    pub fn token_uri(&self) -> String {
        format!("{}/token", self.server.base())
    }

    /// A service-account file whose key this fake accepts.
    #[must_use]
    pub fn service_account_json(&self) -> String {
        self.account.json(&self.token_uri())
    }

    /// A service-account file of the same account with a key that this fake does not know.
    ///
    /// # Errors
    /// When no key can be made.
    pub fn foreign_service_account_json(&self) -> io::Result<String> {
        Ok(Account::generate()?.json(&self.token_uri()))
    }

    /// Answers the next messages for `token` with these, one each, and accepts those after.
    pub fn script(&self, token: &str, answers: impl IntoIterator<Item = Answer>) {
        self.state.script(token, answers);
    }

    /// Answers every message as a service that is down, until told otherwise.
    pub fn be_down(&self, down: bool) {
        self.state.be_down(down);
    }

    /// Answers the next requests for a bearer with these, one each, and grants those after.
    pub fn script_grants(&self, answers: impl IntoIterator<Item = TokenAnswer>) {
        self.state.script_grants(answers);
    }

    /// Lets every bearer issued so far be refused.
    pub fn revoke_bearers(&self) {
        self.state.revoke_bearers();
    }

    /// The accepted messages, oldest first.
    #[must_use]
    pub fn messages(&self) -> Vec<RecordedMessage> {
        self.state.messages()
    }

    /// How many messages were posted with whatever result.
    #[must_use]
    pub fn posts(&self) -> usize {
        self.state.posts()
    }

    /// How many times a bearer was asked for.
    #[must_use]
    pub fn grant_requests(&self) -> usize {
        self.state.grant_requests()
    }
}

async fn grant(form: Form<AssertionForm>, state: Data<State>) -> HttpResponse {
    let scripted = state.next_grant();
    if let Some(answer) = scripted.response() {
        return answer;
    }
    if let Some(pause) = scripted.pause() {
        actix_web::rt::time::sleep(pause).await;
    }
    match state.verify(&form) {
        Ok(()) => {
            let (bearer, life) = state.issue(scripted);
            HttpResponse::Ok().json(json!({"access_token": bearer, "expires_in": life, "token_type": "Bearer"}))
        }
        Err(reason) => HttpResponse::BadRequest().json(json!({"error": "invalid_grant", "error_description": reason})),
    }
}

async fn send(request: HttpRequest, project: web::Path<String>, body: web::Bytes, state: Data<State>) -> HttpResponse {
    state.count_post();
    let bearer = request
        .headers()
        .get("authorization")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if !state.accepts(bearer) {
        return answers::unauthenticated();
    }
    if project.as_str() != keys::PROJECT {
        return answers::error(404, "NOT_FOUND", None, None);
    }
    let Some(message) = readable(&body) else {
        return answers::error(400, "INVALID_ARGUMENT", Some("INVALID_ARGUMENT"), Some("message"));
    };
    let answer = state.next_answer(&message.token);
    match answer {
        Answer::Slow(pause) => actix_web::rt::time::sleep(pause).await,
        Answer::BearerExpired => state.revoke_bearers(),
        _ => {}
    }
    if let Some(response) = answer.response(state.now()) {
        return response;
    }
    let name = state.record(message);
    HttpResponse::Ok().json(json!({"name": name}))
}

/// The message when it has what Google demands: one token, a notification, text values only, at most 4 KiB.
fn readable(body: &[u8]) -> Option<RecordedMessage> {
    let raw: Value = serde_json::from_slice(body).ok()?;
    let message = raw.get("message")?.as_object()?;
    let known = ["token", "notification", "data", "android", "apns", "webpush"];
    if body.len() > 4096 || message.keys().any(|key| !known.contains(&key.as_str())) {
        return None;
    }
    let text = |parent: &str, key: &str| Some(message.get(parent)?.get(key)?.as_str()?.to_owned());
    let data = match message.get("data") {
        None => std::collections::BTreeMap::new(),
        Some(data) => serde_json::from_value(data.clone()).ok()?,
    };
    Some(RecordedMessage {
        token: message
            .get("token")?
            .as_str()
            .filter(|token| !token.is_empty())?
            .to_owned(),
        title: text("notification", "title")?,
        body: text("notification", "body")?,
        data,
        raw: raw.clone(),
    })
}
