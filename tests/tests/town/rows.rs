//! What lies in the tables: equal before and after means that nothing was written.

use std::collections::BTreeMap;

use api::database::{StoreError, schema};
use diesel::prelude::*;
use system_tests::server::TestServer;

/// Rows by table, the versions of cases and the sum of the counters: equal before and after means that nothing was written.
pub(crate) async fn rows(server: &TestServer) -> BTreeMap<&'static str, i64> {
    macro_rules! counted {
        ($rows:ident, $connection:ident, $($table:ident),+) => {
            $( $rows.insert(stringify!($table), schema::$table::table.count().get_result::<i64>($connection)?); )+
        };
    }
    server
        .services
        .database
        .readers
        .read(|connection| {
            let mut rows = BTreeMap::new();
            counted!(
                rows,
                connection,
                cases,
                case_events,
                work_orders,
                clocks,
                supervisions,
                supervision_actions,
                look_backs,
                flags,
                replies,
                ratings,
                follows,
                publications,
                photos,
                case_photos,
                notices,
                outbox,
                persons,
                staff_accounts,
                staff_grants,
                consents,
                push_devices,
                audit_records,
                idempotency_keys
            );
            let versions: Vec<i64> = schema::cases::table.select(schema::cases::version).load(connection)?;
            rows.insert("versions of cases", versions.iter().sum());
            let unread: i64 = schema::notices::table
                .filter(schema::notices::read_at.is_null())
                .count()
                .get_result(connection)?;
            rows.insert("unread notices", unread);
            Ok::<_, StoreError>(rows)
        })
        .await
        .unwrap()
}

/// Entries of a case's timeline.
pub(crate) async fn entries(server: &TestServer, receipt: &str) -> i64 {
    let id = server.services.receipts.read(receipt).unwrap();
    server
        .services
        .database
        .readers
        .read(move |connection| {
            let of_case = schema::case_events::table.filter(schema::case_events::case_id.eq(id));
            Ok::<_, StoreError>(of_case.count().get_result::<i64>(connection)?)
        })
        .await
        .unwrap()
}
