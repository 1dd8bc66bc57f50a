//! Budgets that fill up again evenly, in a table of fixed size: one number a budget, the moment at which it is full again (GCRA).
//!
//! A full table forgets the budget that is nearest to being full, which loses least: a flood of addresses costs no memory and
//! gives nobody who is being held back a new start before all who are not.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// Parts of the table with a lock each.
const SHARDS: usize = 64;
/// Places in which one key may lie.
const WAYS: usize = 8;

/// How much may be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quota {
    /// Requests at once, and within each window.
    pub(super) most: u32,
    /// The time in which an empty budget is full again.
    pub(super) window: Duration,
}

/// How a budget stands after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Taken {
    /// Requests left.
    pub(super) left: u32,
    /// Until the budget is full again.
    pub(super) full_in: Duration,
    /// Until one more request is allowed, when this one was not.
    pub(super) wait: Option<Duration>,
}

#[derive(Clone, Copy, Default)]
struct Place {
    key: u64,
    /// Nanoseconds since the start at which the budget is full; 0 where nobody is.
    full_at: u64,
}

/// The places that a key may have.
type Set = [Place; WAYS];

/// The table.
pub(super) struct TokenTable {
    shards: Box<[Mutex<Box<[Set]>>]>,
}

impl TokenTable {
    /// Room for about `places` budgets.
    pub(super) fn with_places(places: usize) -> Self {
        let sets = places.div_ceil(SHARDS * WAYS).max(1);
        let shard = || Mutex::new(vec![[Place::default(); WAYS]; sets].into_boxed_slice());
        Self {
            shards: (0..SHARDS).map(|_| shard()).collect(),
        }
    }

    /// Takes one request from the budget of `key` at `now`, which is counted from the start.
    pub(super) fn take(&self, key: u64, quota: Quota, now: Duration) -> Taken {
        let shard = &self.shards[usize::try_from(key % SHARDS as u64).unwrap_or(0)];
        let mut sets = shard.lock().unwrap_or_else(PoisonError::into_inner);
        let count = sets.len() as u64;
        let set = &mut sets[usize::try_from((key / SHARDS as u64) % count).unwrap_or(0)];
        let place = match set.iter().position(|place| place.full_at > 0 && place.key == key) {
            Some(known) => known,
            None => nearest_to_full(set),
        };
        let place = &mut set[place];
        if place.key != key {
            *place = Place { key, full_at: 0 };
        }
        let (taken, full_at) = step(place.full_at, quota, nanos(now));
        place.full_at = full_at;
        taken
    }
}

fn nearest_to_full(set: &[Place; WAYS]) -> usize {
    let places = set.iter().enumerate();
    places
        .min_by_key(|(_, place)| place.full_at)
        .map_or(0, |(number, _)| number)
}

/// One request at `now` from a budget that would be full at `full_at`; how it stands, and when it is full after that.
fn step(full_at: u64, quota: Quota, now: u64) -> (Taken, u64) {
    let window = nanos(quota.window);
    let one = (window / u64::from(quota.most.max(1))).max(1);
    let after = full_at.max(now).saturating_add(one);
    let left = |full_at: u64| {
        let missing = full_at.saturating_sub(now);
        u32::try_from(window.saturating_sub(missing) / one)
            .unwrap_or(u32::MAX)
            .min(quota.most)
    };
    let allowed = after.saturating_sub(now) <= one.saturating_mul(u64::from(quota.most));
    let full_at = if allowed { after } else { full_at };
    let taken = Taken {
        left: if allowed { left(full_at) } else { 0 },
        full_in: Duration::from_nanos(full_at.saturating_sub(now)),
        wait: (!allowed).then(|| Duration::from_nanos(after.saturating_sub(now).saturating_sub(window))),
    };
    (taken, full_at)
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// Seconds, rounded up, at least 1.
pub(super) fn whole_seconds(time: Duration) -> u32 {
    let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    u32::try_from(seconds.max(1)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUOTA: Quota = Quota {
        most: 3,
        window: Duration::from_mins(1),
    };

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(1_000 + seconds)
    }

    #[test]
    fn a_budget_is_spent_and_fills_up_again_evenly() {
        let table = TokenTable::with_places(1);
        let left: Vec<u32> = (0..3).map(|_| table.take(7, QUOTA, at(0)).left).collect();
        assert_eq!(left, [2, 1, 0]);
        let refused = table.take(7, QUOTA, at(0));
        assert_eq!((refused.left, refused.wait), (0, Some(Duration::from_secs(20))));
        // Asking in vain costs nothing: the first fills up after 20 seconds all the same.
        assert!(table.take(7, QUOTA, at(19)).wait.is_some());
        assert_eq!(table.take(7, QUOTA, at(20)).wait, None);
        let later = table.take(7, QUOTA, at(500));
        assert_eq!((later.left, later.full_in), (2, Duration::from_secs(20)));
    }

    #[test]
    fn a_flood_of_keys_takes_no_room_and_frees_nobody_who_is_held_back() {
        let table = TokenTable::with_places(512);
        for _ in 0..4 {
            table.take(9, QUOTA, at(0));
        }
        for key in 0..100_000_u64 {
            table.take(key << 12 | 1 << 6 | 9, QUOTA, at(0));
        }
        assert!(table.take(9, QUOTA, at(1)).wait.is_some());
    }
}
