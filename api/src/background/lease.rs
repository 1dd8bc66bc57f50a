//! Asks whether this process may do what one process does for all.

use std::sync::Arc;

use crate::{database::StoreError, services::Services, stores::lease_store};

/// Takes the lease or renews it for `seconds`; `false` while another process has it.
pub(super) async fn hold(services: &Arc<Services>, name: &'static str, seconds: i64) -> Result<bool, StoreError> {
    let now = services.now();
    let holder = format!("process-{}", services.database.ids.process());
    services
        .database
        .writer
        .write(move |transaction| lease_store::take_lease(transaction, name, &holder, now, now.plus_seconds(seconds)))
        .await
}
