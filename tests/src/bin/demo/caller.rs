//! Somebody who calls the platform over HTTP, with or without being signed in. Every write carries a key of its own.

use reqwest::{Client, Method, StatusCode};
use serde_json::Value;

/// Why the story cannot go on, in a sentence.
pub(crate) type Told<T> = Result<T, String>;

/// Somebody with a device.
#[derive(Clone)]
pub(crate) struct Caller {
    client: Client,
    base: String,
    token: Option<String>,
}

impl Caller {
    /// Somebody who is not signed in.
    pub(crate) fn anonymous(base: &str) -> Self {
        Self {
            client: Client::new(),
            base: base.to_owned(),
            token: None,
        }
    }

    /// The same with the token of a session.
    pub(crate) fn signed_in(&self, session: &Value) -> Told<Self> {
        Ok(Self {
            token: Some(text(session, "/access_token")?),
            ..self.clone()
        })
    }

    pub(crate) async fn get(&self, path: &str) -> Told<Value> {
        self.ask(Method::GET, path, None, &new_key()).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Told<Value> {
        self.ask(Method::POST, path, Some(body), &new_key()).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Told<Value> {
        self.ask(Method::PUT, path, Some(body), &new_key()).await
    }

    /// A write with a chosen key: the same one again must be answered as the first.
    pub(crate) async fn post_with_key(&self, path: &str, body: Value, key: &str) -> Told<Value> {
        self.ask(Method::POST, path, Some(body), key).await
    }

    /// Uploads a picture.
    pub(crate) async fn upload(&self, jpeg: &[u8]) -> Told<Value> {
        let request = self
            .request(Method::POST, "/api/v1/photos")
            .header("content-type", "image/jpeg")
            .body(jpeg.to_vec());
        read("POST /api/v1/photos", request).await
    }

    /// The bytes at a path.
    pub(crate) async fn bytes(&self, path: &str) -> Told<Vec<u8>> {
        let answer = self
            .request(Method::GET, path)
            .send()
            .await
            .map_err(|error| error.to_string())?;
        if answer.status() != StatusCode::OK {
            return Err(format!("GET {path} 回答 {}", answer.status()));
        }
        let bytes = answer.bytes().await.map_err(|error| error.to_string())?;
        Ok(bytes.to_vec())
    }

    /// The status that a path answers with.
    pub(crate) async fn status(&self, path: &str) -> Told<u16> {
        let answer = self
            .request(Method::GET, path)
            .send()
            .await
            .map_err(|error| error.to_string())?;
        Ok(answer.status().as_u16())
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>, key: &str) -> Told<Value> {
        let what = format!("{method} {path}");
        let mut request = self.request(method.clone(), path);
        if method != Method::GET {
            request = request.header("idempotency-key", key);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        read(&what, request).await
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }
}

async fn read(what: &str, request: reqwest::RequestBuilder) -> Told<Value> {
    let answer = request.send().await.map_err(|error| format!("{what}：{error}"))?;
    let status = answer.status();
    let words = answer.text().await.map_err(|error| format!("{what}：{error}"))?;
    if !status.is_success() {
        return Err(format!("{what} 回答 {status}：{words}"));
    }
    if words.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_str(&words).map_err(|error| format!("{what}：{error}"))
}

/// A key that nobody used before.
pub(crate) fn new_key() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// The text at a JSON pointer.
pub(crate) fn text(value: &Value, pointer: &str) -> Told<String> {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .map(str::to_owned)
        .ok_or_else(|| format!("回答里没有 {pointer}：{value}"))
}

/// The list at a JSON pointer.
pub(crate) fn list<'a>(value: &'a Value, pointer: &str) -> Told<&'a Vec<Value>> {
    value
        .pointer(pointer)
        .and_then(Value::as_array)
        .ok_or_else(|| format!("回答里没有 {pointer}：{value}"))
}

/// A promise that has to hold.
pub(crate) fn expect(kept: bool, otherwise: impl FnOnce() -> String) -> Told<()> {
    if kept { Ok(()) } else { Err(otherwise()) }
}
