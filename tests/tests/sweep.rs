//! What happens when time passes and nobody acts: once, by the rules, also after an outage; on both databases.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may end where its premise fails"
)]

mod reports;
mod town;

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
use shared::{
    contract::problem::ProblemCode,
    domain::{deadline::ClockKind, role::Role, time::Timestamp},
};
use system_tests::server::{TestActor, TestServer, on_both};
use town::Town;

async fn case_row(server: &TestServer, id: i64) -> CaseRow {
    let readers = &server.services.database.readers;
    readers
        .read(move |connection| get_case(connection, id).map_err(StoreError::from))
        .await
        .unwrap()
}

async fn running(server: &TestServer, case_id: i64, kind: ClockKind) -> Option<ClockRow> {
    let readers = &server.services.database.readers;
    let running = readers
        .read(move |connection| list_running(connection, case_id).map_err(StoreError::from))
        .await
        .unwrap();
    running.into_iter().find(|clock| clock.kind == kind.as_str())
}

async fn clock(server: &TestServer, case_id: i64, kind: ClockKind) -> ClockRow {
    running(server, case_id, kind).await.unwrap()
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

/// The first entry of this act in a case's timeline.
async fn first_event(server: &TestServer, case_id: i64, action: &'static str) -> i64 {
    let readers = &server.services.database.readers;
    readers
        .read(move |connection| {
            schema::case_events::table
                .filter(schema::case_events::case_id.eq(case_id))
                .filter(schema::case_events::action.eq(action))
                .order(schema::case_events::id)
                .select(schema::case_events::id)
                .first(connection)
                .map_err(StoreError::from)
        })
        .await
        .unwrap()
}

#[test]
fn a_case_that_no_unit_has_is_swept_before_what_was_due_earlier() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13805390001").await;
        let (with_unit, _) = dispatched(&server, &resident).await;
        let without = reports::submit(&server, &resident, reports::lamp()).await;
        // Both are long over; the order's limit was over first.
        server.clock.advance_minutes(60 * 24 * 20);
        sweep(&server).await;
        let taken_up = first_event(&server, without, "supervise").await;
        let signed = first_event(&server, with_unit, "deem_signed").await;
        assert!(taken_up < signed, "{taken_up} {signed}");
    });
}

#[test]
fn two_processes_sweep_a_thousand_cases_that_fall_due_at_once_each_once() {
    const CASES: usize = 1_010;
    on_both(async |server: TestServer| {
        let resident = server.citizen("13805390001").await;
        let reports = (0..CASES).map(|_| reports::submit(&server, &resident, reports::lamp()));
        futures_util::future::join_all(reports).await;
        let other = TestServer::start_at(server.services.config.clone(), server.clock.clone()).await;
        // The red card of every acceptance.
        server.clock.advance_minutes(60 * 24 * 4);
        let (one, two) = tokio::join!(sweep_once(&server.services), sweep_once(&other.services));
        assert_eq!(one.unwrap().opened + two.unwrap().opened, CASES);
        for server in [&server, &other] {
            assert_eq!(sweep_once(&server.services).await.unwrap(), Swept::default());
        }
        assert_eq!(notices(&server, &resident, "supervise").await.len(), CASES);
        other.stop().await;
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

#[test]
fn who_does_not_rate_in_time_has_the_case_closed_unrated_and_not_as_satisfied() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.answered("public").await;
        let case = server.services.receipts.read(&receipt).unwrap();
        let window = clock(&server, case, ClockKind::RatingWindow).await;
        server.clock.set(Timestamp(window.wake_at.unwrap()));
        sweep(&server).await;
        assert_eq!(notices(&server, &town.resident, "due_soon").await.len(), 1);
        server.clock.set(Timestamp(window.due_at - 1));
        assert_eq!(sweep(&server).await.stepped, 0);
        server.clock.set(Timestamp(window.due_at));
        assert_eq!(sweep(&server).await.stepped, 1);
        let path = format!("/api/v1/public/cases/{receipt}");
        let shown = server.anonymous().get(&path).await.expect(200).value();
        assert_eq!(
            (&shown["state"], &shown["outcome"]),
            (&json!("closed"), &json!("resolved"))
        );
        assert!(shown.get("rating").is_none(), "nobody rated it: {shown}");
        let said = shown["timeline"].as_array().unwrap().last().unwrap()["sentence"].clone();
        assert_eq!(said, "评价时间到了，诉求先办结，没有评价不会算作满意。");
        assert!(case_row(&server, case).await.facts().unwrap().memory.unrated);
        assert_eq!(notices(&server, &town.resident, "expire_rating").await.len(), 1);
    });
}

