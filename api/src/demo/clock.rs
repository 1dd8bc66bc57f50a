//! The demonstration's clock: held in the past while the city's last two weeks are played, the machine's from then on.

use std::sync::atomic::{AtomicI64, Ordering};

use shared::domain::time::Timestamp;

use crate::clock::{Clock, SystemClock};

/// A clock that can be held at a moment and let go again.
#[derive(Default)]
pub(super) struct DemonstrationClock {
    /// Microseconds; 0 when the clock runs.
    held_at: AtomicI64,
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
}

impl Clock for DemonstrationClock {
    fn now(&self) -> Timestamp {
        match self.held_at.load(Ordering::SeqCst) {
            0 => SystemClock.now(),
            held => Timestamp(held),
        }
    }
}
