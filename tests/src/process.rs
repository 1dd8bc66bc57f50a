//! The server as its operator runs it: the built program in a process of its own, on a free port, with data of its own.

use std::{
    collections::BTreeMap,
    io,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// How long a start may take before it counts as failed.
const PATIENCE: Duration = Duration::from_mins(1);

/// What a server is started with.
#[derive(Clone)]
pub struct Setting {
    /// Folder of its data.
    pub data: PathBuf,
    /// `host:port` to listen on; the same after a restart.
    pub address: String,
    /// `SHOUFA_…` and other variables.
    pub variables: BTreeMap<String, String>,
    /// Arguments after `serve`.
    pub arguments: Vec<String>,
}

impl Setting {
    /// A server on a free port with its data in `data`.
    ///
    /// # Errors
    /// When no port is free.
    pub fn new(data: &Path) -> io::Result<Self> {
        let free = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        Ok(Self {
            data: data.to_path_buf(),
            address: free.to_string(),
            // An administrator of a story or a bench has no authenticator app.
            // And everybody asks from one address.
            variables: BTreeMap::from([
                ("SHOUFA_SECOND_FACTOR".to_owned(), "enrolled".to_owned()),
                ("SHOUFA_RATE_LIMITS".to_owned(), "false".to_owned()),
            ]),
            arguments: Vec::new(),
        })
    }

    /// With one more variable.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.variables.insert(name.to_owned(), value.into());
        self
    }
}

/// A running server; killed when dropped.
pub struct ServerProcess {
    child: Child,
    address: String,
}

impl ServerProcess {
    /// Starts the program and waits until it is ready.
    ///
    /// # Errors
    /// When the program is not built, ends at once, or is not ready in time.
    pub async fn start(setting: &Setting) -> io::Result<Self> {
        Self::start_as(program()?, setting).await
    }

    /// As [`Self::start`]; a file that grows beyond the process's limit is then an error of the write, as on a full disk, and
    /// not the end of the process.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn start_deaf_to_file_size(setting: &Setting) -> io::Result<Self> {
        let mut shell = Command::new("sh");
        shell
            .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
            .arg(program()?.get_program());
        Self::start_as(shell, setting).await
    }

    async fn start_as(mut program: Command, setting: &Setting) -> io::Result<Self> {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(setting.data.join("server.log"))?;
        let mut child = program
            .arg("serve")
            .args(&setting.arguments)
            .env_remove("DATABASE_URL")
            .env("SHOUFA_DATA", &setting.data)
            .env("SHOUFA_LISTEN", &setting.address)
            .envs(&setting.variables)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        let asked = Instant::now();
        loop {
            if let Some(status) = child.try_wait()? {
                let log = std::fs::read_to_string(setting.data.join("server.log")).unwrap_or_default();
                return Err(io::Error::other(format!("the server ended ({status}):\n{log}")));
            }
            let ready = reqwest::get(format!("http://{}/readyz", setting.address)).await;
            if ready.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(Self {
                    child,
                    address: setting.address.clone(),
                });
            }
            if asked.elapsed() > PATIENCE {
                return Err(io::Error::other("the server was not ready in time"));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// `http://host:port`.
    #[must_use]
    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// `host:port`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it at once, as a power cut would (`SIGKILL`).
    ///
    /// # Errors
    /// When the process cannot be waited for.
    pub fn kill(mut self) -> io::Result<()> {
        self.child.kill()?;
        self.child.wait().map(drop)
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// The built program: beside this one, or one folder up for a test.
///
/// # Errors
/// When it is not built.
pub fn program() -> io::Result<Command> {
    let own = std::env::current_exe()?;
    let places = own.ancestors().skip(1).take(2).map(|folder| folder.join("shoufa"));
    let found = places.into_iter().find(|place| place.is_file());
    found
        .map(Command::new)
        .ok_or_else(|| io::Error::other("`shoufa` is not built: cargo build -p api --bin shoufa"))
}
