//! Every minute: joins photographs to cases that named them unseen, removes those that no case named within a day, and goes
//! through one shelf for files that no row names.

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;

use super::{lease, rest};
use crate::{
    errors::Failure,
    photos::Shelf,
    services::Services,
    usecases::photos::{
        remove_unattached::{attach_missed, remove_unattached},
        remove_unnamed::remove_unnamed,
    },
};

const PERIOD: Duration = Duration::from_mins(1);
const LEASE: &str = "photos";
const LEASE_SECONDS: i64 = 600;

/// One round; does nothing while another process does it. Answers how many photographs were removed.
///
/// # Errors
/// The database's or the store's failure.
pub async fn tidy_photos_once(services: &Arc<Services>) -> Result<usize, Failure> {
    if !lease::hold(services, LEASE, LEASE_SECONDS).await? {
        return Ok(0);
    }
    attach_missed(services).await?;
    let removed = remove_unattached(services).await?;
    remove_unnamed(services, Shelf::of_minute(services.now().millis() / 60_000)).await?;
    Ok(removed)
}

pub(super) async fn keep_tidy(services: Arc<Services>, mut stop: watch::Receiver<bool>) {
    while rest(&mut stop, PERIOD).await {
        if let Err(failure) = tidy_photos_once(&services).await {
            tracing::warn!(code = failure.code.as_str(), cause = ?failure.cause, "photos could not be tidied up");
        }
    }
}
