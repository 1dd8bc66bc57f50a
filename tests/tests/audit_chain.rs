//! The audit trail is a hash chain: who gets past the database's own refusals and touches one record is found, and the record named.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

use std::sync::Arc;

use api::{
    config::Config,
    database::{DbConnection, StoreError, audit_chain::Link},
    stores::audit_store::{self, ChainedAuditRow},
    usecases::{
        audit_trail::{Finding, checkpoints_of, keep_own_head, verify},
        retention::Retention,
    },
};
use diesel::{RunQueryDsl, connection::SimpleConnection, sql_query};
use shared::{
    contract::audit::AuditHeadView,
    domain::{hexadecimal::lower_hex, role::Role},
};
use system_tests::server::{TestServer, on_both, on_both_with};

/// Some acts in the trail, and the end kept.
async fn acts(server: &TestServer) -> Vec<ChainedAuditRow> {
    for _ in 0..3 {
        server.staff(Role::Clerk, "hotline").await;
    }
    server.citizen("13953900001").await;
    let rows = trail(server).await;
    assert!(rows.len() >= 6, "{}", rows.len());
    rows
}

async fn trail(server: &TestServer) -> Vec<ChainedAuditRow> {
    let readers = &server.services.database.readers;
    readers
        .read(|connection| Ok::<_, StoreError>(audit_store::list_chain(connection, 0, 0, 1_000)?))
        .await
        .unwrap()
}

async fn findings(server: &TestServer) -> Vec<Finding> {
    let database = &server.services.database;
    verify(database, Vec::new()).await.unwrap().findings
}

/// What somebody does who holds the database's own password: the triggers go first.
async fn tamper(server: &TestServer, statements: &[String]) {
    let statements = statements.join(";");
    let run = move |connection: &mut DbConnection| {
        match connection {
            DbConnection::Sqlite(inner) => inner.batch_execute(
                "DROP TRIGGER IF EXISTS audit_records_stay_as_written; DROP TRIGGER IF EXISTS audit_records_stay_six_months",
            )?,
            DbConnection::Postgres(inner) => inner.batch_execute("ALTER TABLE audit_records DISABLE TRIGGER USER")?,
        }
        match connection {
            DbConnection::Sqlite(inner) => inner.batch_execute(&statements)?,
            DbConnection::Postgres(inner) => inner.batch_execute(&statements)?,
        }
        Ok(1)
    };
    let writer = &server.services.database.writer;
    let done: Result<usize, StoreError> = writer.write(move |transaction| transaction.change(&run)).await;
    done.unwrap();
}

#[test]
fn an_untouched_trail_verifies_and_its_end_is_public() {
    on_both(async |server: TestServer| {
        let rows = acts(&server).await;
        keep_own_head(&server.services).await.unwrap();
        let answer = server.anonymous().get("/api/v1/public/audit-head").await.expect(200);
        let head: AuditHeadView = answer.json();
        assert_eq!(head.count, i64::try_from(rows.len()).unwrap());
        assert_eq!(head.taken_at, Some(server.services.now()));
        assert_eq!(head.chains[0].hash, lower_hex(&rows.last().unwrap().hash));
        server.staff(Role::Clerk, "hotline").await;
        let checkpoints = checkpoints_of(&head).unwrap();
        let report = verify(&server.services.database, checkpoints).await.unwrap();
        assert_eq!(report.findings, []);
        assert!(report.records > head.count);
    });
}

#[test]
fn a_changed_record_is_named() {
    on_both(async |server: TestServer| {
        let rows = acts(&server).await;
        let id = rows[2].record.id;
        tamper(
            &server,
            &[format!("UPDATE audit_records SET actor_id = 99 WHERE id = {id}")],
        )
        .await;
        let position = 3;
        assert_eq!(findings(&server).await, [Finding::Changed { id, chain: 0, position }]);
    });
}

#[test]
fn a_removed_record_is_named_by_its_place() {
    on_both(async |server: TestServer| {
        let rows = acts(&server).await;
        let (before, id) = (rows[1].record.id, rows[2].record.id);
        tamper(&server, &[format!("DELETE FROM audit_records WHERE id = {id}")]).await;
        let removed = Finding::Removed {
            chain: 0,
            from: 3,
            to: 3,
            after: Some(before),
        };
        assert_eq!(findings(&server).await, [removed]);
    });
}

#[test]
fn a_record_that_was_put_in_between_is_named() {
    on_both(async |server: TestServer| {
        let rows = acts(&server).await;
        let before = &rows[2];
        let mut forged = before.record.clone();
        forged.id += 1;
        forged.action = "case.accept".to_owned();
        // Made by somebody who knows how records are sealed, and who moved those behind to make room.
        let end = Link {
            position: before.position,
            hash: before.hash.clone().try_into().unwrap(),
        };
        let place = end.next(0, &forged.content());
        let blob = |bytes: &[u8], connection: &str| match connection {
            "sqlite" => format!("X'{}'", lower_hex(bytes)),
            _ => format!("'\\x{}'", lower_hex(bytes)),
        };
        let kind = match server.services.config.database_url().unwrap() {
            api::database::DatabaseUrl::Sqlite(_) => "sqlite",
            api::database::DatabaseUrl::Postgres(_) => "postgres",
        };
        tamper(
            &server,
            &[
                "UPDATE audit_records SET position = -position - 1 WHERE position > 3".to_owned(),
                "UPDATE audit_records SET position = -position WHERE position < 0".to_owned(),
                format!(
                    "INSERT INTO audit_records (id, actor_id, actor_kind, action, object_kind, object_id, result, \
                     source_address, request_id, detail, chain, position, previous_hash, hash) \
                     SELECT {}, actor_id, actor_kind, 'case.accept', object_kind, object_id, result, source_address, \
                     request_id, detail, chain, 4, {}, {} FROM audit_records WHERE id = {}",
                    forged.id,
                    blob(&before.hash, kind),
                    blob(&place.hash, kind),
                    before.record.id
                ),
            ],
        )
        .await;
        let inserted = |id, chain, position| [Finding::Inserted { id, chain, position }];
        assert_eq!(findings(&server).await, inserted(forged.id, 0, 4));
    });
}

