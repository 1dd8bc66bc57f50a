//! Every few seconds: keeps where the audit trail ends. Once a day it goes to the log, which is kept elsewhere.

use std::{sync::Arc, time::Duration};

use shared::domain::hexadecimal::lower_hex;
use tokio::sync::watch;

use super::rest;
use crate::{database::StoreError, services::Services, stores::audit_head_store, usecases::audit_trail};

const PERIOD: Duration = Duration::from_secs(10);

pub(super) async fn keep(services: Arc<Services>, mut stop: watch::Receiver<bool>) {
    let mut logged_on = None;
    loop {
        let goes_on = rest(&mut stop, PERIOD).await;
        let today = services.now().city_date();
        // Kept once more at the end, when the writer still works.
        if let Err(error) = audit_trail::keep_own_head(&services).await {
            tracing::warn!(%error, "the end of the audit trail could not be kept");
        } else if logged_on != Some(today) && log(&services).await.is_ok() {
            logged_on = Some(today);
        }
        if !goes_on {
            return;
        }
    }
}

async fn log(services: &Services) -> Result<(), StoreError> {
    let heads = services
        .database
        .readers
        .read(|connection| audit_head_store::list_heads(connection).map_err(StoreError::from))
        .await?;
    let (count, head) = audit_head_store::whole(&heads);
    tracing::info!(count, head = lower_hex(&head), "the audit trail ends here");
    Ok(())
}
