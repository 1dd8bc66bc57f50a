//! What use cases and views are given to work with: the database, the clock, and whatever is set up once at start.

use std::{sync::Arc, time::Duration};

use shared::domain::{consent::ConsentWordings, receipt::ReceiptCodec, time::Timestamp};

use crate::{
    access::{Access, callers::Callers, installation::open_keys, passwords::Passwords},
    city::{Articles, City, CurrentArticles, CurrentCity, versions},
    clock::Clock,
    config::Config,
    database::Database,
    delivery::gateways::Gateways,
    limits::{RateLimits, live_desks::LiveDesks},
    photos::PhotoWorkshop,
    telemetry::metrics::Metrics,
    tiles::Tiles,
};

/// Set up once at start, shared by all requests and background work.
pub struct Services {
    /// What the operator configured.
    pub config: Config,
    /// Reading and changing.
    pub database: Database,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// The city's data in their current version.
    pub city: CurrentCity,
    /// The knowledge articles that are not retired.
    pub articles: CurrentArticles,
    /// Keys, passwords and who is signed in.
    pub access: Access,
    /// What people read before agreeing.
    pub consents: ConsentWordings,
    /// Writes and reads receipt numbers.
    pub receipts: ReceiptCodec,
    /// Receiving, keeping and reading photographs.
    pub photos: PhotoWorkshop,
    /// The tiles of the base map.
    pub tiles: Tiles,
    /// The ways to people's phones.
    pub gateways: Gateways,
    /// How often somebody may still ask.
    pub rate_limits: RateLimits,
    /// The desks that are told what happens while it happens.
    pub live_desks: Arc<LiveDesks>,
    /// What is counted for the operator.
    pub metrics: Metrics,
}

/// Why the services could not be set up, in a sentence for the operator.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct StartError(String);

impl StartError {
    /// From any error.
    pub fn of(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

/// Letters in front of every receipt number.
const RECEIPT_PREFIX: &str = "LY";
/// How long a password check waits for a core.
const PASSWORD_PATIENCE: Duration = Duration::from_secs(5);

impl Services {
    /// Opens the data folder, the database and its keys, which are made at the first start, and reads the city's data.
    ///
    /// # Errors
    /// When the folder, the keys, the database or the data cannot be used.
    pub async fn start(config: Config, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        config.check().map_err(StartError::of)?;
        make_folder(&config.data)
            .map_err(|error| StartError(format!("data folder {}: {error}", config.data.display())))?;
        let url = config.database_url().map_err(StartError::of)?;
        let database = Database::open(&url, &config.database.limits(), clock.now()).map_err(StartError::of)?;
        let secrets = open_keys(&config.data, &database).await.map_err(StartError::of)?;
        let passwords = Passwords::new(config.sessions.waiting_passwords, PASSWORD_PATIENCE)
            .map_err(|failure| StartError(failure.cause.unwrap_or_default()))?;
        let consents: ConsentWordings =
            toml::from_str(include_str!("../city/consents.toml")).map_err(StartError::of)?;
        if let Some(problem) = consents.problems().first() {
            return Err(StartError(problem.clone()));
        }
        let gateways = Gateways::open(&config, &clock).map_err(StartError::of)?;
        let photos = PhotoWorkshop::open(&config.data.join("photos"), config.photos.clone()).map_err(StartError::of)?;
        let tiles = Tiles::open(&config.base_map, &config.data).map_err(StartError::of)?;
        let city = versions::load_current(&database, clock.now())
            .await
            .map_err(StartError::of)?;
        let articles = CurrentArticles::default();
        articles.refresh_if_changed(&database).await.map_err(StartError::of)?;
        let receipts = ReceiptCodec::new(RECEIPT_PREFIX, *secrets.receipt_key()).map_err(StartError::of)?;
        let metrics = Metrics::new(clock.now());
        Ok(Self {
            rate_limits: RateLimits::new(&config.limits),
            live_desks: LiveDesks::new(config.limits.live_desks),
            config,
            database,
            clock,
            city: CurrentCity::new(city),
            articles,
            access: Access {
                secrets,
                passwords,
                callers: Callers::default(),
            },
            consents,
            receipts,
            photos,
            tiles,
            gateways,
            metrics,
        })
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The city's data as they are now.
    #[must_use]
    pub fn city(&self) -> Arc<City> {
        self.city.snapshot()
    }

    /// The knowledge articles as they are now.
    #[must_use]
    pub fn articles(&self) -> Arc<Articles> {
        self.articles.snapshot()
    }

    /// An id for a new row.
    #[must_use]
    pub fn next_id(&self) -> i64 {
        self.database.ids.next(self.now())
    }
}

/// A new folder is for the server's user alone: it holds the keys and what residents wrote.
pub(crate) fn make_folder(path: &std::path::Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
