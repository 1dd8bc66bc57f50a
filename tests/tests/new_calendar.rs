//! What happens to running limits when the holidays of the next year become known: those that were counted without knowing
//! them are counted again, once, and whoever is concerned is told both days; on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may end where its premise fails"
)]

mod town;

use api::{
    background::{recount_once, sweep_once},
    city::{CityKind, shipped},
    database::{StoreError, schema},
    stores::{
        case_store::{CaseRow, get_case},
        clock_store::{ClockRow, list_running},
        notice_store::NoticeRow,
        order_store::list_orders,
        supervision_store::SupervisionRow,
    },
    usecases::{
        cases::recount::{Recounted, recount_case},
        city_data::{DataFile, import, plan_import},
    },
};
use diesel::prelude::*;
use serde_json::{Value, json};
use shared::{
    contract::problem::ProblemCode,
    domain::{deadline::ClockKind, role::Role, time::Timestamp},
};
use system_tests::server::{TestActor, TestServer, on_both_from};
use town::{HOTLINE, Town};

/// New Year's Day is off; without the notice a Friday like any other.
const NEW_YEAR_OFF: &str = r#"{"year": 2027, "papers": [], "days": [
    {"name": "元旦", "date": "2027-01-01", "isOffDay": true}
]}"#;

/// The weekend after it is worked instead.
const WEEKEND_WORKED: &str = r#"{"year": 2027, "papers": [], "days": [
    {"name": "元旦", "date": "2027-01-01", "isOffDay": true},
    {"name": "元旦", "date": "2027-01-02", "isOffDay": false},
    {"name": "元旦", "date": "2027-01-03", "isOffDay": false}
]}"#;

/// City time, as `2026-12-28 10:00`.
fn at(text: &str) -> Timestamp {
    serde_json::from_str(&format!("\"{}:00+08:00\"", text.replace(' ', "T"))).unwrap()
}

async fn imported(server: &TestServer, name: &str, text: &str) {
    let file = DataFile {
        name: name.to_owned(),
        kind: None,
        text: text.to_owned(),
    };
    let database = &server.services.database;
    let plan = plan_import(database, vec![file]).await.unwrap();
    import(database, server.services.now(), &plan).await.unwrap();
}

async fn recounted(server: &TestServer) -> Recounted {
    recount_once(&server.services).await.unwrap()
}

async fn read<T: Send + 'static>(
    server: &TestServer,
    query: impl FnOnce(&mut api::database::DbConnection) -> QueryResult<T> + Send + 'static,
) -> T {
    let readers = &server.services.database.readers;
    readers
        .read(move |connection| query(connection).map_err(StoreError::from))
        .await
        .unwrap()
}

fn id_of(server: &TestServer, receipt: &str) -> i64 {
    server.services.receipts.read(receipt).unwrap()
}

async fn case_row(server: &TestServer, receipt: &str) -> CaseRow {
    let id = id_of(server, receipt);
    read(server, move |connection| get_case(connection, id)).await
}

async fn clock(server: &TestServer, receipt: &str, kind: ClockKind) -> ClockRow {
    let id = id_of(server, receipt);
    let running = read(server, move |connection| list_running(connection, id)).await;
    running.into_iter().find(|clock| clock.kind == kind.as_str()).unwrap()
}

/// When it is due, and whether that is settled.
async fn due(server: &TestServer, receipt: &str, kind: ClockKind) -> (Timestamp, bool) {
    let clock = clock(server, receipt, kind).await;
    (Timestamp(clock.due_at), !clock.provisional)
}

async fn told(server: &TestServer, recipient: &TestActor, topic: &'static str) -> Vec<String> {
    let recipient: i64 = recipient.id().parse().unwrap();
    let rows: Vec<NoticeRow> = read(server, move |connection| {
        schema::notices::table
            .filter(schema::notices::recipient_id.eq(recipient))
            .filter(schema::notices::topic.eq(topic))
            .order(schema::notices::id)
            .select(NoticeRow::as_select())
            .load(connection)
    })
    .await;
    rows.into_iter().map(|row| row.body).collect()
}

/// A case that the unit has signed for; answers its receipt number and the order's id.
async fn in_hand(town: &Town) -> (String, String) {
    let receipt = town.accepted("public").await;
    let order = town.dispatch(&receipt).await;
    town.sign_for(&order).await;
    (receipt, order)
}

