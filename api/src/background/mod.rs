//! Work that runs beside the requests: it finds what is due and calls the use case that a person would.
//!
//! Each piece runs in a loop of its own. What must be done once for all processes is done under a lease.

pub mod follow_keys;
pub mod index_cases;
mod keep_audit_head;
mod lease;
pub mod make_exports;
pub mod recount;
mod retain;
pub mod sweep;
pub mod tell_owners;
pub mod tend_accounts;
pub mod tidy_photos;

use std::{sync::Arc, time::Duration};

use tokio::{sync::watch, task::JoinHandle};

pub use self::{
    make_exports::{make_exports_once, tidy_exports_once},
    recount::recount_once,
    sweep::sweep_once,
    tell_owners::tell_owners_once,
    tend_accounts::tend_accounts_once,
    tidy_photos::tidy_photos_once,
};
use crate::{city::versions, database::StoreError, delivery::outbox::Outbox, services::Services};

/// How long to wait for a loop to finish what is under way.
const PATIENCE: Duration = Duration::from_secs(20);

/// The loops of one process.
pub struct Background {
    stop: watch::Sender<bool>,
    /// Loops that finish their round when told to stop.
    finishing: Vec<JoinHandle<()>>,
    /// Loops that may end at any point: what they do is done again.
    following: Vec<JoinHandle<()>>,
}

/// Starts everything that runs beside the requests.
#[must_use]
pub fn start(services: &Arc<Services>) -> Background {
    let (stop, stopped) = watch::channel(false);
    let outbox = Outbox::new(Arc::clone(services));
    let until = stopped.clone();
    let delivering = tokio::spawn(async move { outbox.run(until).await });
    let sweeping = tokio::spawn(sweep::keep_sweeping(Arc::clone(services), stopped.clone()));
    let keeping = tokio::spawn(keep_audit_head::keep(Arc::clone(services), stopped.clone()));
    let tidying = tokio::spawn(tidy_photos::keep_tidy(Arc::clone(services), stopped.clone()));
    let retaining = tokio::spawn(retain::keep_retaining(Arc::clone(services), stopped.clone()));
    let recounting = tokio::spawn(recount::keep_recounting(Arc::clone(services), stopped.clone()));
    let telling = tokio::spawn(tell_owners::keep_telling(Arc::clone(services), stopped.clone()));
    let tending = tokio::spawn(tend_accounts::keep_tending(Arc::clone(services), stopped));
    // An export that is cut off is made anew.
    let exporting = tokio::spawn(make_exports::keep_making(Arc::clone(services)));
    Background {
        stop,
        finishing: vec![
            delivering, sweeping, keeping, tidying, retaining, recounting, telling, tending,
        ],
        following: vec![
            exporting,
            tokio::spawn(index_cases::keep_index(Arc::clone(services))),
            tokio::spawn(follow_keys::keep_following(Arc::clone(services))),
            tokio::spawn(versions::follow(Arc::clone(services))),
        ],
    }
}

impl Background {
    /// Lets each loop finish what is under way, and waits for it.
    pub async fn stop(self) {
        // Nobody listens when every loop ended by itself.
        let _all_ended = self.stop.send(true);
        for following in self.following {
            following.abort();
        }
        for finishing in self.finishing {
            if tokio::time::timeout(PATIENCE, finishing).await.is_err() {
                tracing::warn!("background work did not end in time; what it holds is taken up by another process");
            }
        }
    }
}

/// Works off everything that is to be told now and answers how much that was.
///
/// # Errors
/// The database's failure.
pub async fn deliver_once(services: &Arc<Services>) -> Result<usize, StoreError> {
    Outbox::new(Arc::clone(services)).work_off().await
}

/// Rests for `period`; `false` when it is time to stop.
async fn rest(stop: &mut watch::Receiver<bool>, period: Duration) -> bool {
    tokio::time::timeout(period, stop.wait_for(|stopped| *stopped))
        .await
        .is_err()
}
