//! Every minute: removes what was kept long enough, by the operator's policy.

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;

use super::{lease, rest};
use crate::{errors::Failure, services::Services, usecases::retention::Retention};

const PERIOD: Duration = Duration::from_mins(1);
const LEASE: &str = "retention";
const LEASE_SECONDS: i64 = 600;

pub(super) async fn keep_retaining(services: Arc<Services>, mut stop: watch::Receiver<bool>) {
    let mut retention = Retention::new(Arc::clone(&services));
    while rest(&mut stop, PERIOD).await {
        if let Err(failure) = round(&services, &mut retention).await {
            tracing::warn!(code = failure.code.as_str(), cause = ?failure.cause, "what was kept long enough could not be removed");
        }
    }
}

/// Does nothing while another process does it.
async fn round(services: &Arc<Services>, retention: &mut Retention) -> Result<(), Failure> {
    if lease::hold(services, LEASE, LEASE_SECONDS).await? {
        retention.remove_once().await?;
    }
    Ok(())
}
