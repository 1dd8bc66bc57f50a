//! Every minute: brings new numbers into force that waited long enough, and closes accounts whose days of grace are over.

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;

use super::{lease, rest};
use crate::{
    errors::Failure,
    services::Services,
    usecases::me::{change_number::settle_waiting_numbers, close_account::close_due_accounts},
};

const PERIOD: Duration = Duration::from_mins(1);
const LEASE: &str = "accounts";
const LEASE_SECONDS: i64 = 600;

/// One round; does nothing while another process does it. Answers how many accounts changed.
///
/// # Errors
/// The database's failure.
pub async fn tend_accounts_once(services: &Arc<Services>) -> Result<usize, Failure> {
    if !lease::hold(services, LEASE, LEASE_SECONDS).await? {
        return Ok(0);
    }
    Ok(settle_waiting_numbers(services).await? + close_due_accounts(services).await?)
}

pub(super) async fn keep_tending(services: Arc<Services>, mut stop: watch::Receiver<bool>) {
    while rest(&mut stop, PERIOD).await {
        if let Err(failure) = tend_accounts_once(&services).await {
            tracing::warn!(code = failure.code.as_str(), cause = ?failure.cause, "accounts could not be tended");
        }
    }
}
