//! Forgets what nobody needs any more, by the operator's policy (`[retention]`): a bounded part in each write, so that
//! people's changes go on between. What a case is made of is not touched: it is an archive's matter.

use std::sync::Arc;

use shared::domain::time::Timestamp;

use crate::{
    config::Config,
    database::{StoreError, Transaction, ids::first_id_at},
    errors::Failure,
    services::Services,
    stores::{attempt_store, audit_store, code_store, idempotency_store, notice_store, outbox_store, session_store},
};

const DAY_MINUTES: i64 = 24 * 60;
/// Rows of one kind removed in one write.
const MOST: i64 = 500;
/// Writes for one kind in one round; the next round goes on.
const PAGES: usize = 40;

/// Removes a part of one kind and answers how many rows went.
type Remove = fn(&mut Transaction<'_>, &Config, Timestamp, i64) -> Result<usize, StoreError>;

/// Every kind but read notices, with the name that figures and log give it.
const KINDS: &[(&str, Remove)] = &[
    ("idempotency_keys", |transaction, _, now, most| {
        idempotency_store::delete_ended(transaction, now, most)
    }),
    ("sign_in_codes", |transaction, _, now, most| {
        code_store::delete_old(transaction, days_ago(now, 1), most)
    }),
    // The longest window of any limit is a day.
    ("attempts", |transaction, _, now, most| {
        attempt_store::delete_idle(transaction, now.plus_minutes(-2 * DAY_MINUTES).0, most)
    }),
    // A text that found no gateway within a day is news no longer.
    ("unsent_texts", |transaction, _, now, most| {
        outbox_store::delete_unsent_texts(transaction, days_ago(now, 1), most)
    }),
    ("dead_letters", |transaction, config, now, most| {
        let before = days_ago(now, config.retention.dead_letters_days);
        outbox_store::delete_dead(transaction, before, most)
    }),
    // A session's row ends at the latest one life after it was made.
    ("sessions", |transaction, config, now, most| {
        let life = config.sessions.resident_seconds.max(config.sessions.staff_seconds);
        let before = days_ago(now.plus_seconds(-life), config.retention.ended_sessions_days);
        session_store::delete_old(transaction, before, most)
    }),
    ("audit_records", |transaction, config, now, most| {
        match config.retention.audit_days {
            Some(days) => audit_store::delete_old(transaction, days_ago(now, days), most, now),
            None => Ok(0),
        }
    }),
];

/// The smallest id of what was made less than so many days ago.
fn days_ago(now: Timestamp, days: u32) -> i64 {
    first_id_at(now.plus_minutes(-i64::from(days) * DAY_MINUTES))
}

/// The work of one process; remembers how far it looked through old notices.
pub struct Retention {
    services: Arc<Services>,
    /// The last notice looked at. Unread ones stay, so that the next round must not begin with them again.
    notices_after: i64,
}

impl Retention {
    /// Begins at the oldest.
    #[must_use]
    pub const fn new(services: Arc<Services>) -> Self {
        Self {
            services,
            notices_after: 0,
        }
    }

    /// One round over every kind. Answers how many rows of each went, kinds without any left out.
    ///
    /// # Errors
    /// `Busy`, or the database's failure; what was removed until then stays so.
    pub async fn remove_once(&mut self) -> Result<Vec<(&'static str, usize)>, Failure> {
        let mut removed = Vec::new();
        for (kind, remove) in KINDS {
            removed.push((*kind, self.remove(*remove).await?));
        }
        removed.push(("read_notices", self.remove_read_notices().await?));
        removed.retain(|(_, rows)| *rows > 0);
        for (kind, rows) in &removed {
            self.services.metrics.count_removed(kind, *rows);
            tracing::info!(kind, rows, "removed what was kept long enough");
        }
        Ok(removed)
    }

    async fn remove(&self, remove: Remove) -> Result<usize, Failure> {
        let mut all = 0;
        for _ in 0..PAGES {
            let (services, now) = (Arc::clone(&self.services), self.services.now());
            let rows = self
                .services
                .database
                .writer
                .write(move |transaction| remove(transaction, &services.config, now, MOST))
                .await?;
            all += rows;
            if rows == 0 {
                break;
            }
        }
        Ok(all)
    }

    async fn remove_read_notices(&mut self) -> Result<usize, Failure> {
        let before = days_ago(self.services.now(), self.services.config.retention.read_notices_days);
        let mut all = 0;
        for _ in 0..PAGES {
            let after = self.notices_after;
            let page = self
                .services
                .database
                .writer
                .write(move |transaction| notice_store::delete_read(transaction, after, before, MOST))
                .await?;
            all += page.removed;
            self.notices_after = page.last.unwrap_or(0);
            if page.last.is_none() {
                break;
            }
        }
        Ok(all)
    }
}
