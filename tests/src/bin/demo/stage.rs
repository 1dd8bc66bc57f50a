//! What the story needs around it: a server of its own with temporary data, a push service and a text-message gateway on
//! loopback, and the accounts of the city's staff.

use std::{
    io::Write,
    process::Stdio,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use system_tests::{
    fake_fcm::{FakeFcm, RecordedMessage},
    fake_sms::{BEARER, FakeSms},
    process::{ServerProcess, Setting, program},
    schema::Schema,
};
use tempfile::TempDir;

use crate::caller::{Caller, Told, expect, text};

/// Password of everybody in this story.
const PASSWORD: &str = "Yi-ci-yi-mi-2026";
/// What an account is made with, to be changed at the first sign-in.
const FIRST_PASSWORD: &str = "Chu-shi-mi-ma-2026";
/// How long a message may take to its reader.
const PATIENCE: Duration = Duration::from_secs(10);

/// The stage; everything on it ends with it.
pub(crate) struct Stage {
    /// The database, as people call it.
    pub(crate) database: &'static str,
    /// Texts that left the platform.
    pub(crate) sms: FakeSms,
    /// Pushes that left the platform.
    pub(crate) fcm: FakeFcm,
    /// Nobody in particular.
    pub(crate) anybody: Caller,
    _server: ServerProcess,
    _schema: Option<Schema>,
    _data: TempDir,
}

impl Stage {
    /// Starts everything: SQLite in a temporary folder, or a schema of its own where `DATABASE_URL` names a PostgreSQL.
    pub(crate) async fn set() -> Told<Self> {
        let told = |error: std::io::Error| error.to_string();
        let data = tempfile::tempdir().map_err(told)?;
        let (sms, fcm) = (FakeSms::start().map_err(told)?, FakeFcm::start().map_err(told)?);
        let key = data.path().join("fcm.json");
        std::fs::write(&key, fcm.service_account_json()).map_err(told)?;
        let mut setting = Setting::new(data.path())
            .map_err(told)?
            .with("SHOUFA_LOG", "warn")
            .with("SHOUFA_SMS_URL", sms.address())
            .with("SHOUFA_SMS_TOKEN", BEARER)
            .with("SHOUFA_FCM_SERVICE_ACCOUNT", key.display().to_string())
            .with("SHOUFA_FCM_BASE", fcm.base());
        let schema = std::env::var("DATABASE_URL").ok().map(|url| Schema::make_on(&url));
        if let Some(schema) = &schema {
            setting = setting.with("DATABASE_URL", schema.url());
        }
        make_first_administrator(&setting)?;
        let server = ServerProcess::start(&setting).await.map_err(told)?;
        Ok(Self {
            database: if schema.is_some() { "PostgreSQL" } else { "SQLite" },
            anybody: Caller::anonymous(&server.base()),
            sms,
            fcm,
            _server: server,
            _schema: schema,
            _data: data,
        })
    }

    /// Signs a member of staff in.
    pub(crate) async fn staff(&self, username: &str) -> Told<Caller> {
        self.sign_in(username, PASSWORD).await
    }

    async fn sign_in(&self, username: &str, password: &str) -> Told<Caller> {
        let body = json!({ "username": username, "password": password });
        let session = self.anybody.post("/api/v1/staff/sessions", body).await?;
        self.anybody.signed_in(&session)
    }

    /// The first sign-in of a member of staff, who must choose a password before anything else.
    pub(crate) async fn staff_at_first(&self, username: &str) -> Told<Caller> {
        let caller = self.sign_in(username, FIRST_PASSWORD).await?;
        let status = caller.status("/api/v1/staff/queues").await?;
        expect(status == 403, || format!("没改初始密码就能看队列，状态码 {status}"))?;
        let body = json!({ "current_password": FIRST_PASSWORD, "password": PASSWORD });
        caller.post("/api/v1/staff/me/password", body).await?;
        Ok(caller)
    }

    /// The administrator makes an account with one role, for a unit or for the whole city; answers its id.
    pub(crate) async fn make_staff(&self, administrator: &Caller, seat: &Seat) -> Told<String> {
        let grant = match seat.reach {
            Some(unit) => json!({ "role": seat.role, "unit": unit }),
            None => json!({ "role": seat.role }),
        };
        let body = json!({
            "username": seat.username, "display_name": seat.name, "post": seat.post,
            "unit": seat.unit, "password": FIRST_PASSWORD, "grants": [grant],
        });
        let made = administrator.post("/api/v1/staff/accounts", body).await?;
        text(&made, "/id")
    }

    /// The code that was texted to a number.
    pub(crate) async fn code(&self, number: &str) -> Told<String> {
        let e164 = format!("+86{number}");
        wait("验证码短信", || self.sms.latest_code(&e164)).await
    }

    /// The push that points to a notice.
    pub(crate) async fn push_of(&self, notice: &str) -> Told<RecordedMessage> {
        wait("推送", || {
            let messages = self.fcm.messages();
            let of_notice = |message: &RecordedMessage| message.data.get("notice_id").is_some_and(|id| id == notice);
            messages.into_iter().find(of_notice)
        })
        .await
    }
}

/// An account to be made.
pub(crate) struct Seat {
    pub(crate) username: &'static str,
    pub(crate) name: &'static str,
    pub(crate) post: &'static str,
    pub(crate) role: &'static str,
    pub(crate) unit: &'static str,
    /// The unit that the role is limited to.
    pub(crate) reach: Option<&'static str>,
}

/// By command, as an operator does before the first start.
fn make_first_administrator(setting: &Setting) -> Told<()> {
    let mut command = program().map_err(|error| error.to_string())?;
    let mut child = command
        .args(["admin", "create", "--username", "anquan", "--unit", "3713.hotline"])
        .env_remove("DATABASE_URL")
        .env("SHOUFA_DATA", &setting.data)
        .envs(&setting.variables)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    if let Some(mut input) = child.stdin.take() {
        writeln!(input, "{PASSWORD}").map_err(|error| error.to_string())?;
    }
    let ended = child.wait_with_output().map_err(|error| error.to_string())?;
    expect(ended.status.success(), || {
        format!("shoufa admin create：{}", String::from_utf8_lossy(&ended.stderr))
    })
}

/// Waits until `look` finds something.
async fn wait<T>(what: &str, look: impl Fn() -> Option<T>) -> Told<T> {
    let asked = Instant::now();
    loop {
        if let Some(found) = look() {
            return Ok(found);
        }
        if asked.elapsed() > PATIENCE {
            return Err(format!("等了 {} 秒，没有等到{what}", PATIENCE.as_secs()));
        }
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
}

/// The newest of an inbox, oldest first.
pub(crate) fn oldest_first(inbox: &Value) -> Vec<Value> {
    let items = inbox.pointer("/items").and_then(Value::as_array);
    items.into_iter().flatten().rev().cloned().collect()
}
