//! Configuration: one struct per concern, from a TOML file, overlaid by the environment, overlaid by flags.
//!
//! What nobody set has a default that works on one machine. A key or variable that nobody knows is refused by name.
//! Secrets are read here and never printed.

mod base_map;
mod environment;
mod limits;
mod operating;
mod residents;
mod staff;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::Deserialize;
use shared::contract::secret::Secret;

pub(crate) use self::environment::help;
pub use self::{
    base_map::BaseMapConfig,
    environment::{VARIABLES, Variable},
    limits::{ClassLimit, LimitsConfig},
    operating::{LogConfig, MetricsConfig, RetentionConfig, TraceConfig},
    residents::ResidentConfig,
    staff::{SecondFactorPolicy, StaffConfig},
};
use crate::{
    access::proxies::{ForwardedHeader, TrustedNetwork},
    database::{DatabaseLimits, DatabaseUrl},
    photos::PhotoLimits,
};

/// Why the configuration was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("configuration file {0}: {1}")]
    Unreadable(PathBuf, std::io::Error),
    /// The file has an unknown key, or a value of the wrong kind; the text names line and key.
    #[error("configuration file {0}: {1}")]
    File(PathBuf, String),
    /// A variable has a value that cannot be used.
    #[error("{0}: {1}")]
    Variable(&'static str, String),
    /// A variable that begins like ours and is none.
    #[error("{name} is not a variable of this program{}", suggestion(.nearest.as_deref()))]
    UnknownVariable {
        /// The name that was set.
        name: String,
        /// A known name close to it.
        nearest: Option<String>,
    },
    /// The parts do not go together.
    #[error("{0}")]
    Inconsistent(String),
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean {name}?"))
}

/// Everything that can be configured.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Folder of the run-time data: keys, the embedded database, photos.
    pub data: PathBuf,
    /// Shows a demonstration city; on a loopback address only.
    pub demo: bool,
    /// File with the whole minutes that a demonstration's clock is ahead of the machine's, read again and again.
    pub demo_clock: Option<PathBuf>,
    /// HTTP.
    pub server: ServerConfig,
    /// Where the database is, and its bounds.
    pub database: DatabaseConfig,
    /// Sessions and passwords.
    pub sessions: SessionConfig,
    /// What is asked of staff before they work.
    pub staff: StaffConfig,
    /// What residents do with their accounts.
    pub residents: ResidentConfig,
    /// Sign-in codes.
    pub codes: CodeConfig,
    /// Text messages.
    pub sms: SmsConfig,
    /// Push messages.
    pub push: PushConfig,
    /// What lies under the maps of the pages.
    pub base_map: BaseMapConfig,
    /// How large photographs may be.
    pub photos: PhotoLimits,
    /// How often one may ask.
    pub limits: LimitsConfig,
    /// The log.
    pub log: LogConfig,
    /// How long what is kept.
    pub retention: RetentionConfig,
    /// Figures for Prometheus.
    pub metrics: MetricsConfig,
    /// Spans for an OpenTelemetry collector.
    pub traces: TraceConfig,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("./data"),
            demo: false,
            demo_clock: None,
            server: ServerConfig::default(),
            database: DatabaseConfig::default(),
            sessions: SessionConfig::default(),
            staff: StaffConfig::default(),
            residents: ResidentConfig::default(),
            codes: CodeConfig::default(),
            sms: SmsConfig::default(),
            push: PushConfig::default(),
            base_map: BaseMapConfig::default(),
            photos: PhotoLimits::default(),
            limits: LimitsConfig::default(),
            log: LogConfig::default(),
            retention: RetentionConfig::default(),
            metrics: MetricsConfig::default(),
            traces: TraceConfig::default(),
        }
    }
}

