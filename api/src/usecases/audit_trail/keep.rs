//! Keeps where this process's part of the audit trail ends, so that records cut off at the end are missed.

use std::sync::Arc;

use crate::{
    database::StoreError,
    services::Services,
    stores::{
        audit_head_store::{self, AuditHeadRow},
        audit_store,
    },
};

/// Looks at the end of the own chain and keeps it.
///
/// # Errors
/// `Busy`, or the database's failure.
pub async fn keep_own_head(services: &Arc<Services>) -> Result<(), StoreError> {
    let (chain, now) = (services.database.ids.process(), services.now());
    services
        .database
        .writer
        .write(move |transaction| {
            let last = transaction.read(|connection| audit_store::find_last(connection, chain))?;
            let Some((position, hash)) = last else { return Ok(()) };
            let head = AuditHeadRow {
                chain,
                position,
                hash,
                kept_at: now.0,
            };
            audit_head_store::keep_head(transaction, &head)
        })
        .await
}