#[test]
fn records_cut_off_at_the_end_are_missed() {
    on_both(async |server: TestServer| {
        let rows = acts(&server).await;
        keep_own_head(&server.services).await.unwrap();
        let last = rows.len();
        let from = rows[last - 2].record.id;
        tamper(&server, &[format!("DELETE FROM audit_records WHERE id >= {from}")]).await;
        let to = i64::try_from(last).unwrap();
        let removed = Finding::Removed {
            chain: 0,
            from: to - 1,
            to,
            after: Some(rows[last - 3].record.id),
        };
        assert_eq!(findings(&server).await, std::slice::from_ref(&removed));
        // The gap stays when another process takes the number over and goes on.
        server
            .services
            .database
            .release_process(server.services.now())
            .await
            .unwrap();
        let (config, clock) = (server.services.config.clone(), server.clock.clone());
        server.clock.advance_minutes(1);
        let again = TestServer::start_at(config, clock).await;
        again.citizen("13953900002").await;
        assert_eq!(findings(&again).await, [removed]);
        again.stop().await;
    });
}

#[test]
fn retention_leaves_a_chain_that_verifies_and_another_beginning_is_missed() {
    let keep = |config: &mut Config| config.retention.audit_days = Some(185);
    on_both_with(keep, async |server: TestServer| {
        let old = i64::try_from(acts(&server).await.len()).unwrap();
        server.clock.advance_minutes(200 * 24 * 60);
        let young = acts(&server).await;
        let mut retention = Retention::new(Arc::clone(&server.services));
        retention.remove_once().await.unwrap();
        let report = verify(&server.services.database, Vec::new()).await.unwrap();
        assert_eq!((report.removed, report.findings), (old, Vec::new()));
        let left = trail(&server).await;
        assert_eq!(left, young[young.len() - left.len()..]);
        // Who takes more away than retention did is found.
        let id = left[0].record.id;
        tamper(&server, &[format!("DELETE FROM audit_records WHERE id = {id}")]).await;
        let removed = Finding::Removed {
            chain: 0,
            from: old + 1,
            to: old + 1,
            after: None,
        };
        assert_eq!(findings(&server).await, [removed]);
    });
}

#[test]
fn a_chain_of_which_retention_left_nothing_goes_on() {
    let keep = |config: &mut Config| config.retention.audit_days = Some(185);
    on_both_with(keep, async |server: TestServer| {
        acts(&server).await;
        let other = TestServer::start_at(server.services.config.clone(), server.clock.clone()).await;
        other.citizen("13953900002").await;
        other.stop().await;
        server.clock.advance_minutes(200 * 24 * 60);
        let (database, now) = (&server.services.database, server.services.now());
        database.renew_process(now).await.unwrap();
        server.citizen("13953900001").await;
        let mut retention = Retention::new(Arc::clone(&server.services));
        retention.remove_once().await.unwrap();
        let report = verify(&server.services.database, Vec::new()).await.unwrap();
        assert_eq!((report.chains, report.findings), (1, Vec::new()));
        let again = TestServer::start_at(server.services.config.clone(), server.clock.clone()).await;
        again.citizen("13953900002").await;
        let report = verify(&server.services.database, Vec::new()).await.unwrap();
        assert_eq!((report.chains, report.findings), (2, Vec::new()));
        again.stop().await;
    });
}

#[test]
fn each_process_has_a_chain_and_groups_that_fail_leave_none_broken() {
    on_both(async |server: TestServer| {
        acts(&server).await;
        let other = TestServer::start_at(server.services.config.clone(), server.clock.clone()).await;
        other.citizen("13953900002").await;
        // Many at once, some of which the database refuses: whole groups are rolled back and run again.
        let services = &server.services;
        let jobs = (0..40_i64).map(|number| {
            let held = services.clone();
            async move {
                let who = api::access::Actor::System;
                let (context, ids) = (api::access::RequestContext::default(), held.clone());
                let job = move |transaction: &mut api::database::Transaction<'_>| {
                    let act = api::usecases::audit::Act::done("test.act", "case", Some(number));
                    api::usecases::audit::record_act(&ids, transaction, &who, &context, &act);
                    if number % 7 == 0 {
                        transaction
                            .change(|connection| sql_query("UPDATE leases SET name = NULL").execute(connection))?;
                        transaction.change(|connection| sql_query("UPDATE nothing SET x = 1").execute(connection))?;
                    }
                    Ok::<_, StoreError>(())
                };
                held.database.writer.write(job).await
            }
        });
        let done = futures_util::future::join_all(jobs).await;
        assert!(done.iter().any(Result::is_err) && done.iter().any(Result::is_ok));
        let report = verify(&services.database, Vec::new()).await.unwrap();
        assert_eq!((report.chains, report.findings), (2, Vec::new()));
        other.stop().await;
    });
}
