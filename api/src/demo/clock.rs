//! The demonstration's clock: held in the past while the city's last two weeks are played, the machine's from then on, or as far
//! ahead of it as a file says, so that one can look at what happens to a case in weeks.

use std::{
    path::PathBuf,
    sync::{
        Weak,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use shared::domain::time::Timestamp;

use crate::clock::{Clock, SystemClock};

/// How often the file is read.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// A clock that can be held at a moment and let go again.
#[derive(Default)]
pub(super) struct DemonstrationClock {
    /// Microseconds; 0 when the clock runs.
    held_at: AtomicI64,
    /// Microseconds that the running clock is ahead of the machine's.
    ahead: AtomicI64,
}

impl DemonstrationClock {
    /// Holds the clock at a moment.
    pub(super) fn hold(&self, moment: Timestamp) {
        self.held_at.store(moment.0, Ordering::SeqCst);
    }

    /// Lets the clock run with the machine's.
    pub(super) fn release(&self) {
        self.held_at.store(0, Ordering::SeqCst);
    }

    /// Lets the running clock be ahead by whole minutes. It never goes back: ids and timelines only grow.
    fn go_ahead(&self, minutes: u32) {
        self.ahead.fetch_max(i64::from(minutes) * 60_000_000, Ordering::SeqCst);
    }
}

/// Keeps the clock as many whole minutes ahead as the file says. A file that is not there, or says something else, changes nothing.
pub(super) async fn follow(clock: Weak<DemonstrationClock>, file: PathBuf) {
    let mut turns = tokio::time::interval(LOOK_EVERY);
    loop {
        turns.tick().await;
        let Some(clock) = clock.upgrade() else { return };
        let said = tokio::fs::read_to_string(&file).await.unwrap_or_default();
        if let Ok(minutes) = said.trim().parse() {
            clock.go_ahead(minutes);
        }
    }
}

impl Clock for DemonstrationClock {
    fn now(&self) -> Timestamp {
        match self.held_at.load(Ordering::SeqCst) {
            0 => Timestamp(SystemClock.now().0 + self.ahead.load(Ordering::SeqCst)),
            held => Timestamp(held),
        }
    }
}