#[test]
fn a_window_that_ends_after_the_rating_takes_no_step_and_is_not_looked_at_again() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.answered("public").await;
        let case = server.services.receipts.read(&receipt).unwrap();
        town.rated(&receipt, 5, "yes").await;
        // Whoever shares the case may still rate until then.
        let window = clock(&server, case, ClockKind::RatingWindow).await;
        server.clock.set(Timestamp(window.due_at));
        assert_eq!(sweep(&server).await.stepped, 0);
        assert!(running(&server, case, ClockKind::RatingWindow).await.is_none());
        assert!(!case_row(&server, case).await.facts().unwrap().memory.unrated);
    });
}

#[test]
fn an_approval_that_does_not_come_lapses_and_who_asked_is_told_and_may_ask_again() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.accepted("public").await;
        let order = town.dispatch(&receipt).await;
        town.sign_for(&order).await;
        let of_order = |act: &str| format!("/api/v1/staff/orders/{order}/{act}");
        town.handler.post(&of_order("reply"), &town::reply()).await.expect(200);
        let case = server.services.receipts.read(&receipt).unwrap();
        let limit = clock(&server, case, ClockKind::SecondPerson).await;
        server.clock.set(Timestamp(limit.due_at));
        assert_eq!(sweep(&server).await.stepped, 1);
        assert_eq!(
            notices(&server, &town.handler, "expire_request").await,
            ["“提交答复”没有按时审批，申请已取消，可以重新提出。"]
        );
        assert!(notices(&server, &town.resident, "expire_request").await.is_empty());
        let leader = server.staff(Role::UnitLeader, town::UNIT).await;
        leader
            .post(&of_order("reply-signature"), &json!({}))
            .await
            .problem(ProblemCode::ActionNotAllowed);
        let handler = server.staff(Role::UnitHandler, town::UNIT).await;
        handler.post(&of_order("reply"), &town::reply()).await.expect(200);
        leader.post(&of_order("reply-signature"), &json!({})).await.expect(200);
    });
}

#[test]
fn a_demand_that_nobody_judges_in_time_has_the_matter_redone() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.answered("public").await;
        let case = server.services.receipts.read(&receipt).unwrap();
        for _ in 0..2 {
            town.rated(&receipt, 1, "no").await;
            let order = town.order_of(&receipt).await;
            town.replied(&receipt, &order).await;
        }
        town.rated(&receipt, 1, "no").await;
        assert_eq!(
            case_row(&server, case).await.state,
            "replied",
            "the third is judged first"
        );
        let limit = clock(&server, case, ClockKind::JudgeDemand).await;
        server.clock.set(Timestamp(limit.due_at - 1));
        assert_eq!(sweep(&server).await.stepped, 0);
        server.clock.set(Timestamp(limit.due_at));
        assert_eq!(sweep(&server).await.stepped, 1);
        let row = case_row(&server, case).await;
        assert_eq!((row.state.as_str(), row.redo_count, row.cycle), ("handling", 3, 4));
        let told = notices(&server, &town.resident, "expire_judgement").await;
        assert!(
            told.len() == 1 && told[0].starts_with("您不满意，我们重新办理"),
            "{told:?}"
        );
        assert_eq!(
            notices(&server, &town.liaison, "expire_judgement").await,
            ["诉求需要重新办理。"]
        );
    });
}

#[test]
fn a_case_that_cannot_be_done_waits_longer_each_time_and_holds_up_no_other() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13805390001").await;
        let (broken, _) = dispatched(&server, &resident).await;
        let (sound, _) = dispatched(&server, &resident).await;
        let memory = case_row(&server, broken).await.memory;
        set_memory(&server, broken, "not JSON".to_owned()).await;
        let limit = clock(&server, sound, ClockKind::SignFor).await;
        server.clock.set(Timestamp(limit.due_at));
        assert_eq!(sweep(&server).await.stepped, 1);
        let put_off = clock(&server, broken, ClockKind::SignFor).await.wake_at.unwrap();
        assert_eq!(put_off, Timestamp(limit.due_at).plus_minutes(10).0);
        server.clock.set(Timestamp(put_off).plus_minutes(20));
        sweep(&server).await;
        let again = clock(&server, broken, ClockKind::SignFor).await.wake_at.unwrap();
        assert_eq!(
            again,
            Timestamp(put_off).plus_minutes(20 + 30).0,
            "as long again as it is overdue"
        );
        set_memory(&server, broken, memory).await;
        server.clock.set(Timestamp(again));
        assert_eq!(sweep(&server).await.stepped, 1);
        assert_eq!(case_row(&server, broken).await.state, "handling");
    });
}

async fn set_memory(server: &TestServer, case_id: i64, memory: String) {
    use schema::cases::dsl;
    let writer = server.services.database.writer.clone();
    writer
        .write(move |transaction| {
            transaction.change(|connection| {
                diesel::update(dsl::cases.find(case_id))
                    .set(dsl::memory.eq(&memory))
                    .execute(connection)
            })
        })
        .await
        .unwrap();
}

