//! Nothing is kept longer than the policy says, and nothing goes before its time.

use std::sync::Arc;

use api::{
    config::Config,
    database::{StoreError, Transaction, schema},
    stores::notice_store::NoticeRow,
    usecases::retention::Retention,
};
use diesel::prelude::*;
use system_tests::server::{TestServer, on_both, on_both_with};

const DAY: i64 = 24 * 60;

async fn write(
    server: &TestServer,
    mut work: impl FnMut(&mut Transaction<'_>) -> Result<(), StoreError> + Send + 'static,
) {
    let writer = &server.services.database.writer;
    writer.write(move |transaction| work(transaction)).await.unwrap();
}

/// How many rows there are of sessions, codes, notices and the trail.
async fn rows(server: &TestServer) -> [i64; 4] {
    server
        .services
        .database
        .readers
        .read(|connection| {
            Ok::<_, StoreError>([
                schema::sessions::table.count().get_result(connection)?,
                schema::sign_in_codes::table.count().get_result(connection)?,
                schema::notices::table.count().get_result(connection)?,
                schema::audit_records::table.count().get_result(connection)?,
            ])
        })
        .await
        .unwrap()
}

async fn put_notices(server: &TestServer, recipient: i64) {
    let services = Arc::clone(&server.services);
    write(server, move |transaction| {
        for read_at in [None, Some(services.now().0)] {
            transaction.append(NoticeRow {
                id: services.next_id(),
                recipient_id: recipient,
                case_id: None,
                topic: "accept".to_owned(),
                title: "路灯".to_owned(),
                body: "您的诉求已受理。".to_owned(),
                read_at,
            });
        }
        Ok(())
    })
    .await;
}

#[test]
fn each_kind_goes_when_its_time_is_over_and_not_before() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13800000001").await;
        put_notices(&server, resident.id().parse().unwrap()).await;
        let mut retention = Retention::new(Arc::clone(&server.services));
        let [sessions, codes, _, trail] = rows(&server).await;
        assert!(sessions > 0 && codes > 0 && trail > 0);

        retention.remove_once().await.unwrap();
        assert_eq!(rows(&server).await, [sessions, codes, 2, trail], "all of it is fresh");

        server.clock.advance_minutes(2 * DAY);
        retention.remove_once().await.unwrap();
        assert_eq!(rows(&server).await, [sessions, 0, 2, trail], "codes live for a day");

        server.clock.advance_minutes(117 * DAY);
        retention.remove_once().await.unwrap();
        assert_eq!(rows(&server).await[0], sessions, "thirty days of life and ninety more");
        server.clock.advance_minutes(2 * DAY);
        let removed = retention.remove_once().await.unwrap();
        assert_eq!(rows(&server).await[0], 0);
        assert!(removed.contains(&("sessions", usize::try_from(sessions).unwrap())));

        server.clock.advance_minutes(600 * DAY);
        retention.remove_once().await.unwrap();
        assert_eq!(rows(&server).await[2], 2, "two years less some days");
        server.clock.advance_minutes(20 * DAY);
        for _ in 0..3 {
            retention.remove_once().await.unwrap();
            assert_eq!(rows(&server).await[2], 1, "what nobody read yet stays");
        }
        assert_eq!(
            rows(&server).await[3],
            trail,
            "the trail is kept for ever unless a time is set"
        );
    });
}

#[test]
fn the_trail_goes_from_its_old_end_when_a_time_is_set() {
    let change = |config: &mut Config| config.retention.audit_days = Some(185);
    on_both_with(change, async |server: TestServer| {
        server.citizen("13800000001").await;
        let mut retention = Retention::new(Arc::clone(&server.services));
        let trail = rows(&server).await[3];
        server.clock.advance_minutes(184 * DAY);
        retention.remove_once().await.unwrap();
        assert_eq!(rows(&server).await[3], trail);
        server.clock.advance_minutes(2 * DAY);
        retention.remove_once().await.unwrap();
        assert_eq!(
            rows(&server).await[3],
            trail,
            "the last six months before the newest act stay in any case"
        );
        server.citizen("13800000002").await;
        let grown = rows(&server).await[3];
        retention.remove_once().await.unwrap();
        assert_eq!(rows(&server).await[3], grown - trail);
    });
}
