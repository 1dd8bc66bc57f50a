//! The driver's way to the servers: HTTP that survives a killed process. A request whose answer was lost is sent again with the same
//! key once the process stands again, as a phone does it.

use std::{sync::Arc, time::Duration};

use reqwest::{Client, Method};
use serde_json::Value;

use crate::{
    caller::{Told, expect},
    stepped::{SteppedServer, told},
};

/// Times that a request is tried: a server may be killed again while it waits.
const TRIES: usize = 100;

/// One or more servers on one database.
pub(super) struct Line {
    client: Client,
    servers: Vec<Arc<SteppedServer>>,
}

/// What was answered.
pub(super) struct Answered {
    what: String,
    pub(super) status: u16,
    pub(super) body: Value,
}

impl Answered {
    /// The body of what was done.
    pub(super) fn done(self) -> Told<Value> {
        expect((200..300).contains(&self.status), || {
            format!("{} 回答 {}：{}", self.what, self.status, self.body)
        })?;
        Ok(self.body)
    }

    /// Why it was refused, as `POST … 409 action_not_allowed`; none when it was done.
    pub(super) fn refusal(&self) -> Option<String> {
        let code = self.body["code"].as_str().unwrap_or("-");
        let reason = self.body["reason"].as_str().unwrap_or_default();
        (self.status >= 300).then(|| format!("{} {} {code} {reason}", self.what, self.status))
    }
}

impl Line {
    pub(super) fn to(servers: Vec<Arc<SteppedServer>>) -> Self {
        Self {
            client: Client::new(),
            servers,
        }
    }

    pub(super) fn servers(&self) -> &[Arc<SteppedServer>] {
        &self.servers
    }

    /// The server that a case's requests go to.
    pub(super) fn server(&self, case: usize) -> &Arc<SteppedServer> {
        &self.servers[case % self.servers.len()]
    }

    pub(super) async fn get(&self, case: usize, token: &str, path: &str) -> Told<Answered> {
        self.send(case, Method::GET, Some(token), path, None, "").await
    }

    pub(super) async fn post(
        &self,
        case: usize,
        token: Option<&str>,
        path: &str,
        body: Value,
        key: &str,
    ) -> Told<Answered> {
        self.send(case, Method::POST, token, path, Some(body), key).await
    }

    async fn send(
        &self,
        case: usize,
        method: Method,
        token: Option<&str>,
        path: &str,
        body: Option<Value>,
        key: &str,
    ) -> Told<Answered> {
        let server = self.server(case);
        let what = format!("{method} {path}");
        for _ in 0..TRIES {
            let mut request = self.client.request(method.clone(), format!("{}{path}", server.base()));
            if let Some(token) = token {
                request = request.bearer_auth(token);
            }
            if !key.is_empty() {
                request = request.header("idempotency-key", key);
            }
            if let Some(body) = &body {
                request = request.json(body);
            }
            let answered = match request.send().await {
                Ok(answer) => {
                    let status = answer.status().as_u16();
                    answer.text().await.map(|text| (status, text))
                }
                Err(error) => Err(error),
            };
            match answered {
                Ok((503, _)) => tokio::time::sleep(Duration::from_millis(20)).await,
                Ok((status, text)) => {
                    let body = if text.is_empty() {
                        Value::Null
                    } else {
                        serde_json::from_str(&text).map_err(told)?
                    };
                    return Ok(Answered { what, status, body });
                }
                Err(_) => {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                    server.stand_up().await?;
                }
            }
        }
        Err(format!("{what}：没有回答"))
    }
}
