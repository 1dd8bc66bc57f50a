//! What the fake remembers: bearers, scripts, accepted messages, and its clock; and how it judges an assertion.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use api::clock::Clock;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use serde_json::Value;
use shared::domain::time::Timestamp;

use super::{
    answers::{Answer, TokenAnswer},
    keys::{CLIENT_EMAIL, KEY_ID, PROJECT},
};

/// A message that the fake accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedMessage {
    /// The device.
    pub token: String,
    /// Title of the notification.
    pub title: String,
    /// Text of the notification.
    pub body: String,
    /// What the app gets.
    pub data: BTreeMap<String, String>,
    /// The whole request body.
    pub raw: Value,
}

/// The form posted for a bearer.
#[derive(Deserialize)]
pub(super) struct AssertionForm {
    grant_type: String,
    assertion: String,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    scope: String,
    iat: i64,
    exp: i64,
}

#[derive(Default)]
struct Memory {
    token_uri: String,
    bearers: HashMap<String, Timestamp>,
    scripts: HashMap<String, VecDeque<Answer>>,
    down: bool,
    grants: VecDeque<TokenAnswer>,
    messages: Vec<RecordedMessage>,
}

pub(super) struct State {
    public_key: DecodingKey,
    clock: Arc<dyn Clock>,
    issued: AtomicUsize,
    grant_requests: AtomicUsize,
    posts: AtomicUsize,
    memory: Mutex<Memory>,
}

impl State {
    pub(super) fn new(public_key: DecodingKey, clock: Arc<dyn Clock>) -> Self {
        Self {
            public_key,
            clock,
            issued: AtomicUsize::new(0),
            grant_requests: AtomicUsize::new(0),
            posts: AtomicUsize::new(0),
            memory: Mutex::default(),
        }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn set_token_uri(&self, uri: String) {
        self.memory().token_uri = uri;
    }

    pub(super) fn script(&self, token: &str, answers: impl IntoIterator<Item = Answer>) {
        self.memory()
            .scripts
            .entry(token.to_owned())
            .or_default()
            .extend(answers);
    }

    pub(super) fn be_down(&self, down: bool) {
        self.memory().down = down;
    }

    pub(super) fn script_grants(&self, answers: impl IntoIterator<Item = TokenAnswer>) {
        self.memory().grants.extend(answers);
    }

    pub(super) fn next_answer(&self, token: &str) -> Answer {
        let mut memory = self.memory();
        if memory.down {
            return Answer::Unavailable(None);
        }
        memory
            .scripts
            .get_mut(token)
            .and_then(VecDeque::pop_front)
            .unwrap_or(Answer::Accepted)
    }

    pub(super) fn next_grant(&self) -> TokenAnswer {
        self.grant_requests.fetch_add(1, Ordering::SeqCst);
        self.memory().grants.pop_front().unwrap_or(TokenAnswer::Granted)
    }

    pub(super) fn grant_requests(&self) -> usize {
        self.grant_requests.load(Ordering::SeqCst)
    }

    pub(super) fn count_post(&self) {
        self.posts.fetch_add(1, Ordering::SeqCst);
    }

    pub(super) fn posts(&self) -> usize {
        self.posts.load(Ordering::SeqCst)
    }

    /// A bearer and its life in seconds.
    pub(super) fn issue(&self, grant: TokenAnswer) -> (String, i64) {
        let bearer = format!("ya29.fake-{}", self.issued.fetch_add(1, Ordering::SeqCst));
        let until = self.now().plus_seconds(grant.life());
        self.memory().bearers.insert(bearer.clone(), until);
        (bearer, grant.life())
    }

    pub(super) fn accepts(&self, header: &str) -> bool {
        let now = self.now();
        header
            .strip_prefix("Bearer ")
            .is_some_and(|bearer| self.memory().bearers.get(bearer).is_some_and(|until| *until > now))
    }

    pub(super) fn revoke_bearers(&self) {
        self.memory().bearers.clear();
    }

    /// Keeps the message and names it.
    pub(super) fn record(&self, message: RecordedMessage) -> String {
        let mut memory = self.memory();
        memory.messages.push(message);
        format!("projects/{PROJECT}/messages/{}", memory.messages.len())
    }

    pub(super) fn messages(&self) -> Vec<RecordedMessage> {
        self.memory().messages.clone()
    }

    /// Signature, key's name, issuer, audience, scope and time of an assertion.
    pub(super) fn verify(&self, form: &AssertionForm) -> Result<(), &'static str> {
        if form.grant_type != "urn:ietf:params:oauth:grant-type:jwt-bearer" {
            return Err("Invalid grant type.");
        }
        let header = decode_header(&form.assertion).map_err(|_| "Invalid JWT.")?;
        if header.kid.as_deref() != Some(KEY_ID) {
            return Err("Unknown key.");
        }
        let mut rules = Validation::new(Algorithm::RS256);
        // Times and audience are judged below, by the fake's own clock.
        rules.validate_exp = false;
        rules.validate_aud = false;
        let claims = decode::<Claims>(&form.assertion, &self.public_key, &rules)
            .map_err(|_| "Invalid JWT Signature.")?
            .claims;
        let now = self.now().0.div_euclid(1_000_000);
        if claims.iss != CLIENT_EMAIL {
            Err("Invalid issuer.")
        } else if claims.aud != self.memory().token_uri {
            Err("Invalid audience.")
        } else if claims.scope != "https://www.googleapis.com/auth/firebase.messaging" {
            Err("Invalid scope.")
        } else if claims.exp <= now || claims.iat > now + 60 || claims.exp - claims.iat > 3600 {
            Err("Invalid JWT: Token must be a short-lived token.")
        } else {
            Ok(())
        }
    }
}