/// HTTP.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerConfig {
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Threads that answer requests; 0 for one a core.
    pub workers: usize,
    /// Addresses of reverse proxies, or blocks of them, that are believed when they say who asked.
    pub trusted_proxies: Vec<TrustedNetwork>,
    /// The header in which they say it.
    pub forwarded_header: ForwardedHeader,
    /// The proxies speak TLS to the clients: browsers are told never to come without it.
    pub behind_tls: bool,
    /// Bytes of a JSON body at most.
    pub largest_body: usize,
    /// Bytes of the address and header fields of a request at most.
    pub largest_head: usize,
    /// Seconds that a request's head may take to arrive.
    pub head_seconds: u64,
    /// Seconds that a body may take to arrive.
    pub body_seconds: u64,
    /// Seconds that a photograph may take to arrive.
    pub photo_seconds: u64,
    /// Seconds that an idle connection is kept.
    pub keep_alive_seconds: u64,
    /// Connections of one thread at most; more wait.
    pub connections: usize,
    /// Seconds that requests under way have to finish when the server stops.
    pub shutdown_seconds: u64,
    /// Folder of built pages to be shown instead of those within the program; the console's in `staff` below it.
    pub web_root: Option<PathBuf>,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 12345)),
            workers: 0,
            trusted_proxies: Vec::new(),
            forwarded_header: ForwardedHeader::default(),
            behind_tls: false,
            largest_body: 256 * 1024,
            largest_head: 16 * 1024,
            head_seconds: 10,
            body_seconds: 30,
            photo_seconds: 300,
            keep_alive_seconds: 75,
            connections: 10_000,
            shutdown_seconds: 30,
            web_root: None,
        }
    }
}

/// Where the database is, and its bounds.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `postgres://…` or `sqlite:PATH`; a file in the data folder when absent. May hold a password.
    pub url: Option<Secret>,
    /// Connections for reading.
    pub readers: u32,
    /// Readers that may wait before the next one is told to come back.
    pub waiting_readers: usize,
    /// Changes that may wait before the next one is told to come back.
    pub waiting_writes: usize,
    /// Changes committed together at most.
    pub group: usize,
    /// Milliseconds that a reader waits for a connection.
    pub patience_ms: u64,
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        let limits = DatabaseLimits::default();
        Self {
            url: None,
            readers: limits.readers,
            waiting_readers: limits.waiting_readers,
            waiting_writes: limits.waiting_writes,
            group: limits.group,
            patience_ms: 5_000,
        }
    }
}

impl DatabaseConfig {
    /// The bounds as the database room takes them.
    #[must_use]
    pub fn limits(&self) -> DatabaseLimits {
        DatabaseLimits {
            readers: self.readers,
            waiting_readers: self.waiting_readers,
            waiting_writes: self.waiting_writes,
            group: self.group,
            patience: Duration::from_millis(self.patience_ms),
        }
    }
}

/// Sessions and passwords.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SessionConfig {
    /// Seconds that an access token lives.
    pub access_seconds: i64,
    /// Seconds that a resident's refresh token lives, counted anew at each refresh.
    pub resident_seconds: i64,
    /// Seconds from sign-in after which staff sign in again.
    pub staff_seconds: i64,
    /// Seconds without a sign of work after which staff sign in again: how long their refresh token lives.
    pub staff_idle_seconds: i64,
    /// Wrong passwords for one account from one address before a pause.
    pub wrong_passwords: i64,
    /// Wrong passwords for one account from everywhere before a pause of password sign-in.
    pub wrong_passwords_anywhere: i64,
    /// Seconds of the pause, and of the window in which wrong passwords are counted.
    pub pause_seconds: i64,
    /// Password checks that may wait for a core.
    pub waiting_passwords: usize,
}

impl Default for SessionConfig {
    fn default() -> Self {
        Self {
            access_seconds: 15 * 60,
            resident_seconds: 30 * 24 * 3600,
            staff_seconds: 12 * 3600,
            staff_idle_seconds: 30 * 60,
            wrong_passwords: 5,
            wrong_passwords_anywhere: 50,
            pause_seconds: 10 * 60,
            waiting_passwords: 64,
        }
    }
}

/// Sign-in codes.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CodeConfig {
    /// Seconds that a code lives.
    pub seconds: i64,
    /// Wrong codes before a code is void.
    pub attempts: i64,
    /// Seconds between two codes for one number.
    pub pause_seconds: i64,
    /// Codes for one number in an hour.
    pub number_hourly: i64,
    /// Codes for one number in a day.
    pub number_daily: i64,
    /// Codes asked for from one address in an hour. Many phones share one address of their operator.
    pub address_hourly: i64,
    /// Codes asked for by one signed-in account in a day.
    pub account_daily: i64,
}

impl Default for CodeConfig {
    fn default() -> Self {
        Self {
            seconds: 300,
            attempts: 5,
            pause_seconds: 60,
            number_hourly: 5,
            number_daily: 10,
            address_hourly: 60,
            account_daily: 10,
        }
    }
}

