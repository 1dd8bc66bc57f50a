//! Every minute: has the owners of knowledge articles told that one ends soon. What is to be told and was not yet stands in the rows, so that
//! an outage only delays it.

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;

use super::{lease, rest};
use crate::{
    errors::Failure,
    services::Services,
    usecases::knowledge::tell_owners::{due, tell_owners},
};

const PERIOD: Duration = Duration::from_mins(1);
const LEASE: &str = "knowledge";
const LEASE_SECONDS: i64 = 600;
/// Articles read at a time and told of in one write.
const PAGE: i64 = 100;

/// One round; does nothing while another process does it. Answers of how many articles the owners were told.
///
/// # Errors
/// The database's failure.
pub async fn tell_owners_once(services: &Arc<Services>) -> Result<usize, Failure> {
    let (mut after, mut told) = ((i64::MIN, i64::MIN), 0);
    loop {
        let page = due(services, after, PAGE).await?;
        let Some((last, _)) = page.last() else { return Ok(told) };
        // Asked only now: where nothing is due, the writer is left alone.
        if !lease::hold(services, LEASE, LEASE_SECONDS).await? {
            return Ok(told);
        }
        after = (last.notice_at.unwrap_or_default(), last.id);
        told += tell_owners(services, page).await?;
    }
}

pub(super) async fn keep_telling(services: Arc<Services>, mut stop: watch::Receiver<bool>) {
    while rest(&mut stop, PERIOD).await {
        if let Err(failure) = tell_owners_once(&services).await {
            tracing::warn!(code = failure.code.as_str(), cause = ?failure.cause, "owners of knowledge articles could not be told");
        }
    }
}
