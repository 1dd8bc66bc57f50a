//! What happens when time passes and nobody acts: once, by the rules, also after an outage; on both databases.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may end where its premise fails"
)]

mod reports;

use api::{
    background::sweep_once,
    database::{StoreError, schema},
    stores::{
        case_store::{CaseRow, get_case},
        clock_store::{ClockRow, list_running},
        notice_store::NoticeRow,
    },
    usecases::cases::sweep::Swept,
};
use diesel::prelude::*;
use serde_json::json;
use shared::domain::{deadline::ClockKind, role::Role, time::Timestamp};
use system_tests::server::{TestActor, TestServer, on_both};

async fn case_row(server: &TestServer, id: i64) -> CaseRow {
    let readers = &server.services.database.readers;
    readers
        .read(move |connection| get_case(connection, id).map_err(StoreError::from))
        .await
        .unwrap()
}

async fn clock(server: &TestServer, case_id: i64, kind: ClockKind) -> ClockRow {
    let readers = &server.services.database.readers;
    let running = readers
        .read(move |connection| list_running(connection, case_id).map_err(StoreError::from))
        .await
        .unwrap();
    running.into_iter().find(|clock| clock.kind == kind.as_str()).unwrap()
}

async fn notices(server: &TestServer, recipient: &TestActor, topic: &'static str) -> Vec<String> {
    let recipient: i64 = recipient.id().parse().unwrap();
    let readers = &server.services.database.readers;
    let rows: Vec<NoticeRow> = readers
        .read(move |connection| {
            schema::notices::table
                .filter(
                    schema::notices::recipient_id
                        .eq(recipient)
                        .and(schema::notices::topic.eq(topic)),
                )
                .order(schema::notices::id)
                .select(NoticeRow::as_select())
                .load(connection)
                .map_err(StoreError::from)
        })
        .await
        .unwrap();
    rows.into_iter().map(|row| row.body).collect()
}

async fn sweep(server: &TestServer) -> Swept {
    sweep_once(&server.services).await.unwrap()
}

/// A case that a unit was given, with somebody of that unit at its desk.
async fn dispatched(server: &TestServer, resident: &TestActor) -> (i64, TestActor) {
    let case = reports::submit(server, resident, reports::lamp()).await;
    let receipt = reports::receipt(server, case);
    let clerk = server.staff(Role::Clerk, "3713.hotline").await;
    let accepted = json!({ "kind": "assistance", "category": "facilities.street_light", "urgency": "routine" });
    clerk
        .post(&format!("/api/v1/staff/cases/{receipt}/accept"), &accepted)
        .await
        .expect(200);
    let dispatcher = server.staff(Role::Dispatcher, "3713.hotline").await;
    dispatcher
        .post(&format!("/api/v1/staff/cases/{receipt}/dispatch"), &json!({}))
        .await
        .expect(200);
    let unit = case_row(server, case).await.lead_unit.unwrap();
    let desk = server.staff(Role::UnitLiaison, &unit).await;
    (case, desk)
}

#[test]
fn an_order_that_nobody_signs_for_is_warned_of_once_and_then_counts_as_signed() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13805390001").await;
        let (case, desk) = dispatched(&server, &resident).await;
        assert_eq!(sweep(&server).await, Swept::default(), "nothing is due yet");
        let limit = clock(&server, case, ClockKind::SignFor).await;
        assert!(limit.wake_at.unwrap() < limit.due_at, "woken before it is due");
        server.clock.set(Timestamp(limit.wake_at.unwrap()));
        assert!(sweep(&server).await.warned >= 1);
        assert_eq!(sweep(&server).await.warned, 0);
        let told = notices(&server, &desk, "due_soon").await;
        assert_eq!(
            told.iter().filter(|words| words.contains("工单签收")).count(),
            1,
            "{told:?}"
        );

        server.clock.set(Timestamp(limit.due_at));
        assert_eq!(sweep(&server).await.stepped, 1);
        assert_eq!(sweep(&server).await.stepped, 0);
        assert_eq!(case_row(&server, case).await.state, "handling");
        assert_eq!(notices(&server, &resident, "deem_signed").await.len(), 1);
        assert_eq!(notices(&server, &desk, "deem_signed").await.len(), 1);
    });
}

#[test]
fn after_an_outage_everything_is_made_up_for_and_nothing_is_told_twice() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13805390001").await;
        let (case, desk) = dispatched(&server, &resident).await;
        let work = clock(&server, case, ClockKind::Handle).await;
        server.clock.set(Timestamp(work.due_at));
        let swept = sweep(&server).await;
        assert_eq!((swept.stepped, swept.warned), (1, 0), "too late for warnings");
        let overdue = notices(&server, &desk, "overdue").await;
        assert_eq!(
            overdue.iter().filter(|words| words.contains("工单办理")).count(),
            1,
            "{overdue:?}"
        );
        assert!(notices(&server, &desk, "due_soon").await.is_empty());
        assert_eq!(sweep(&server).await, Swept::default());
        server.clock.advance_minutes(60 * 24 * 30);
        assert_eq!(sweep(&server).await.overdue, 0);
        assert_eq!(notices(&server, &desk, "overdue").await, overdue);
    });
}

#[test]
fn two_sweeps_at_once_take_each_step_once() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13805390001").await;
        let mut cases = Vec::new();
        for _ in 0..12 {
            cases.push(dispatched(&server, &resident).await.0);
        }
        let limit = clock(&server, cases[11], ClockKind::SignFor).await;
        server.clock.set(Timestamp(limit.due_at));
        let (one, two) = tokio::join!(sweep_once(&server.services), sweep_once(&server.services));
        assert_eq!(one.unwrap().stepped + two.unwrap().stepped, 12);
        assert_eq!(notices(&server, &resident, "deem_signed").await.len(), 12);
    });
}

#[test]
fn information_that_does_not_come_ends_the_case_for_now() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13805390001").await;
        let case = reports::submit(&server, &resident, reports::lamp()).await;
        let receipt = reports::receipt(&server, case);
        let clerk = server.staff(Role::Clerk, "3713.hotline").await;
        let question = json!({ "question": "请问是哪一盏路灯？灯杆上有编号吗？" });
        clerk
            .post(&format!("/api/v1/staff/cases/{receipt}/ask-information"), &question)
            .await
            .expect(200);
        let limit = clock(&server, case, ClockKind::Information).await;
        server.clock.set(Timestamp(limit.wake_at.unwrap()));
        sweep(&server).await;
        assert_eq!(notices(&server, &resident, "due_soon").await.len(), 1);
        server.clock.set(Timestamp(limit.due_at - 1));
        assert_eq!(sweep(&server).await.stepped, 0);
        server.clock.set(Timestamp(limit.due_at));
        assert_eq!(sweep(&server).await.stepped, 1);
        let row = case_row(&server, case).await;
        assert_eq!(
            (row.state.as_str(), row.outcome.as_deref()),
            ("closed", Some("incomplete"))
        );
        assert_eq!(notices(&server, &resident, "expire_information").await.len(), 1);
    });
}