/// Text messages.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SmsConfig {
    /// Address of the gateway; without one no text message leaves the machine.
    pub url: Option<String>,
    /// Bearer token for the gateway.
    pub token: Option<Secret>,
    /// Name in front of each message.
    pub signature: String,
}

impl Default for SmsConfig {
    fn default() -> Self {
        Self {
            url: None,
            token: None,
            signature: "首发".to_owned(),
        }
    }
}

/// Push messages.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PushConfig {
    /// Path of the service account's JSON key for Firebase Cloud Messaging; without one nothing is pushed.
    pub fcm_service_account: Option<PathBuf>,
    /// Address of the service, when it is not Google's own.
    pub fcm_base: Option<String>,
}

impl Config {
    /// Reads the file, if one is named, and then the variables.
    ///
    /// # Errors
    /// When the file or a variable cannot be used.
    pub fn read(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut config = match file {
            Some(path) => Self::from_file(path)?,
            None => Self::default(),
        };
        environment::overlay(&mut config, environment)?;
        Ok(config)
    }

    fn from_file(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable(path.to_path_buf(), error))?;
        toml::from_str(&text).map_err(|error| ConfigError::File(path.to_path_buf(), told_without_values(&error, &text)))
    }

    /// Refuses what does not go together: a demonstration that others could reach, or limits that cannot work.
    ///
    /// # Errors
    /// `Inconsistent`, in a sentence.
    pub fn check(&self) -> Result<(), ConfigError> {
        let wrong = |text: &str| Err(ConfigError::Inconsistent(text.to_owned()));
        if self.demo && !self.server.listen.ip().is_loopback() {
            return wrong("--demo prints sign-in codes and has known passwords: it only listens on a loopback address");
        }
        if self.demo_clock.is_some() && !self.demo {
            return wrong("SHOUFA_DEMO_CLOCK is for --demo alone: a city goes by the machine's clock");
        }
        if self.database.readers == 0 || self.database.group == 0 || self.database.waiting_writes == 0 {
            return wrong("database.readers, database.group and database.waiting_writes are at least 1");
        }
        if !self.limits.is_sound() {
            return wrong("a window under [limits] has no length: seconds is at least 1");
        }
        if self.sessions.staff_idle_seconds < self.sessions.access_seconds {
            return wrong(
                "sessions.staff_idle_seconds is not shorter than sessions.access_seconds, which idleness is measured by",
            );
        }
        if self.metrics.listen.is_some_and(|listen| listen == self.server.listen) {
            return wrong("metrics.listen is an address of its own: figures are not for everybody who reaches the API");
        }
        self.base_map
            .check()
            .map_err(|text| ConfigError::Inconsistent(text.to_owned()))?;
        self.residents
            .check()
            .map_err(|text| ConfigError::Inconsistent(text.to_owned()))?;
        self.retention
            .check()
            .map_err(|text| ConfigError::Inconsistent(text.to_owned()))?;
        self.traces
            .check()
            .map_err(|text| ConfigError::Inconsistent(text.to_owned()))?;
        self.database_url().map(drop)
    }

    /// Where the database is.
    ///
    /// # Errors
    /// When the URL is for neither database.
    pub fn database_url(&self) -> Result<DatabaseUrl, ConfigError> {
        match &self.database.url {
            Some(url) => url.reveal().parse().map_err(ConfigError::Inconsistent),
            None => Ok(DatabaseUrl::Sqlite(self.data.join("shoufa.db").display().to_string())),
        }
    }
}

