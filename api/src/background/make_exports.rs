//! Every few seconds: makes the exports that residents asked for, one after the other, and removes those kept long enough.

use std::{sync::Arc, time::Duration};

use super::lease;
use crate::{database::StoreError, errors::Failure, exports, services::Services};

const PERIOD: Duration = Duration::from_secs(5);
const LEASE: &str = "exports";
/// Should a process die, another goes on after this.
const LEASE_SECONDS: i64 = 120;
/// How often the lease is renewed while an export is being made: it may take longer than the lease lasts.
const RENEWAL: Duration = Duration::from_secs(30);
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
        && hold(services).await?
        && make_next(services).await?
    {
        made += 1;
    }
    Ok(made)
}

/// Removes what is kept no longer, and what a process that died left behind; does nothing while another process makes exports.
/// Answers how many files went.
///
/// # Errors
/// The database's failure, or the folder's.
pub async fn tidy_exports_once(services: &Arc<Services>) -> Result<usize, Failure> {
    if !hold(services).await? {
        return Ok(0);
    }
    exports::remove_ended(services).await
}

async fn hold(services: &Arc<Services>) -> Result<bool, StoreError> {
    lease::hold(services, LEASE, LEASE_SECONDS).await
}

/// Makes one export under the lease, and gives up when another process took it.
async fn make_next(services: &Arc<Services>) -> Result<bool, Failure> {
    let making = exports::make_next(services);
    tokio::pin!(making);
    loop {
        if let Ok(made) = tokio::time::timeout(RENEWAL, &mut making).await {
            return made;
        }
        if !hold(services).await? {
            return Ok(false);
        }
    }
}

pub(super) async fn keep_making(services: Arc<Services>) {
    let mut round = 0_u32;
    loop {
        if round.is_multiple_of(TIDY_EVERY)
            && let Err(failure) = tidy_exports_once(&services).await
        {
            tracing::warn!(code = failure.code.as_str(), cause = ?failure.cause, "exports could not be tidied up");
        }
        round = round.wrapping_add(1);
        tokio::time::sleep(PERIOD).await;
        if let Err(failure) = make_exports_once(&services).await {
            tracing::warn!(code = failure.code.as_str(), cause = ?failure.cause, "exports could not be made");
        }
    }
}
