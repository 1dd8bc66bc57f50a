//! A case on the ladder as a test sees it: what supervised it, and the sweep at the next instant at which there is something to do.

use api::{
    background::sweep_once,
    database::{StoreError, schema},
    stores::{clock_store::list_running, notice_store::NoticeRow, supervision_store::SupervisionRow},
};
use diesel::prelude::*;
use shared::domain::time::Timestamp;
use system_tests::server::{TestActor, TestServer};

/// City time, as `2026-02-13 16:00`.
pub(crate) fn at(text: &str) -> Timestamp {
    serde_json::from_str(&format!("\"{}:00+08:00\"", text.replace(' ', "T"))).unwrap()
}

/// Everything that supervised the case, in order.
pub(crate) async fn supervisions(server: &TestServer, case_id: i64) -> Vec<SupervisionRow> {
    let readers = &server.services.database.readers;
    readers
        .read(move |connection| {
            schema::supervisions::table
                .filter(schema::supervisions::case_id.eq(case_id))
                .order(schema::supervisions::id)
                .select(SupervisionRow::as_select())
                .load(connection)
                .map_err(StoreError::from)
        })
        .await
        .unwrap()
}

/// Tier and cause of everything that supervised the case, in order.
pub(crate) async fn ladder_of(server: &TestServer, case_id: i64) -> Vec<(String, String)> {
    let rows = supervisions(server, case_id).await;
    rows.into_iter().map(|row| (row.tier, row.cause)).collect()
}

pub(crate) fn steps(steps: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(tier, cause): &(&str, &str)| ((*tier).to_owned(), (*cause).to_owned());
    steps.iter().map(owned).collect()
}

/// What somebody read of a topic, oldest first, however long ago the session ended.
pub(crate) async fn inbox(server: &TestServer, recipient: &TestActor, topic: &'static str) -> Vec<String> {
    let recipient: i64 = recipient.id().parse().unwrap();
    let readers = &server.services.database.readers;
    let rows: Vec<NoticeRow> = readers
        .read(move |connection| {
            let of_topic = schema::notices::recipient_id
                .eq(recipient)
                .and(schema::notices::topic.eq(topic));
            schema::notices::table
                .filter(of_topic)
                .order(schema::notices::id)
                .select(NoticeRow::as_select())
                .load(connection)
                .map_err(StoreError::from)
        })
        .await
        .unwrap();
    rows.into_iter().map(|row| row.body).collect()
}

/// Moves the clock to the next instant at which anything of the case is to be looked at, and sweeps; none when there is none.
pub(crate) async fn next(server: &TestServer, case_id: i64) -> Option<Timestamp> {
    let readers = &server.services.database.readers;
    let clocks = readers
        .read(move |connection| list_running(connection, case_id).map_err(StoreError::from))
        .await
        .unwrap();
    let wake = clocks.iter().filter_map(|clock| clock.wake_at).min()?;
    server.clock.set(Timestamp(wake));
    sweep_once(&server.services).await.unwrap();
    Some(Timestamp(wake))
}