/// The message and place of the error; never the line itself, which may hold a secret.
fn told_without_values(error: &toml::de::Error, text: &str) -> String {
    let line = error
        .span()
        .map(|span| text.get(..span.start).unwrap_or_default().matches('\n').count() + 1);
    match line {
        Some(line) => format!("line {line}: {}", error.message()),
        None => error.message().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: &str, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shoufa.toml");
        std::fs::write(&path, file).unwrap();
        let variables = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Config::read(Some(&path), variables)
    }

    #[test]
    fn nothing_set_gives_one_machine_on_loopback() {
        let config = Config::read(None, []).unwrap();
        assert_eq!(config.server.listen.to_string(), "127.0.0.1:12345");
        assert!(matches!(config.database_url().unwrap(), DatabaseUrl::Sqlite(path) if path == "./data/shoufa.db"));
        config.check().unwrap();
    }

    #[test]
    fn the_environment_overlays_the_file() {
        let file = "data = \"/srv/a\"\n[server]\nlisten = \"127.0.0.1:1\"\nworkers = 3\n";
        let config = read(file, &[("SHOUFA_LISTEN", "0.0.0.0:8080"), ("PATH", "/bin")]).unwrap();
        assert_eq!(config.server.listen.to_string(), "0.0.0.0:8080");
        assert_eq!(config.server.workers, 3);
        assert_eq!(config.data, PathBuf::from("/srv/a"));
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_name_and_place_and_no_value() {
        let file = "[database]\nurl = \"postgres://u:geheim@h/d\"\nurll = \"geheim\"\n";
        let error = read(file, &[]).unwrap_err().to_string();
        assert!(error.contains("urll") && error.contains("line 3"), "{error}");
        assert!(!error.contains("geheim"), "{error}");
    }

    #[test]
    fn an_unknown_variable_is_refused_with_the_nearest_name() {
        let error = read("", &[("SHOUFA_LISTN", "127.0.0.1:1")]).unwrap_err().to_string();
        assert!(
            error.contains("SHOUFA_LISTN") && error.contains("did you mean SHOUFA_LISTEN?"),
            "{error}"
        );
        let error = read("", &[("SHOUFA_WORKERS", "many")]).unwrap_err().to_string();
        assert!(error.contains("SHOUFA_WORKERS"), "{error}");
    }

    #[test]
    fn secrets_do_not_print() {
        let config = read(
            "",
            &[
                ("SHOUFA_DATABASE_URL", "postgres://u:geheim@h/d"),
                ("SHOUFA_SMS_TOKEN", "geheim"),
            ],
        )
        .unwrap();
        assert!(!format!("{config:?}").contains("geheim"));
    }

    #[test]
    fn the_audit_trail_is_kept_for_six_months_at_least() {
        read("[retention]\naudit_days = 185\n", &[]).unwrap().check().unwrap();
        let error = read("[retention]\naudit_days = 184\n", &[])
            .unwrap()
            .check()
            .unwrap_err();
        assert!(error.to_string().contains("185"), "{error}");
    }

    #[test]
    fn nobody_waits_longer_for_an_answer_about_own_data_and_a_stolen_password_never_moves_a_number_at_once() {
        assert!(Config::default().check().is_ok());
        for wrong in ["rights_working_days = 16", "number_wait_days = 0"] {
            let config = read(&format!("[residents]\n{wrong}\n"), &[]).unwrap();
            assert!(config.check().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_map_is_not_shown_without_saying_whose_it_is() {
        let map = "[base_map]\nkind = \"xyz\"\nurl = \"https://tiles.example/{z}/{x}/{y}.png?tk=geheim\"\n";
        let named = format!("{map}attribution = \"天地图 GS(2024)0650号\"\ndatum = \"gcj02\"\n");
        let config = read(&named, &[]).unwrap();
        config.check().unwrap();
        assert!(!format!("{config:?}").contains("geheim"));
        assert!(read(map, &[]).unwrap().check().is_err());
        let aimless = named.replace("{y}", "0");
        assert!(read(&aimless, &[]).unwrap().check().is_err());
    }

    #[test]
    fn figures_have_a_door_of_their_own() {
        let listen = [("SHOUFA_METRICS_LISTEN", "127.0.0.1:12345")];
        assert!(read("", &listen).unwrap().check().is_err());
        let listen = [("SHOUFA_METRICS_LISTEN", "127.0.0.1:9345")];
        read("", &listen).unwrap().check().unwrap();
        assert!(Config::default().metrics.listen.is_none());
    }

    #[test]
    fn a_demonstration_is_for_loopback_only() {
        let mut config = Config {
            demo: true,
            ..Config::default()
        };
        config.check().unwrap();
        config.server.listen = SocketAddr::from(([0, 0, 0, 0], 12345));
        assert!(config.check().is_err());
    }

    #[test]
    fn only_a_demonstration_goes_by_another_clock() {
        let mut config = read("demo = true\n", &[("SHOUFA_DEMO_CLOCK", "ahead")]).unwrap();
        config.check().unwrap();
        config.demo = false;
        assert!(config.check().unwrap_err().to_string().contains("SHOUFA_DEMO_CLOCK"));
    }
}
