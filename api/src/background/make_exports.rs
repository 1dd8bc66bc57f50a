//! Every few seconds: makes the exports that residents asked for, one after the other, and removes those kept long enough.

use std::{sync::Arc, time::Duration};

use super::lease;
use crate::{errors::Failure, exports, services::Services};

const PERIOD: Duration = Duration::from_secs(5);
const LEASE: &str = "exports";
/// Longer than the longest export takes; should a process die, another begins it anew after this.
const LEASE_SECONDS: i64 = 1800;
/// Exports made in one round.
const MOST: usize = 100;
/// Rounds between two tidyings.
const TIDY_EVERY: u32 = 60;

/// Makes what is asked for; does nothing while another process does it. Answers how many were made.
///
/// # Errors
/// The database's failure.
pub async fn make_exports_once(services: &Arc<Services>) -> Result<usize, Failure> {
    let mut made = 0;
    while made < MOST
        && exports::is_any_to_make(services).await?
        && lease::hold(services, LEASE, LEASE_SECONDS).await?
        && exports::make_next(services).await?
    {
        made += 1;
    }
    Ok(made)
}

/// Removes what is kept no longer; answers how many files went.
///
/// # Errors
/// The database's failure, or the folder's.
pub async fn tidy_exports_once(services: &Arc<Services>) -> Result<usize, Failure> {
    exports::remove_ended(services).await
}

pub(super) async fn keep_making(services: Arc<Services>) {
    let mut round = 0_u32;
    loop {
        tokio::time::sleep(PERIOD).await;
        if let Err(failure) = make_exports_once(&services).await {
            tracing::warn!(code = failure.code.as_str(), cause = ?failure.cause, "exports could not be made");
        }
        round = round.wrapping_add(1);
        if round.is_multiple_of(TIDY_EVERY)
            && let Err(failure) = tidy_exports_once(&services).await
        {
            tracing::warn!(code = failure.code.as_str(), cause = ?failure.cause, "exports could not be tidied up");
        }
    }
}
