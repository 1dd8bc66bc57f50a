//! How many desks are told what happens while it happens: each keeps a connection for itself. In memory, for this process alone.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use shared::contract::problem::ProblemCode;
use tokio::sync::watch;

/// Windows of one account; a person has some, a fault has hundreds.
pub const WINDOWS: usize = 6;

/// The seats of this process.
pub struct LiveDesks {
    most: usize,
    taken: Mutex<Taken>,
    closing: watch::Sender<bool>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    by_account: HashMap<i64, usize>,
}

/// A seat, until it is dropped.
pub struct Seat {
    desks: Arc<LiveDesks>,
    account: i64,
}

impl LiveDesks {
    /// Room for `most` windows.
    #[must_use]
    pub fn new(most: usize) -> Arc<Self> {
        Arc::new(Self {
            most,
            taken: Mutex::default(),
            closing: watch::Sender::new(false),
        })
    }

    /// A seat for one more window of the account.
    ///
    /// # Errors
    /// `Busy` when all are taken or the server stops; `TooManyAttempts` when the account has too many.
    pub fn take(self: &Arc<Self>, account: i64) -> Result<Seat, ProblemCode> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.all >= self.most || *self.closing.borrow() {
            return Err(ProblemCode::Busy);
        }
        let own = taken.by_account.entry(account).or_default();
        if *own >= WINDOWS {
            return Err(ProblemCode::TooManyAttempts);
        }
        *own += 1;
        taken.all += 1;
        Ok(Seat {
            desks: Arc::clone(self),
            account,
        })
    }

    /// Ends them all: a server that stops would otherwise wait for them.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }
}

impl Seat {
    /// Becomes true when the server stops.
    #[must_use]
    pub fn closing(&self) -> watch::Receiver<bool> {
        self.desks.closing.subscribe()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.desks.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all = taken.all.saturating_sub(1);
        if let Some(own) = taken.by_account.get_mut(&self.account) {
            *own -= 1;
            if *own == 0 {
                taken.by_account.remove(&self.account);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seats_are_bounded_for_one_and_for_all_and_come_back() {
        let desks = LiveDesks::new(WINDOWS + 1);
        let mut own: Vec<Seat> = (0..WINDOWS).map(|_| desks.take(1).ok().unwrap()).collect();
        assert_eq!(desks.take(1).err(), Some(ProblemCode::TooManyAttempts));
        let other = desks.take(2).ok().unwrap();
        assert_eq!(desks.take(3).err(), Some(ProblemCode::Busy));
        own.pop();
        assert!(desks.take(1).is_ok());
        drop((own, other));
        assert!(desks.taken.lock().unwrap().by_account.is_empty());
    }

    #[test]
    fn nobody_sits_down_at_a_server_that_stops() {
        let desks = LiveDesks::new(10);
        let seat = desks.take(1).ok().unwrap();
        desks.close();
        assert!(*seat.closing().borrow());
        assert_eq!(desks.take(2).err(), Some(ProblemCode::Busy));
    }
}
