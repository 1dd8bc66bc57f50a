//! Nobody clears or changes the audit trail: no operation does, and the database refuses whoever tries below.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

use api::database::{DbConnection, StoreError};
use diesel::{QueryResult, RunQueryDsl, sql_query};
use shared::domain::role::Role;
use system_tests::{
    operations::TABLE,
    server::{TestServer, on_both},
    trail::audited,
};

#[test]
fn no_operation_changes_the_trail() {
    let changing: Vec<_> = TABLE
        .iter()
        .filter(|(method, path, _)| *method != "GET" && path.contains("audit"))
        .collect();
    assert!(changing.is_empty(), "{changing:?}");
}

/// What the database answers to a statement.
async fn tried(server: &TestServer, statement: &'static str) -> Result<usize, StoreError> {
    let writer = &server.services.database.writer;
    let run = move |connection: &mut DbConnection| -> QueryResult<usize> { sql_query(statement).execute(connection) };
    writer.write(move |transaction| transaction.change(run)).await
}

#[test]
fn the_database_refuses_to_change_or_remove_what_is_younger_than_six_months() {
    on_both(async |server: TestServer| {
        server.staff(Role::Clerk, "hotline").await;
        let before = audited(&server).await;
        assert!(!before.is_empty());
        for statement in [
            "UPDATE audit_records SET result = 'done'",
            "UPDATE audit_records SET actor_id = NULL WHERE id > 0",
            "DELETE FROM audit_records",
        ] {
            let refused = tried(&server, statement).await.unwrap_err().to_string();
            assert!(refused.contains("the audit trail is"), "{statement}: {refused}");
        }
        assert_eq!(audited(&server).await, before);
        // What is older than six months when something new is written may be archived and leave; the rest may not.
        server.clock.advance_minutes(60 * 24 * 183);
        server.staff(Role::Clerk, "hotline").await;
        assert!(tried(&server, "DELETE FROM audit_records").await.is_err());
        server.clock.advance_minutes(60 * 24 * 2);
        server.staff(Role::Clerk, "hotline").await;
        let first = "DELETE FROM audit_records WHERE id IN (SELECT id FROM audit_records ORDER BY id LIMIT 1)";
        assert_eq!(tried(&server, first).await.unwrap(), 1);
        assert!(tried(&server, "DELETE FROM audit_records").await.is_err());
    });
}
