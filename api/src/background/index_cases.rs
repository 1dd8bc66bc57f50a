//! Keeps the search index up to date: page after page while cases wait, then a look every second.
//! While many changes wait for the writer, pages come a few a second and the index falls behind a little.

use std::{sync::Arc, time::Duration};

use crate::{services::Services, usecases::index_cases::index_waiting_cases};

/// How long to rest when nothing waits.
const REST: Duration = Duration::from_secs(1);
/// How long to rest between pages while others wait for the writer: acknowledgements come before the index.
const GIVE_WAY: Duration = Duration::from_millis(200);
/// How long to rest after a failure.
const REST_AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Runs until the task is dropped.
pub async fn keep_index(services: Arc<Services>) {
    loop {
        match index_waiting_cases(&services).await {
            Ok(0) => tokio::time::sleep(REST).await,
            Ok(_) if services.database.writer.waiting() > 0 => tokio::time::sleep(GIVE_WAY).await,
            Ok(_) => {}
            Err(failure) => {
                tracing::warn!(code = failure.code.as_str(), cause = ?failure.cause, "the search index could not be brought up to date");
                tokio::time::sleep(REST_AFTER_FAILURE).await;
            }
        }
    }
}
