//! Every few seconds: reads the clocks that are due, in pages, warns many holders at once, and has each case with more to do done in
//! a write of its own. Cases that no unit has yet come first.

use std::{sync::Arc, time::Duration};

use shared::contract::problem::ProblemCode;
use tokio::sync::watch;

use super::{lease, rest};
use crate::{
    database::StoreError,
    errors::Failure,
    services::Services,
    stores::clock_store::{self, ClockRow},
    usecases::cases::{
        remind::remind,
        sweep::{Swept, sweep_cases},
    },
};

const PERIOD: Duration = Duration::from_secs(3);
const LEASE: &str = "sweep";
const LEASE_SECONDS: i64 = 60;
/// Clocks read at a time.
const PAGE: i64 = 500;
/// Cases in one write: many share what it reads and adds, few keep those waiting who report meanwhile.
const AT_ONCE: usize = 64;
/// Pages in one sweep; the next sweep begins again at the longest overdue.
const MOST_PAGES: usize = 500;

/// What a pass over the clocks looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pass {
    /// Those of cases that no unit has yet.
    WithoutUnit,
    /// All.
    All,
}

/// One sweep over everything due; does nothing while another process sweeps.
///
/// # Errors
/// The database's failure. A case that could not be done is logged and left to the next sweep.
pub async fn sweep_once(services: &Arc<Services>) -> Result<Swept, Failure> {
    let without_unit = pass(services, Pass::WithoutUnit).await?;
    let all = pass(services, Pass::All).await?;
    Ok(without_unit.plus(all))
}

async fn pass(services: &Arc<Services>, pass: Pass) -> Result<Swept, Failure> {
    let now = services.now();
    let (mut after, mut total) = ((i64::MIN, i64::MIN), Swept::default());
    for _ in 0..MOST_PAGES {
        let page = services
            .database
            .readers
            .read(move |connection| -> Result<_, StoreError> {
                let page = match pass {
                    Pass::WithoutUnit => clock_store::list_due_without_unit(connection, now, after, PAGE),
                    Pass::All => clock_store::list_due(connection, now, after, PAGE),
                };
                Ok(page?)
            })
            .await?;
        let Some(last) = page.last() else { break };
        // Asked only now: where nothing is due, the writer is left alone.
        if !lease::hold(services, LEASE, LEASE_SECONDS).await? {
            break;
        }
        after = (last.wake_at.unwrap_or_default(), last.id);
        let swept = sweep_page(services, page).await;
        count(services, &swept);
        total = total.plus(swept);
    }
    Ok(total)
}

fn count(services: &Services, swept: &Swept) {
    for (done, amount) in [
        ("warned", swept.warned),
        ("stepped", swept.stepped),
        ("overdue", swept.overdue),
        ("opened", swept.opened),
    ] {
        services.metrics.count_swept(done, amount);
    }
}

async fn sweep_page(services: &Arc<Services>, page: Vec<ClockRow>) -> Swept {
    let (mut total, cases) = match remind(services, page).await {
        Ok(done) => done,
        Err(failure) => {
            report(&failure);
            return Swept::default();
        }
    };
    for some in cases.chunks(AT_ONCE) {
        for swept in sweep_cases(services, some).await {
            match swept {
                Ok(swept) => total = total.plus(swept),
                Err(failure) => report(&failure),
            }
        }
    }
    total
}

pub(super) async fn keep_sweeping(services: Arc<Services>, mut stop: watch::Receiver<bool>) {
    while rest(&mut stop, PERIOD).await {
        if let Err(failure) = sweep_once(&services).await {
            report(&failure);
        }
    }
}

fn report(failure: &Failure) {
    if failure.code == ProblemCode::Stale {
        tracing::debug!("a case changed while it was swept; the next sweep looks again");
    } else {
        tracing::warn!(code = failure.code.as_str(), cause = ?failure.cause, "something due could not be done");
    }
}
