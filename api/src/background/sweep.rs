//! Every few seconds: reads the clocks that are due, in pages, and has each case's done in a write of its own.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use futures_util::{StreamExt, stream};
use shared::contract::problem::ProblemCode;
use tokio::sync::watch;

use super::{lease, rest};
use crate::{
    database::StoreError,
    errors::Failure,
    services::Services,
    stores::clock_store::{self, ClockRow},
    usecases::cases::sweep::{Swept, sweep_case},
};

const PERIOD: Duration = Duration::from_secs(3);
const LEASE: &str = "sweep";
const LEASE_SECONDS: i64 = 60;
/// Clocks read at a time.
const PAGE: i64 = 200;
/// Cases written at a time; they share commits.
const AT_ONCE: usize = 16;
/// Pages in one sweep; the next sweep begins again at the longest overdue.
const MOST_PAGES: usize = 500;

/// One sweep over everything due; does nothing while another process sweeps.
///
/// # Errors
/// The database's failure. A case that could not be done is logged and left to the next sweep.
pub async fn sweep_once(services: &Arc<Services>) -> Result<Swept, Failure> {
    let now = services.now();
    let (mut after, mut total) = ((i64::MIN, i64::MIN), Swept::default());
    for _ in 0..MOST_PAGES {
        if !lease::hold(services, LEASE, LEASE_SECONDS).await? {
            break;
        }
        let page = services
            .database
            .readers
            .read(move |connection| clock_store::list_due(connection, now, after, PAGE).map_err(StoreError::from))
            .await?;
        let Some(last) = page.last() else { break };
        after = (last.wake_at.unwrap_or_default(), last.id);
        let done = stream::iter(by_case(page))
            .map(|(case_id, clocks)| sweep_case(services, case_id, clocks))
            .buffer_unordered(AT_ONCE)
            .collect::<Vec<_>>()
            .await;
        for swept in done {
            match swept {
                Ok(swept) => total = sum(total, swept),
                Err(failure) => report(&failure),
            }
        }
    }
    Ok(total)
}

pub(super) async fn keep_sweeping(services: Arc<Services>, mut stop: watch::Receiver<bool>) {
    while rest(&mut stop, PERIOD).await {
        if let Err(failure) = sweep_once(&services).await {
            report(&failure);
        }
    }
}

/// A case's clocks in the order in which they are due.
fn by_case(page: Vec<ClockRow>) -> BTreeMap<i64, Vec<ClockRow>> {
    let mut cases: BTreeMap<i64, Vec<ClockRow>> = BTreeMap::new();
    for clock in page {
        cases.entry(clock.case_id).or_default().push(clock);
    }
    cases
}

fn sum(one: Swept, other: Swept) -> Swept {
    Swept {
        warned: one.warned + other.warned,
        stepped: one.stepped + other.stepped,
        overdue: one.overdue + other.overdue,
        opened: one.opened + other.opened,
    }
}

fn report(failure: &Failure) {
    if failure.code == ProblemCode::Stale {
        tracing::debug!("a case changed while it was swept; the next sweep looks again");
    } else {
        tracing::warn!(code = failure.code.as_str(), cause = ?failure.cause, "something due could not be done");
    }
}
