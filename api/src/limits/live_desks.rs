//! How many desks are told what happens while it happens: each keeps a connection for itself. In memory, for this process alone.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use shared::contract::problem::ProblemCode;
use tokio::sync::watch;

/// Windows of one account. A window that was closed is noticed late, so that one more ends the first instead of being refused.
pub const WINDOWS: usize = 6;

/// The seats of this process.
pub struct LiveDesks {
    most: usize,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    closed: bool,
    /// How many sat down so far.
    count: u64,
    all: usize,
    /// The seats of each account, the oldest first: its number, and what it is told when it has to go.
    by_account: HashMap<i64, VecDeque<(u64, watch::Sender<bool>)>>,
}

/// A seat, until it is dropped.
pub struct Seat {
    desks: Arc<LiveDesks>,
    account: i64,
    number: u64,
    over: watch::Receiver<bool>,
}

impl LiveDesks {
    /// Room for `most` windows.
    #[must_use]
    pub fn new(most: usize) -> Arc<Self> {
        Arc::new(Self {
            most,
            taken: Mutex::default(),
        })
    }

    /// A seat for one more window of the account.
    ///
    /// # Errors
    /// `Busy` when all are taken or the server stops.
    pub fn take(self: &Arc<Self>, account: i64) -> Result<Seat, ProblemCode> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let own = taken.by_account.get_mut(&account);
        if let Some((_, first)) = own.filter(|own| own.len() >= WINDOWS).and_then(VecDeque::pop_front) {
            first.send_replace(true);
            taken.all -= 1;
        }
        if taken.closed || taken.all >= self.most {
            return Err(ProblemCode::Busy);
        }
        taken.all += 1;
        taken.count += 1;
        let number = taken.count;
        let (told, over) = watch::channel(false);
        taken.by_account.entry(account).or_default().push_back((number, told));
        Ok(Seat {
            desks: Arc::clone(self),
            account,
            number,
            over,
        })
    }

    /// Ends them all: a server that stops would otherwise wait for them.
    pub fn close(&self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.closed = true;
        for (_, told) in taken.by_account.values().flatten() {
            told.send_replace(true);
        }
    }
}

impl Seat {
    /// Becomes true when whoever sits there has to go.
    #[must_use]
    pub fn over(&self) -> watch::Receiver<bool> {
        self.over.clone()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.desks.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(own) = taken.by_account.get_mut(&self.account) else {
            return;
        };
        let before = own.len();
        own.retain(|(number, _)| *number != self.number);
        let (left, gone) = (own.len(), before - own.len());
        if left == 0 {
            taken.by_account.remove(&self.account);
        }
        taken.all -= gone;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_window_too_many_ends_the_first_and_seats_come_back() {
        let desks = LiveDesks::new(WINDOWS + 1);
        let own: Vec<Seat> = (0..=WINDOWS).map(|_| desks.take(1).ok().unwrap()).collect();
        let over: Vec<bool> = own.iter().map(|seat| *seat.over().borrow()).collect();
        assert!(over[0] && !over[1..].contains(&true));
        let other = desks.take(2).ok().unwrap();
        assert_eq!(desks.take(3).err(), Some(ProblemCode::Busy));
        drop(own);
        assert!(desks.take(3).is_ok());
        drop(other);
        let taken = desks.taken.lock().unwrap();
        assert!(taken.by_account.is_empty() && taken.all == 0);
    }

    #[test]
    fn nobody_sits_down_at_a_server_that_stops() {
        let desks = LiveDesks::new(10);
        let seat = desks.take(1).ok().unwrap();
        desks.close();
        assert!(*seat.over().borrow());
        assert_eq!(desks.take(2).err(), Some(ProblemCode::Busy));
    }
}
