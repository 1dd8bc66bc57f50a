//! Takes up new keys a few seconds after they were put into the key file, and seals anew what older ones sealed.

use std::{sync::Arc, time::Duration};

use crate::{
    services::Services,
    stores::sealed_store::SealedPlace,
    usecases::reseal::{reseal_all, reseal_batch},
};

/// How often the file is looked at. The command that replaces a key waits for longer than this.
const LOOK: Duration = Duration::from_secs(3);
/// Pause between two batches, so that residents' work goes on in between.
const PAUSE: Duration = Duration::from_millis(50);
/// Looks until everything is gone through once more, as long as there are old keys.
const LOOKS_BETWEEN: u32 = 100;

/// Runs until the task is dropped.
pub async fn keep_following(services: Arc<Services>) {
    let mut wait = 0;
    loop {
        match services.access.secrets.take_up_changes() {
            Ok(true) => {
                tracing::info!("changed keys are in use");
                wait = 0;
            }
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "changed keys were not taken up; the present ones stay in use"),
        }
        if wait == 0 {
            if services.access.secrets.phone_key_ids().len() > 1 {
                reseal(&services).await;
            }
            wait = LOOKS_BETWEEN;
        }
        wait -= 1;
        tokio::time::sleep(LOOK).await;
    }
}

async fn reseal(services: &Services) {
    for place in SealedPlace::ALL {
        let mut after = Some(i64::MIN);
        while let Some(behind) = after {
            after = match reseal_batch(services, place, behind).await {
                Ok(next) => next,
                Err(failure) => {
                    tracing::warn!(code = failure.code.as_str(), cause = ?failure.cause, "sealing anew stopped; it goes on later");
                    return;
                }
            };
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// Takes up changed keys and seals everything anew, at once.
///
/// # Errors
/// The key file's failure, or the database's.
pub async fn follow_keys_once(services: &Services) -> Result<(), crate::errors::Failure> {
    services
        .access
        .secrets
        .take_up_changes()
        .map_err(crate::errors::Failure::internal)?;
    reseal_all(services).await
}
