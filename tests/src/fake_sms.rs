//! A text-message gateway on loopback: checks the bearer, keeps what it accepted once for each message id, fails as
//! scripted. Tests read sign-in codes from it as a person reads them from a phone.

use std::{
    collections::VecDeque,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{self, Data, Json, ServiceConfig},
};
use serde::Deserialize;
use serde_json::json;

use crate::loopback::Loopback;

/// The bearer that the fake accepts.
pub const BEARER: &str = "sms-gateway-test-bearer";

/// A text that the gateway accepted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RecordedText {
    /// The number, E.164.
    pub to: String,
    /// What the person reads.
    pub text: String,
    /// The sender's identity of the message.
    pub id: String,
    /// `sign_in_code` or `notice`.
    pub purpose: String,
}

/// One scripted answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SmsAnswer {
    /// Accepted.
    Accepted,
    /// Accepted, but the answer says 503: the sender will repeat.
    AcceptedThenUnavailable,
    /// Accepted after this time.
    Slow(Duration),
    /// This status, with this `Retry-After` when given, and a body that quotes number and text.
    Status(u16, Option<String>),
}

#[derive(Default)]
struct Memory {
    texts: Vec<RecordedText>,
    script: VecDeque<SmsAnswer>,
    posts: usize,
}

#[derive(Default)]
struct State(Mutex<Memory>);

impl State {
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The running fake; it ends when dropped.
pub struct FakeSms {
    server: Loopback,
    state: Arc<State>,
}

impl FakeSms {
    /// Starts on a free port.
    ///
    /// # Errors
    /// When no port can be bound.
    pub fn start() -> io::Result<Self> {
        let state = Arc::new(State::default());
        let shared = Data::from(Arc::clone(&state));
        let server = Loopback::start(move |app: &mut ServiceConfig| {
            app.app_data(shared.clone()).route("/messages", web::post().to(take));
        })?;
        Ok(Self { server, state })
    }

    /// The address to configure.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{}/messages", self.server.base())
    }

    /// Answers the next messages with these, one each, and accepts those after.
    pub fn script(&self, answers: impl IntoIterator<Item = SmsAnswer>) {
        self.state.memory().script.extend(answers);
    }

    /// The accepted texts, oldest first.
    #[must_use]
    pub fn texts(&self) -> Vec<RecordedText> {
        self.state.memory().texts.clone()
    }

    /// How many messages were posted with whatever result.
    #[must_use]
    pub fn posts(&self) -> usize {
        self.state.memory().posts
    }

    /// The code in the newest text to `number`: its first run of six digits.
    #[must_use]
    pub fn latest_code(&self, number: &str) -> Option<String> {
        let memory = self.state.memory();
        let text = &memory
            .texts
            .iter()
            .rev()
            .find(|text| text.to == number && text.purpose == "sign_in_code")?
            .text;
        text.split(|character: char| !character.is_ascii_digit())
            .find(|run| run.len() == 6)
            .map(str::to_owned)
    }
}

async fn take(request: HttpRequest, text: Json<RecordedText>, state: Data<State>) -> HttpResponse {
    let header = |name: &str| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let answer = {
        let mut memory = state.memory();
        memory.posts += 1;
        memory.script.pop_front().unwrap_or(SmsAnswer::Accepted)
    };
    if header("authorization") != format!("Bearer {BEARER}") {
        return HttpResponse::Unauthorized().finish();
    }
    if header("idempotency-key") != text.id {
        return HttpResponse::BadRequest().finish();
    }
    if let SmsAnswer::Slow(pause) = &answer {
        actix_web::rt::time::sleep(*pause).await;
    }
    if let SmsAnswer::Status(status, retry_after) = answer {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = HttpResponse::build(status);
        if let Some(value) = retry_after {
            response.insert_header(("retry-after", value));
        }
        return response.json(json!({"error": format!("{}: {}", text.to, text.text)}));
    }
    let mut memory = state.memory();
    let position = memory.texts.iter().position(|known| known.id == text.id);
    let position = position.unwrap_or_else(|| {
        memory.texts.push(text.into_inner());
        memory.texts.len() - 1
    });
    if answer == SmsAnswer::AcceptedThenUnavailable {
        return HttpResponse::ServiceUnavailable().finish();
    }
    HttpResponse::Ok().json(json!({"id": format!("sms-{position}")}))
}
