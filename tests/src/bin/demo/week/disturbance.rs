//! When a process is killed: at moments that the seed picks, in the middle of a sweep and in the middle of people's acts by turns.

use std::{sync::Arc, time::Duration};

use shared::domain::time::Timestamp;

use super::dice::Dice;
use crate::stepped::SteppedServer;

/// The kills that are left, the next one first.
pub(super) struct Disturbance {
    kills: Vec<Kill>,
    pub(super) done: usize,
}

/// One power cut.
struct Kill {
    from: Timestamp,
    sweeping: bool,
    delay: Duration,
}

impl Disturbance {
    /// So many kills between two instants.
    pub(super) fn plan(seed: u64, kills: u32, (from, end): (Timestamp, Timestamp)) -> Self {
        let span = end.micros_since(from) / i64::from(kills.max(1));
        let kills = (0..kills).rev().map(|number| {
            let mut dice = Dice::of(seed ^ 0x6B69, number as usize, 0);
            Kill {
                from: Timestamp(from.0 + span * i64::from(number)).plus_minutes(i64::from(dice.between(0, 120))),
                sweeping: number % 2 == 0,
                delay: Duration::from_millis(u64::from(dice.between(1, 25))),
            }
        });
        Self {
            kills: kills.collect(),
            done: 0,
        }
    }

    /// Kills the server soon, when it is time for it; what runs meanwhile is cut off.
    pub(super) fn strike(&mut self, server: &Arc<SteppedServer>, now: Timestamp, sweeping: bool) {
        let due = self
            .kills
            .last()
            .is_some_and(|kill| kill.from <= now && kill.sweeping == sweeping);
        if let Some(kill) = self.kills.pop_if(|_| due) {
            self.done += 1;
            let server = Arc::clone(server);
            actix_web::rt::spawn(async move {
                tokio::time::sleep(kill.delay).await;
                // A process that is gone already needs no killing.
                let _gone = server.kill();
            });
        }
    }
}
