//! The server under measure, with residents and staff who signed in over HTTP as anybody does.

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use reqwest::Client;
use serde_json::{Value, json};
use system_tests::{
    fake_sms::{BEARER, FakeSms},
    process::{ServerProcess, Setting, program},
};

/// The password that members of staff chose.
const STAFF_PASSWORD: &str = "Bench-second-2";

/// The clerk's sign-in by password as bytes, once [`Bench::staff`] has made the clerk.
pub(crate) fn sign_in_request() -> Vec<u8> {
    let body = json!({ "username": "bench.clerk", "password": STAFF_PASSWORD }).to_string();
    format!(
        "POST /api/v1/staff/sessions HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// A running server and the gateway that its codes go through.
pub(crate) struct Bench {
    /// The server.
    pub(crate) server: ServerProcess,
    setting: Setting,
    sms: FakeSms,
    client: Client,
}

impl Bench {
    /// Starts a server with its data in `folder`; `database` names PostgreSQL, else SQLite.
    pub(crate) async fn start(folder: &Path, database: Option<&str>) -> io::Result<Self> {
        let sms = FakeSms::start()?;
        let configuration = folder.join("bench.toml");
        let settings = "[codes]\naddress_hourly = 100000\n[staff]\nsecond_factor = \"enrolled\"\n";
        std::fs::write(&configuration, settings)?;
        let mut setting = Setting::new(folder)?
            .with("SHOUFA_CONFIG", configuration.display().to_string())
            .with("SHOUFA_SMS_URL", sms.address())
            .with("SHOUFA_SMS_TOKEN", BEARER)
            .with("SHOUFA_LOG", "warn");
        if let Some(url) = database {
            setting = setting.with("DATABASE_URL", url);
        }
        let server = ServerProcess::start(&setting).await?;
        Ok(Self {
            server,
            setting,
            sms,
            client: Client::new(),
        })
    }

    /// The embedded database's file.
    pub(crate) fn sqlite_file(&self) -> PathBuf {
        self.setting.data.join("shoufa.db")
    }

    /// Access tokens of `count` residents.
    pub(crate) async fn residents(&self, count: usize) -> io::Result<Vec<String>> {
        futures_util::future::try_join_all((0..count).map(|number| self.resident(number))).await
    }

    async fn resident(&self, number: usize) -> io::Result<String> {
        let phone = format!("138{number:08}");
        self.post("/api/v1/accounts/codes", None, &json!({ "phone": phone }))
            .await?;
        let code = loop {
            if let Some(code) = self.sms.latest_code(&format!("+86{phone}")) {
                break code;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        };
        let made = self
            .post("/api/v1/accounts", None, &json!({ "phone": phone, "code": code }))
            .await?;
        text(&made, "access_token")
    }

    /// The access token of a member of staff with this role everywhere.
    pub(crate) async fn staff(&self, role: &str, unit: &str) -> io::Result<String> {
        let first = "Bench-first-1";
        let mut child = self
            .shoufa(&["admin", "create", "--username", "bench.security"])?
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        if let Some(input) = child.stdin.as_mut() {
            writeln!(input, "{first}")?;
        }
        // The administrator may be there from an earlier call.
        let _made = child.wait()?;
        let admin = self.sign_in("bench.security", first).await?;
        let username = format!("bench.{}", role.replace('_', "-"));
        // The roles of a unit reach no further than it.
        let grant = if role.starts_with("unit_") {
            json!({ "role": role, "unit": unit })
        } else {
            json!({ "role": role })
        };
        let account = json!({
            "username": username, "display_name": "测试", "unit": unit, "password": first, "grants": [grant],
        });
        self.post("/api/v1/staff/accounts", Some(&admin), &account).await?;
        let new = self.sign_in(&username, first).await?;
        let change = json!({ "current_password": first, "password": STAFF_PASSWORD });
        self.post("/api/v1/staff/me/password", Some(&new), &change).await?;
        self.sign_in(&username, STAFF_PASSWORD).await
    }

    /// A command of the program, with the server's settings.
    pub(crate) fn shoufa(&self, arguments: &[&str]) -> io::Result<Command> {
        let mut command = program()?;
        command
            .env_remove("DATABASE_URL")
            .env("SHOUFA_DATA", &self.setting.data)
            .envs(&self.setting.variables)
            .args(arguments);
        Ok(command)
    }

    async fn sign_in(&self, username: &str, password: &str) -> io::Result<String> {
        let body = json!({ "username": username, "password": password });
        text(&self.post("/api/v1/staff/sessions", None, &body).await?, "access_token")
    }

    async fn post(&self, path: &str, token: Option<&str>, body: &Value) -> io::Result<Value> {
        let mut request = self.client.post(format!("{}{path}", self.server.base())).json(body);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await.map_err(io::Error::other)?;
        let status = answer.status();
        let text = answer.text().await.map_err(io::Error::other)?;
        if !status.is_success() {
            return Err(io::Error::other(format!("{path}: {status} {text}")));
        }
        Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
    }
}

fn text(value: &Value, field: &str) -> io::Result<String> {
    let found = value[field].as_str().map(str::to_owned);
    found.ok_or_else(|| io::Error::other(format!("no {field} in {value}")))
}
