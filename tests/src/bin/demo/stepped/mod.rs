//! A server whose clock stands still until the driver moves it: the real app, over HTTP, in a process of its own, which can be
//! killed. What only an operator or the passing of time could do is asked of it by commands; everybody else uses HTTP.

mod child;
mod look;

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use shared::domain::time::Timestamp;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

pub(crate) use self::{child::run as run_child, look::CaseSeen};
use crate::caller::Told;

/// The first argument of the process that is the server.
pub(crate) const CHILD: &str = "stepped-server";
/// How long a start or a command may take.
const PATIENCE: Duration = Duration::from_mins(2);

/// What a server is started with.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SteppedSetting {
    /// Folder of its data.
    pub(crate) data: PathBuf,
    /// PostgreSQL, else SQLite in the folder.
    pub(crate) database: Option<String>,
    /// `host:port`, the same after a restart.
    pub(crate) address: String,
    /// Where its clock stands at the start.
    pub(crate) at: Timestamp,
    /// No other process works on this database: what a killed one left behind need not wait for its leases to end.
    pub(crate) alone: bool,
}

/// What the driver asks of a server beside HTTP.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(crate) enum Order {
    /// Moves the clock.
    Clock {
        /// To this instant.
        at: Timestamp,
    },
    /// Does all that is due by now; answers [`Done`].
    Sweep,
    /// Makes an account of the staff, as the operator's command does; answers its id.
    Hire {
        /// The name to sign in with.
        username: String,
        /// The one role.
        role: String,
        /// Code of the unit.
        unit: String,
        /// Whether the role reaches no further than the unit.
        within: bool,
    },
    /// The code that was texted to this number last.
    Code {
        /// The number.
        phone: String,
    },
    /// Every case with all that became of it; answers [`CaseSeen`]s.
    Look,
}

/// What a sweep did.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(crate) struct Done {
    pub(crate) warned: usize,
    pub(crate) stepped: usize,
    pub(crate) overdue: usize,
    pub(crate) opened: usize,
    /// When there is something to do next.
    pub(crate) next: Option<Timestamp>,
}

/// The password of all staff that an [`Order::Hire`] makes.
pub(crate) const PASSWORD: &str = "Yi-ci-yi-mi-2026";

/// A server that stands up again, with the same data and the same clock, whenever it was killed.
pub(crate) struct SteppedServer {
    setting: Mutex<SteppedSetting>,
    process: Mutex<Child>,
    line: tokio::sync::Mutex<Line>,
}

/// The way to the process's commands.
struct Line {
    input: ChildStdin,
    answers: UnboundedReceiver<String>,
}

impl SteppedServer {
    /// Starts one with its data in `data`.
    pub(crate) async fn start(data: &Path, database: Option<&str>, at: Timestamp, alone: bool) -> Told<Self> {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let setting = SteppedSetting {
            data: data.to_path_buf(),
            database: database.map(str::to_owned),
            address: free.map_err(told)?.to_string(),
            at,
            alone,
        };
        let (child, line) = spawn(&setting).await?;
        Ok(Self {
            setting: Mutex::new(setting),
            process: Mutex::new(child),
            line: tokio::sync::Mutex::new(line),
        })
    }

    /// `http://host:port`.
    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.setting().address)
    }

    /// Moves the clock.
    pub(crate) async fn step_to(&self, at: Timestamp) -> Told<()> {
        self.setting.lock().unwrap_or_else(PoisonError::into_inner).at = at;
        self.ask(&Order::Clock { at }).await
    }

    /// Asks; when the process is killed meanwhile, asks its successor.
    pub(crate) async fn ask<T: DeserializeOwned>(&self, order: &Order) -> Told<T> {
        let mut line = self.line.lock().await;
        loop {
            if let Some(answer) = line.ask(order).await? {
                return serde_json::from_value(answer).map_err(told);
            }
            self.replace(&mut line).await?;
        }
    }

    /// Waits until a killed process has its successor; nothing to do when it lives.
    pub(crate) async fn stand_up(&self) -> Told<()> {
        let mut line = self.line.lock().await;
        let ended = self.process().try_wait().map_err(told)?.is_some();
        if ended { self.replace(&mut line).await } else { Ok(()) }
    }

    /// Ends the process at once, as a power cut would (`SIGKILL`).
    pub(crate) fn kill(&self) -> Told<()> {
        let mut process = self.process();
        process.kill().and_then(|()| process.wait()).map(drop).map_err(told)
    }

    async fn replace(&self, line: &mut Line) -> Told<()> {
        let (child, next) = spawn(&self.setting()).await?;
        // The one before may have closed its line by itself: then this ends it.
        let mut before = std::mem::replace(&mut *self.process(), child);
        let _ended = before.kill();
        let _reaped = before.wait();
        *line = next;
        Ok(())
    }

    fn setting(&self) -> SteppedSetting {
        self.setting.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn process(&self) -> std::sync::MutexGuard<'_, Child> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for SteppedServer {
    fn drop(&mut self) {
        let _ended = self.kill();
    }
}

impl Line {
    /// None when the process is gone.
    async fn ask(&mut self, order: &Order) -> Told<Option<serde_json::Value>> {
        let mut text = serde_json::to_string(order).map_err(told)?;
        text.push('\n');
        if self.input.write_all(text.as_bytes()).is_err() {
            return Ok(None);
        }
        self.answer().await
    }

    async fn answer(&mut self) -> Told<Option<serde_json::Value>> {
        let answered = tokio::time::timeout(PATIENCE, self.answers.recv()).await;
        let Some(text) = answered.map_err(|_| "服务器没有按时回答".to_owned())? else {
            return Ok(None);
        };
        let answer: Result<serde_json::Value, String> = serde_json::from_str(&text).map_err(told)?;
        answer.map(Some)
    }
}

/// Starts the process and waits until it answers.
async fn spawn(setting: &SteppedSetting) -> Told<(Child, Line)> {
    let log = std::fs::File::options()
        .create(true)
        .append(true)
        .open(setting.data.join("server.log"));
    let mut child = Command::new(std::env::current_exe().map_err(told)?)
        .arg(CHILD)
        .arg(serde_json::to_string(setting).map_err(told)?)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(log.map_err(told)?)
        .spawn()
        .map_err(told)?;
    let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err("服务器进程没有输入输出".to_owned());
    };
    let (send, answers) = unbounded_channel();
    std::thread::spawn(move || {
        for text in BufReader::new(output).lines().map_while(Result::ok) {
            if send.send(text).is_err() {
                break;
            }
        }
    });
    let mut line = Line { input, answers };
    // Its first line says that it listens.
    match line.answer().await? {
        Some(_) => Ok((child, line)),
        None => Err(format!(
            "服务器没有启动：{}",
            std::fs::read_to_string(setting.data.join("server.log")).unwrap_or_default()
        )),
    }
}

/// Any error in words.
pub(crate) fn told(error: impl std::fmt::Display) -> String {
    error.to_string()
}