#[test]
fn a_promise_that_is_not_kept_goes_back_to_the_unit_and_rises_to_the_government() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.accepted("public").await;
        let order = town.dispatch(&receipt).await;
        town.sign_for(&order).await;
        let of_order = |act: &str| format!("/api/v1/staff/orders/{order}/{act}");
        let ask = of_order("commitment");
        town.leader.post(&ask, &town.promise()).await.expect(200);
        let approve = of_order("commitment-approval");
        town.inspector.post(&approve, &json!({})).await.expect(200);
        let case = server.services.receipts.read(&receipt).unwrap();
        let promised = clock(&server, case, ClockKind::Promise).await;
        server.clock.set(Timestamp(promised.wake_at.unwrap()));
        assert_eq!(sweep(&server).await.warned, 1);
        assert_eq!(notices(&server, &town.leader, "due_soon").await.len(), 1);
        server.clock.set(Timestamp(promised.due_at - 1));
        assert_eq!(sweep(&server).await.stepped, 0);
        server.clock.set(Timestamp(promised.due_at));
        assert_eq!(sweep(&server).await.stepped, 1);
        assert_eq!(sweep(&server).await.stepped, 0);
        let row = case_row(&server, case).await;
        assert_eq!((row.state.as_str(), row.tier), ("handling", 3));
        assert!(
            running(&server, case, ClockKind::Handle).await.is_some(),
            "a new limit runs"
        );
        assert!(running(&server, case, ClockKind::Promise).await.is_none());
        for actor in [&town.resident, &town.leader] {
            assert_eq!(notices(&server, actor, "break_promise").await.len(), 1);
        }
    });
}

#[test]
fn an_extension_that_nobody_decides_on_is_cancelled_and_its_author_told() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.accepted("public").await;
        let order = town.dispatch(&receipt).await;
        town.sign_for(&order).await;
        let longer = json!({ "working_days": 3, "reason": "灯具要从外地调运。" });
        let path = format!("/api/v1/staff/orders/{order}/extension");
        town.leader.post(&path, &longer).await.expect(200);
        let case = server.services.receipts.read(&receipt).unwrap();
        let limit = clock(&server, case, ClockKind::ExtensionDecision).await;
        server.clock.set(Timestamp(limit.due_at));
        sweep(&server).await;
        assert!(running(&server, case, ClockKind::ExtensionDecision).await.is_none());
        assert_eq!(notices(&server, &town.leader, "expire_request").await.len(), 1);
        assert_eq!(sweep(&server).await.stepped, 0);
        assert_eq!(case_row(&server, case).await.state, "handling");
    });
}

#[test]
fn a_case_is_archived_a_month_after_its_end_under_a_seal_that_shows_every_change() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.answered("public").await;
        town.rated(&receipt, 5, "yes").await;
        let case = server.services.receipts.read(&receipt).unwrap();
        let end = clock(&server, case, ClockKind::Archive).await;
        server.clock.set(Timestamp(end.due_at - 1));
        sweep(&server).await;
        assert_eq!(case_row(&server, case).await.state, "closed");
        server.clock.set(Timestamp(end.due_at));
        assert_eq!(sweep(&server).await.stepped, 1);
        assert_eq!(sweep(&server).await.stepped, 0);
        assert_eq!(case_row(&server, case).await.state, "archived");
        assert_eq!(notices(&server, &town.resident, "archive").await.len(), 1);

        let supervisor = server.staff(Role::HotlineSupervisor, "3713.hotline").await;
        let path = format!("/api/v1/staff/cases/{receipt}");
        let seal = supervisor.get(&path).await.expect(200).value()["seal"].clone();
        assert_eq!(seal["intact"], true, "{seal}");
        let kept: Vec<String> = server
            .services
            .database
            .readers
            .read(|connection| {
                let archived = schema::audit_records::table.filter(schema::audit_records::action.eq("case.archive"));
                let kept = archived.select(schema::audit_records::detail).load(connection);
                kept.map_err(StoreError::from)
            })
            .await
            .unwrap();
        assert!(
            kept.len() == 1 && kept[0].contains(seal["sha256"].as_str().unwrap()),
            "{kept:?}"
        );

        let forged = server.services.database.writer.write(move |transaction| {
            transaction.change(|connection| {
                diesel::update(schema::replies::table.filter(schema::replies::case_id.eq(case)))
                    .set(schema::replies::body.eq("早就修好了。"))
                    .execute(connection)
            })
        });
        forged.await.unwrap();
        let broken = supervisor.get(&path).await.expect(200).value()["seal"].clone();
        assert_eq!((&broken["sha256"], &broken["intact"]), (&seal["sha256"], &json!(false)));
    });
}
