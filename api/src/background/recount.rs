//! Every half minute: looks for running clocks that were counted provisionally by another calendar than the one in force, and
//! has each case's counted again in a write of its own. What is done shows in the rows, so that it can be broken off anywhere.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use chrono::NaiveDate;
use futures_util::{StreamExt, stream};
use shared::contract::problem::ProblemCode;
use tokio::sync::watch;

use super::{lease, rest};
use crate::{
    city::versions,
    database::StoreError,
    errors::Failure,
    services::Services,
    stores::clock_store,
    usecases::cases::recount::{Recounted, recount_case},
};

const PERIOD: Duration = Duration::from_secs(30);
const LEASE: &str = "recount";
const LEASE_SECONDS: i64 = 60;
/// Clocks read at a time.
const PAGE: i64 = 200;
/// Cases written at a time; they share commits.
const AT_ONCE: usize = 16;

/// Counts everything again that is to be; does nothing while another process does.
///
/// # Errors
/// The database's failure. A case that could not be done is logged and left to the next time.
pub async fn recount_once(services: &Arc<Services>) -> Result<Recounted, Failure> {
    let mut total = Recounted::default();
    // What was read last may be older than what is stored: the newest calendar counts.
    if let Err(error) = versions::refresh_if_changed(&services.database, &services.city).await {
        tracing::warn!(%error, "city data were not taken up; due dates are left as they are");
        return Ok(total);
    }
    let mut calendar = String::new();
    while let Some(next) = next_calendar(services, calendar).await? {
        calendar = next;
        let outdated = calendar != services.city().calendar.version();
        if outdated && !recount_of(services, &calendar, &mut total).await? {
            break;
        }
    }
    Ok(total)
}

pub(super) async fn keep_recounting(services: Arc<Services>, mut stop: watch::Receiver<bool>) {
    let mut warned_on = None;
    loop {
        warn_of_missing_year(&services, &mut warned_on);
        match recount_once(&services).await {
            Ok(Recounted { clocks: 0, .. }) => {}
            Ok(done) => tracing::info!(
                done.clocks,
                done.moved,
                "due dates were counted again by the new calendar"
            ),
            Err(failure) => report(&failure),
        }
        if !rest(&mut stop, PERIOD).await {
            return;
        }
    }
}

/// Once a day, from 1 November on, as long as the next year's holidays are not known.
fn warn_of_missing_year(services: &Services, warned_on: &mut Option<NaiveDate>) {
    let today = services.now().city_date();
    if services.city().calendar.missing_next_year(today) && *warned_on != Some(today) {
        tracing::warn!(
            "the holidays of this or the next year are not imported: due dates that reach there are provisional"
        );
        *warned_on = Some(today);
    }
}

async fn next_calendar(services: &Services, after: String) -> Result<Option<String>, StoreError> {
    let readers = &services.database.readers;
    readers
        .read(move |connection| Ok(clock_store::find_provisional_calendar(connection, &after)?))
        .await
}

/// All clocks of one calendar; `false` when it is to be left to another process or another time.
async fn recount_of(services: &Arc<Services>, calendar: &str, total: &mut Recounted) -> Result<bool, Failure> {
    let mut after = i64::MIN;
    loop {
        if !lease::hold(services, LEASE, LEASE_SECONDS).await? {
            return Ok(false);
        }
        let of = calendar.to_owned();
        let page = services
            .database
            .readers
            .read(move |connection| {
                clock_store::list_provisional(connection, &of, after, PAGE).map_err(StoreError::from)
            })
            .await?;
        let Some((last, _)) = page.last() else { return Ok(true) };
        after = *last;
        let cases: BTreeSet<i64> = page.into_iter().map(|(_, case_id)| case_id).collect();
        let done = stream::iter(cases)
            .map(|case_id| recount_case(services, case_id))
            .buffer_unordered(AT_ONCE)
            .collect::<Vec<_>>()
            .await;
        for recounted in done {
            match recounted {
                Ok(Recounted { clocks, moved }) => {
                    total.clocks += clocks;
                    total.moved += moved;
                }
                Err(failure) => report(&failure),
            }
        }
    }
}

fn report(failure: &Failure) {
    if failure.code == ProblemCode::Stale {
        tracing::debug!("a case or the calendar changed meanwhile; it is counted again the next time");
    } else {
        tracing::warn!(code = failure.code.as_str(), cause = ?failure.cause, "due dates could not be counted again");
    }
}
