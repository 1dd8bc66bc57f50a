//! Keeps where this process's part of the audit trail ends, so that records cut off at the end are missed.

use std::sync::Arc;

use crate::{
    database::StoreError,
    services::Services,
    stores::{audit_head_store, audit_store},
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
            let last = transaction.read(|connection| audit_store::find_end(connection, chain))?;
            last.map_or(Ok(()), |end| audit_head_store::keep_end(transaction, chain, end, now))
        })
        .await
}
