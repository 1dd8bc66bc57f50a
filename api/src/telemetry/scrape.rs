//! The figures that are looked up when somebody asks: queues of this process, and what waits in the database.
//!
//! The database is asked with one statement of bounded parts, at most once in five seconds however often somebody asks.

use std::{
    fmt::Error,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use prometheus_client::{
    encoding::{
        EncodeMetric, MetricEncoder, NoLabelSet,
        text::{encode_eof, encode_registry},
    },
    metrics::{MetricType, counter::ConstCounter, gauge::ConstGauge},
    registry::Registry,
};
use tokio::{sync::Mutex, time::Instant};

use crate::{
    database::{StoreError, ids::made_at, writer::WriterFigures},
    services::Services,
    stores::backlog_store::{self, BacklogRow},
};

/// How long the database's figures stand.
const FRESH: Duration = Duration::from_secs(5);
/// How long the database may take before it counts as down.
const PATIENCE: Duration = Duration::from_secs(2);

/// Writes all figures of one process.
pub(super) struct Scrape {
    services: Arc<Services>,
    backlog: Mutex<Option<(Instant, Option<BacklogRow>)>>,
}

impl Scrape {
    pub(super) fn new(services: Arc<Services>) -> Self {
        Self {
            services,
            backlog: Mutex::new(None),
        }
    }

    /// All figures as `OpenMetrics` text, which Prometheus reads.
    pub(super) async fn text(&self) -> Result<String, Error> {
        let mut text = String::with_capacity(32 * 1024);
        encode_registry(&mut text, &self.services.metrics.registry)?;
        encode_registry(&mut text, &self.live().await)?;
        encode_eof(&mut text)?;
        Ok(text)
    }

    async fn live(&self) -> Registry {
        let mut registry = Registry::with_prefix("shoufa");
        self.add_queues(&mut registry);
        let backlog = self.backlog().await;
        registry.register(
            "database_up",
            "1 when the database answers",
            ConstGauge::new(i64::from(backlog.is_some())),
        );
        let today = self.services.now().city_date();
        let incomplete = self.services.city().calendar.missing_next_year(today);
        registry.register(
            "calendar_incomplete",
            "1 when the holidays of this year, or from November on of the next, are not imported",
            ConstGauge::new(i64::from(incomplete)),
        );
        // What is not known is not shown: a zero would say that nothing waits.
        if let Some(backlog) = backlog {
            self.add_backlog(&mut registry, &backlog);
        }
        registry
    }

    fn add_queues(&self, registry: &mut Registry) {
        let writer = &self.services.database.writer;
        let figures = writer.figures();
        registry.register(
            "writer_waiting",
            "Changes that wait for the writer",
            ConstGauge::new(number(writer.waiting())),
        );
        registry.register(
            "writer_groups",
            "Commits",
            ConstCounter::new(figures.groups.load(Ordering::Relaxed)),
        );
        registry.register(
            "writer_jobs",
            "Changes committed or refused",
            ConstCounter::new(figures.jobs.load(Ordering::Relaxed)),
        );
        registry.register(
            "writer_groups_repeated",
            "Groups run again with savepoints",
            ConstCounter::new(figures.repeated.load(Ordering::Relaxed)),
        );
        registry.register("writer_batch_size", "Changes in one commit", BatchSizes::of(figures));
        registry.register(
            "photos_in_line",
            "Photos that are worked on or wait for it",
            ConstGauge::new(number(self.services.photos.in_line())),
        );
    }

    fn add_backlog(&self, registry: &mut Registry, backlog: &BacklogRow) {
        let now = self.services.now();
        let waited = |since: Option<i64>| since.map_or(0, |since| (now.0 - since).max(0) / 1_000_000);
        registry.register(
            "outbox_lag_seconds",
            "Age of the oldest message that waits to be delivered",
            ConstGauge::new(waited(backlog.oldest_message.map(|id| made_at(id).0))),
        );
        registry.register(
            "outbox_waiting",
            "Messages that wait to be delivered, counted up to 10000",
            ConstGauge::new(backlog.waiting),
        );
        registry.register(
            "outbox_dead_letters",
            "Messages given up and kept for a person, counted up to 10000",
            ConstGauge::new(backlog.dead_letters),
        );
        registry.register(
            "sweep_lag_seconds",
            "How long the oldest due clock has been overdue for the sweep",
            ConstGauge::new(waited(backlog.next_wake)),
        );
    }

    /// None when the database does not answer.
    async fn backlog(&self) -> Option<BacklogRow> {
        let mut kept = self.backlog.lock().await;
        if let Some((asked, known)) = kept.as_ref()
            && asked.elapsed() < FRESH
        {
            return known.clone();
        }
        let asking = self
            .services
            .database
            .readers
            .read(|connection| Ok::<_, StoreError>(backlog_store::read_backlog(connection)?));
        let known = match tokio::time::timeout(PATIENCE, asking).await {
            Ok(Ok(backlog)) => Some(backlog),
            Ok(Err(error)) => {
                tracing::warn!(%error, "the figures could not be read");
                None
            }
            Err(_) => None,
        };
        *kept = Some((Instant::now(), known.clone()));
        known
    }
}

fn number(amount: usize) -> i64 {
    i64::try_from(amount).unwrap_or(i64::MAX)
}

/// The writer's own counts as a histogram.
#[derive(Debug)]
struct BatchSizes {
    buckets: Vec<(f64, u64)>,
    sum: f64,
    count: u64,
}

impl BatchSizes {
    #[allow(clippy::cast_precision_loss, reason = "counts of jobs stay far below 2^52")]
    fn of(figures: &WriterFigures) -> Self {
        let buckets: Vec<(f64, u64)> = figures.sizes().collect();
        Self {
            sum: figures.jobs.load(Ordering::Relaxed) as f64,
            count: buckets.iter().map(|(_, groups)| groups).sum(),
            buckets,
        }
    }
}

impl EncodeMetric for BatchSizes {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> Result<(), Error> {
        encoder.encode_histogram::<NoLabelSet>(self.sum, self.count, &self.buckets, None)
    }

    fn metric_type(&self) -> MetricType {
        MetricType::Histogram
    }
}