#[test]
fn a_limit_counted_without_the_holidays_is_counted_again_from_its_start_and_everybody_is_told_once() {
    on_both_from(at("2026-12-28 10:00"), async |server: TestServer| {
        let town = Town::found(&server).await;
        let (receipt, _) = in_hand(&town).await;
        assert_eq!(
            due(&server, &receipt, ClockKind::Handle).await,
            (at("2027-01-05 00:00"), false)
        );
        assert_eq!(
            recounted(&server).await,
            Recounted::default(),
            "no other calendar is known"
        );

        // A shorter limit for what starts from now on: what runs keeps the limit that it started with.
        let shorter = shipped::contents()[&CityKind::Deadlines]
            .replacen("shandong-2026.1", "shandong-2026.2", 1)
            .replacen(
                "{ emergency = \"24h\", livelihood = \"24h\", routine = \"5wd\" }",
                "{ emergency = \"24h\", livelihood = \"24h\", routine = \"3wd\" }",
                1,
            );
        imported(&server, "deadlines.toml", &shorter).await;
        imported(&server, "2027.json", NEW_YEAR_OFF).await;
        let before = case_row(&server, &receipt).await;
        let done = recounted(&server).await;
        assert_eq!(
            (done.clocks, done.moved),
            (3, 1),
            "first contact and return are not moved"
        );

        assert_eq!(
            due(&server, &receipt, ClockKind::Handle).await,
            (at("2027-01-06 00:00"), true)
        );
        assert_eq!(
            due(&server, &receipt, ClockKind::FirstContact).await,
            (at("2026-12-30 00:00"), true)
        );
        let handle = clock(&server, &receipt, ClockKind::Handle).await;
        assert_eq!(handle.calendar_version, server.services.city().calendar.version());
        assert_eq!(handle.policy_version, "shandong-2026.1");
        assert_eq!(
            handle.wake_at,
            Some(at("2027-01-04 08:30").0),
            "the yellow card moves along"
        );
        let case = case_row(&server, &receipt).await;
        assert_eq!((case.due_at, case.version), (Some(handle.due_at), before.version + 1));
        assert_eq!(
            case.facts().unwrap().due(ClockKind::Handle),
            Some(Timestamp(handle.due_at))
        );
        let orders = read(&server, move |connection| list_orders(connection, case.id)).await;
        assert_eq!(orders[0].due_at, Some(handle.due_at));

        let to_resident = "节假日安排有更新，您的诉求期限从1月4日改到1月5日。";
        let to_unit = "节假日安排有更新，工单办理的期限从1月4日改到1月5日。";
        assert_eq!(recounted(&server).await, Recounted::default());
        assert_eq!(told(&server, &town.resident, "recount_dues").await, [to_resident]);
        assert_eq!(told(&server, &town.liaison, "recount_dues").await, [to_unit]);
        assert_eq!(
            told(&server, &town.dispatcher, "recount_dues").await,
            Vec::<String>::new()
        );
        let public = server.anonymous().get(&format!("/api/v1/public/cases/{receipt}")).await;
        let shown = public.expect(200).value();
        let last = shown["timeline"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(last["sentence"], "节假日安排有更新，期限从1月4日改到1月5日。");
        let staff = town.view(&receipt).await;
        let last = staff["timeline"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(
            (&last["action"], &last["role"]),
            (&json!("recount_dues"), &json!("系统")),
            "{last}"
        );

        server.clock.set(at("2027-01-05 00:00"));
        sweep_once(&server.services).await.unwrap();
        let late = |words: &&String| words.contains("工单办理已经超期");
        let overdue = told(&server, &town.liaison, "overdue").await;
        assert_eq!(overdue.iter().filter(late).count(), 0, "{overdue:?}");
        server.clock.set(at("2027-01-06 00:00"));
        sweep_once(&server.services).await.unwrap();
        let overdue = told(&server, &town.liaison, "overdue").await;
        assert_eq!(overdue.iter().filter(late).count(), 1, "{overdue:?}");
    });
}

#[test]
fn what_was_done_about_a_limit_that_was_over_stays_done_and_the_later_one_counts_anew() {
    on_both_from(at("2026-12-28 10:00"), async |server: TestServer| {
        let town = Town::found(&server).await;
        let (receipt, _) = in_hand(&town).await;
        server.clock.set(at("2027-01-05 09:00"));
        sweep_once(&server.services).await.unwrap();
        let late = |words: &&String| words.contains("工单办理已经超期");
        assert_eq!(
            told(&server, &town.liaison, "overdue")
                .await
                .iter()
                .filter(late)
                .count(),
            1
        );
        let supervised = case_row(&server, &receipt).await;
        assert_eq!(supervised.tier, 1);

        imported(&server, "2027.json", NEW_YEAR_OFF).await;
        assert_eq!(recounted(&server).await.moved, 1);
        assert_eq!(
            due(&server, &receipt, ClockKind::Handle).await,
            (at("2027-01-06 00:00"), true)
        );
        let case = case_row(&server, &receipt).await;
        assert_eq!(case.tier, 1, "the supervision is not taken back");
        assert_eq!(
            case.facts().unwrap().memory.supervision,
            supervised.facts().unwrap().memory.supervision
        );
        sweep_once(&server.services).await.unwrap();
        assert_eq!(
            told(&server, &town.liaison, "overdue")
                .await
                .iter()
                .filter(late)
                .count(),
            1
        );
        server.clock.set(at("2027-01-06 00:00"));
        sweep_once(&server.services).await.unwrap();
        assert_eq!(
            told(&server, &town.liaison, "overdue")
                .await
                .iter()
                .filter(late)
                .count(),
            2
        );
    });
}

#[test]
fn a_limit_that_ends_earlier_leaves_the_next_working_day_and_makes_nobody_late() {
    for (import_at, due_at, moved) in [
        ("2026-12-28 10:05", "2027-01-04 00:00", 1),
        ("2027-01-03 10:00", "2027-01-05 00:00", 0),
        ("2027-01-06 10:00", "2027-01-05 00:00", 0),
    ] {
        on_both_from(at("2026-12-28 10:00"), async |server: TestServer| {
            let town = Town::found(&server).await;
            let (receipt, _) = in_hand(&town).await;
            server.clock.set(at(import_at));
            imported(&server, "2027.json", WEEKEND_WORKED).await;
            assert_eq!(recounted(&server).await.moved, moved, "{import_at}");
            assert_eq!(
                due(&server, &receipt, ClockKind::Handle).await,
                (at(due_at), true),
                "{import_at}"
            );
            assert_eq!(told(&server, &town.resident, "recount_dues").await.len(), moved);
        });
    }
}

#[test]
fn extensions_rests_and_supervisions_go_on_from_where_the_new_calendar_ends_what_they_follow() {
    on_both_from(at("2026-12-31 10:00"), async |server: TestServer| {
        let town = Town::found(&server).await;
        let media = server.staff(Role::MediaSupervisor, HOTLINE).await;
        let (extended, order) = in_hand(&town).await;
        let asked = json!({ "working_days": 2, "reason": "灯具要从外地调运。" });
        let path = format!("/api/v1/staff/orders/{order}/extension");
        town.leader.post(&path, &asked).await.expect(200);
        let why = json!({ "reason": "情况属实，同意延期。" });
        let path = format!("/api/v1/staff/orders/{order}/extension-approval");
        town.reviewer.post(&path, &why).await.expect(200);
        let cause = json!({ "cause": "public_interest", "reason": "多位居民来电反映，影响出行安全。" });
        let path = format!("/api/v1/staff/cases/{extended}/supervision");
        town.supervisor.post(&path, &cause).await.expect(200);
        assert_eq!(
            due(&server, &extended, ClockKind::Handle).await,
            (at("2027-01-12 00:00"), false)
        );
        assert_eq!(
            due(&server, &extended, ClockKind::Supervision).await,
            (at("2027-01-13 00:00"), false)
        );

        let rested = town.submitted("public").await;
        let question = json!({ "question": "请问是哪一盏路灯？灯杆上有编号吗？" });
        let path = format!("/api/v1/staff/cases/{rested}/ask-information");
        town.clerk.post(&path, &question).await.expect(200);
        server.clock.advance_minutes(10);
        let answer: Value = json!({ "text": "健康路东头第三盏，灯杆编号是JK-0103。" });
        let path = format!("/api/v1/cases/{rested}/information");
        town.resident.post(&path, &answer).await.expect(200);
        assert_eq!(
            due(&server, &rested, ClockKind::Accept).await,
            (at("2027-01-02 00:10"), false)
        );

        imported(&server, "2027.json", NEW_YEAR_OFF).await;
        recounted(&server).await;
        assert_eq!(
            due(&server, &extended, ClockKind::Handle).await,
            (at("2027-01-13 00:00"), true)
        );
        assert_eq!(
            due(&server, &extended, ClockKind::SupervisionAnswer).await,
            (at("2027-01-07 00:00"), true)
        );
        assert_eq!(
            due(&server, &extended, ClockKind::Supervision).await,
            (at("2027-01-14 00:00"), true)
        );
        assert_eq!(
            due(&server, &rested, ClockKind::Accept).await,
            (at("2027-01-05 00:10"), true)
        );

        let id = id_of(&server, &extended);
        let row: SupervisionRow = read(&server, move |connection| {
            schema::supervisions::table
                .filter(schema::supervisions::case_id.eq(id))
                .select(SupervisionRow::as_select())
                .first(connection)
        })
        .await;
        let dues = (row.due_at, row.answer_due_at);
        assert_eq!(dues, (at("2027-01-14 00:00").0, Some(at("2027-01-07 00:00").0)));
        let held = case_row(&server, &extended)
            .await
            .facts()
            .unwrap()
            .memory
            .supervision
            .unwrap();
        assert_eq!(held.until, at("2027-01-14 00:00"));
        let to_media = "节假日安排有更新，督办件的期限从1月12日改到1月13日。";
        assert_eq!(told(&server, &media, "recount_dues").await, [to_media]);
        let to_unit = told(&server, &town.liaison, "recount_dues").await;
        assert_eq!(
            to_unit,
            ["节假日安排有更新，首次联系诉求人的期限从1月1日改到1月4日，工单办理的期限从1月11日改到1月12日。"]
        );
        let mut to_resident = told(&server, &town.resident, "recount_dues").await;
        to_resident.sort();
        assert_eq!(
            to_resident,
            [
                "节假日安排有更新，您的诉求期限从1月11日改到1月12日。",
                "节假日安排有更新，您的诉求期限从1月2日0:10改到1月5日0:10。",
            ]
        );
    });
}

#[test]
fn a_promised_day_stays_where_it_was_promised() {
    on_both_from(at("2026-12-28 10:00"), async |server: TestServer| {
        let town = Town::found(&server).await;
        let (receipt, order) = in_hand(&town).await;
        let path = format!("/api/v1/staff/orders/{order}/commitment");
        town.leader.post(&path, &town.promise()).await.expect(200);
        let path = format!("/api/v1/staff/orders/{order}/commitment-approval");
        let why = json!({ "reason": "要先招标，同意挂账。" });
        town.inspector.post(&path, &why).await.expect(200);
        let promised = due(&server, &receipt, ClockKind::Promise).await;
        assert!(promised.1, "a day that was named is settled");
        imported(&server, "2027.json", NEW_YEAR_OFF).await;
        recounted(&server).await;
        assert_eq!(due(&server, &receipt, ClockKind::Promise).await, promised);
        assert_eq!(
            told(&server, &town.resident, "recount_dues").await,
            Vec::<String>::new()
        );
    });
}

#[test]
fn what_was_broken_off_is_gone_on_with_and_an_old_calendar_never_counts_over_a_new_one() {
    on_both_from(at("2026-12-28 10:00"), async |server: TestServer| {
        let town = Town::found(&server).await;
        let mut receipts = Vec::new();
        for _ in 0..3 {
            receipts.push(in_hand(&town).await.0);
        }
        imported(&server, "2027.json", NEW_YEAR_OFF).await;
        let first = id_of(&server, &receipts[0]);
        let refused = recount_case(&server.services, first).await.unwrap_err();
        assert_eq!(
            refused.code,
            ProblemCode::Stale,
            "this process does not know the new calendar yet"
        );
        let known = api::city::versions::refresh_if_changed(&server.services.database, &server.services.city);
        assert!(known.await.unwrap());
        assert_eq!(recount_case(&server.services, first).await.unwrap().moved, 1);

        let (one, other) = tokio::join!(recount_once(&server.services), recount_once(&server.services));
        assert_eq!(one.unwrap().moved + other.unwrap().moved, 2);
        assert_eq!(recounted(&server).await, Recounted::default());
        assert_eq!(told(&server, &town.resident, "recount_dues").await.len(), 3);
        for receipt in &receipts {
            assert_eq!(
                due(&server, receipt, ClockKind::Handle).await,
                (at("2027-01-06 00:00"), true)
            );
        }
    });
}

#[test]
fn a_system_administrator_is_told_from_november_on_until_the_holidays_are_there() {
    const WARNINGS: &str = "/api/v1/admin/city-data/warnings";
    on_both_from(at("2026-10-31 23:00"), async |server: TestServer| {
        let told = async || {
            let admin = server.staff(Role::SystemAdmin, HOTLINE).await;
            admin.get(WARNINGS).await.expect(200).value()["items"].clone()
        };
        assert_eq!(told().await, json!([]));
        server.clock.set(at("2026-11-01 00:00"));
        let warned = told().await;
        assert_eq!(warned.as_array().unwrap().len(), 1, "{warned}");
        assert_eq!(warned[0]["code"], "calendar_missing");
        assert!(warned[0]["text"].as_str().unwrap().starts_with("2027年"), "{warned}");
        imported(&server, "2027.json", NEW_YEAR_OFF).await;
        let services = &server.services;
        api::city::versions::refresh_if_changed(&services.database, &services.city)
            .await
            .unwrap();
        assert_eq!(told().await, json!([]));
    });
}
