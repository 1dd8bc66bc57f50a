//! The audit trail as a test reads it.

#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a test that cannot go on fails, and says where"
)]

use api::database::{StoreError, schema::audit_records};
use diesel::prelude::*;

use crate::server::TestServer;

/// Every act and its result, in order.
pub async fn audited(server: &TestServer) -> Vec<(String, String)> {
    server
        .services
        .database
        .readers
        .read(|connection| {
            Ok::<_, StoreError>(
                audit_records::table
                    .order(audit_records::id)
                    .select((audit_records::action, audit_records::result))
                    .load(connection)?,
            )
        })
        .await
        .unwrap()
}
