//! Moves SQLite's log into its file beside the writer, so that nobody's change waits for it.
//!
//! A thread with a connection of its own moves what is in the log; the writer moves only the little that came meanwhile, after
//! which the log begins anew. A long reader, such as a backup, holds the log as it is until it ends: then, too, the thread moves
//! the bulk.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    time::{Duration, Instant},
};

use diesel::{QueryableByName, RunQueryDsl, SqliteConnection, sql_query, sql_types::Integer};

use super::{DatabaseUrl, StoreError, connection::open_beside};

/// Groups after which the thread looks how long the log is.
const GROUPS: u32 = 8;
/// Pages in the log that are worth moving: rows that change often then go into the file once and not after each commit.
const PAGES: i32 = 24_000;
/// The writer may move the rest once the thread's part took no longer than this.
const SHORT: Duration = Duration::from_millis(100);
/// Groups after which the writer tries to have the log begin anew: a reader that is just at it stands in the way.
const TRIES: u32 = 4;

/// What SQLite tells of a checkpoint.
#[derive(QueryableByName)]
struct Progress {
    /// Not 0 when another connection is at it.
    #[diesel(sql_type = Integer)]
    busy: i32,
    /// Pages in the log.
    #[diesel(sql_type = Integer)]
    log: i32,
    /// Pages of the log that are in the file by now.
    #[diesel(sql_type = Integer)]
    checkpointed: i32,
}

/// The writer's side.
pub(super) struct Checkpoints {
    wake: SyncSender<()>,
    rest_is_short: Arc<AtomicBool>,
    /// Groups since the thread was woken.
    groups: u32,
    /// Tries that the writer has left.
    tries: u32,
    /// Pages in the log at the last try.
    log: i32,
}

impl Checkpoints {
    /// Starts the thread, which ends when this is dropped. PostgreSQL does it all by itself: nothing is started for it.
    pub(super) fn start(url: &DatabaseUrl) -> Result<Option<Self>, StoreError> {
        let DatabaseUrl::Sqlite(path) = url else {
            return Ok(None);
        };
        let connection = open_beside(path)?;
        let (wake, woken) = sync_channel(1);
        let rest_is_short = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&rest_is_short);
        std::thread::Builder::new()
            .name("checkpoints".to_owned())
            .spawn(move || move_when_woken(connection, &woken, &told))
            .map_err(|error| StoreError::Database(error.to_string()))?;
        Ok(Some(Self {
            wake,
            rest_is_short,
            groups: 0,
            tries: 0,
            log: 0,
        }))
    }

    /// To be called by the writer after each commit; answers whether it sent a statement.
    pub(super) fn after_group(&mut self, connection: &mut SqliteConnection) -> bool {
        if self.rest_is_short.swap(false, Ordering::Acquire) {
            (self.tries, self.log) = (TRIES, 0);
        }
        if self.tries > 0 {
            self.finish(connection);
            return true;
        }
        self.groups += 1;
        if self.groups >= GROUPS {
            self.groups = 0;
            // It may be at it already.
            let _woken = self.wake.try_send(());
        }
        false
    }

    fn finish(&mut self, connection: &mut SqliteConnection) {
        match checkpoint(connection, "PASSIVE") {
            Ok(progress) if progress.log >= self.log => {
                self.log = progress.log;
                self.tries -= 1;
            }
            // The log is shorter: it began anew.
            Ok(_) => self.tries = 0,
            Err(error) => {
                self.tries = 0;
                tracing::warn!(%error, "the log could not be moved into the database's file");
            }
        }
    }
}

fn move_when_woken(mut connection: SqliteConnection, woken: &Receiver<()>, rest_is_short: &AtomicBool) {
    while woken.recv().is_ok() {
        match move_what_is_there(&mut connection) {
            Ok(true) => rest_is_short.store(true, Ordering::Release),
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "the log could not be moved into the database's file"),
        }
    }
}

/// Answers whether all but a short rest is in the file now.
fn move_what_is_there(connection: &mut SqliteConnection) -> Result<bool, StoreError> {
    let now = checkpoint(connection, "NOOP")?;
    if now.log - now.checkpointed < PAGES {
        return Ok(false);
    }
    loop {
        let began = Instant::now();
        let progress = checkpoint(connection, "PASSIVE")?;
        // Another connection is at it, or a reader still needs what is in the log.
        if progress.busy != 0 || progress.checkpointed < progress.log {
            return Ok(false);
        }
        // Else much came meanwhile.
        if began.elapsed() <= SHORT {
            return Ok(true);
        }
    }
}

/// `PASSIVE` moves what no reader needs in the log any more and waits for nobody, `NOOP` only tells.
fn checkpoint(connection: &mut SqliteConnection, mode: &str) -> Result<Progress, StoreError> {
    Ok(sql_query(format!("PRAGMA wal_checkpoint({mode})")).get_result(connection)?)
}
