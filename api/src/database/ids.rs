//! Ids of new rows: milliseconds since 2024, then the number of the process, then a counter. Newest first is `id DESC`.

use std::sync::{Mutex, PoisonError};

use shared::domain::time::Timestamp;

/// 1 January 2024, 00:00 UTC, in milliseconds: ids start here.
const EPOCH_MILLIS: i64 = 1_704_067_200_000;
const COUNTER_BITS: u32 = 12;
const PROCESS_BITS: u32 = 10;
/// Processes that may make ids on one database at the same time.
pub const MOST_PROCESSES: i64 = 1 << PROCESS_BITS;

/// Makes ids that rise with time within one process and never collide with another's.
pub struct IdMaker {
    process: i64,
    last: Mutex<(i64, i64)>,
}

impl IdMaker {
    /// `process` is the number leased from the database, below [`MOST_PROCESSES`].
    #[must_use]
    pub const fn new(process: i64) -> Self {
        Self {
            process,
            last: Mutex::new((0, 0)),
        }
    }

    /// The number of this process, which no other process on the same database has.
    #[must_use]
    pub const fn process(&self) -> i64 {
        self.process
    }

    /// The next id. A clock that stands still or steps back goes on counting from the last moment used.
    pub fn next(&self, now: Timestamp) -> i64 {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let millis = (now.millis() - EPOCH_MILLIS).max(0);
        let (moment, counter) = *last;
        let next = if millis > moment {
            (millis, 0)
        } else if counter + 1 < (1 << COUNTER_BITS) {
            (moment, counter + 1)
        } else {
            (moment + 1, 0)
        };
        *last = next;
        (next.0 << (COUNTER_BITS + PROCESS_BITS)) | (self.process << COUNTER_BITS) | next.1
    }
}

/// When the row with this id was made, to the millisecond.
#[must_use]
pub const fn made_at(id: i64) -> Timestamp {
    Timestamp(((id >> (COUNTER_BITS + PROCESS_BITS)) + EPOCH_MILLIS) * 1000)
}

/// The number of the process that made the row with this id.
#[must_use]
pub const fn made_by(id: i64) -> i64 {
    (id >> COUNTER_BITS) & (MOST_PROCESSES - 1)
}

/// The smallest id that a row made at `moment` or later can have.
#[must_use]
pub const fn first_id_at(moment: Timestamp) -> i64 {
    let millis = moment.millis() - EPOCH_MILLIS;
    if millis <= 0 {
        0
    } else {
        millis << (COUNTER_BITS + PROCESS_BITS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_rise_even_when_the_clock_stands_still_or_steps_back() {
        let maker = IdMaker::new(3);
        let noon = Timestamp(1_795_000_000_000_000);
        let mut last = 0;
        for step in 0..10_000 {
            let id = maker.next(Timestamp(noon.0 - step));
            assert!(id > last);
            last = id;
        }
        assert!(made_at(last).0 - noon.0 < 10_000);
    }

    #[test]
    fn an_id_tells_when_it_was_made() {
        let moment = Timestamp(1_795_000_000_123_000);
        let id = IdMaker::new(MOST_PROCESSES - 1).next(moment);
        assert_eq!(made_at(id), moment);
        assert_eq!(made_by(id), MOST_PROCESSES - 1);
        assert!(first_id_at(moment) <= id && id < first_id_at(moment.plus_seconds(1)));
    }
}
