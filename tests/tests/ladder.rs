//! The five tiers over time: a case that everybody leaves alone climbs by itself at dates computed by hand, and each cause lands
//! on the tier that the table names; on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may end where its premise fails"
)]

mod reports;
mod town;

use api::{
    background::sweep_once,
    database::StoreError,
    stores::case_store::{CaseRow, get_case},
};
use serde_json::json;
use shared::domain::{
    case::{CaseKind, Visibility},
    role::Role,
    time::Timestamp,
};
use system_tests::server::{TestActor, TestServer, on_both, on_both_from};
use town::{
    HOTLINE, Town, UNIT,
    ladder::{at, inbox, ladder_of, next, steps, supervisions},
};

async fn case_row(server: &TestServer, id: i64) -> CaseRow {
    let readers = &server.services.database.readers;
    readers
        .read(move |connection| get_case(connection, id).map_err(StoreError::from))
        .await
        .unwrap()
}

/// Everybody who holds a tier, the lowest first.
async fn holders(server: &TestServer) -> Vec<TestActor> {
    let mut holders = Vec::new();
    for role in [
        Role::HotlineSupervisor,
        Role::MediaSupervisor,
        Role::GovernmentInspector,
        Role::DeputyOffice,
        Role::DisciplineOfficer,
    ] {
        holders.push(server.staff(role, HOTLINE).await);
    }
    holders
}

/// Opened at, tier, cause, due. Sent in on Thursday, 12 February 2026, to be accepted by the end of Friday the 13th. The Spring
/// Festival lasts from Sunday the 15th to Monday the 23rd, and the Saturdays 14 and 28 February are worked; Qingming is off
/// from Saturday, 4 to Monday, 6 April, and 1 to 5 May.
const CLIMB: [(&str, &str, &str, &str); 5] = [
    // Red card at the opening of the worked Saturday; the 24th, 25th and 26th.
    ("2026-02-14 08:30", "hotline", "late", "2026-02-27 00:00"),
    // The worked Saturday, Monday 2 to Friday 6, the 9th and the 10th.
    ("2026-02-27 00:00", "media", "tier_failed", "2026-03-11 00:00"),
    // 12, 13, 16 to 20, 23, 24, 25 March.
    ("2026-03-11 00:00", "government", "tier_failed", "2026-03-26 00:00"),
    // 27, 30, 31 March, 1, 2, 3, 7 to 10, 13 to 17 April.
    ("2026-03-26 00:00", "deputies", "tier_failed", "2026-04-18 00:00"),
    // 20 to 24, 27 to 30 April, 6 May.
    ("2026-04-18 00:00", "discipline", "tier_failed", "2026-05-07 00:00"),
];

#[test]
fn a_case_left_alone_by_everybody_climbs_from_the_first_tier_to_the_fifth_and_its_requester_reads_the_story() {
    on_both_from(at("2026-02-12 10:00"), async |server: TestServer| {
        let resident = server.citizen("13805390001").await;
        let holders = holders(&server).await;
        let case = reports::submit(&server, &resident, reports::lamp()).await;
        let mut opened = Vec::new();
        while let Some(now) = next(&server, case).await {
            let rows = supervisions(&server, case).await;
            opened.extend(rows.iter().skip(opened.len()).map(|row| (now, row.clone())));
            assert!(now < at("2026-06-01 00:00"), "it comes to rest");
        }
        assert_eq!(opened.len(), CLIMB.len());
        for ((moment, row), (opening, tier, cause, due)) in opened.iter().zip(CLIMB) {
            assert_eq!(
                (*moment, row.tier.as_str(), row.cause.as_str()),
                (at(opening), tier, cause)
            );
            assert_eq!(Timestamp(row.due_at), at(due), "{tier}");
            assert_eq!(row.policy_version, "linyi-2026.1");
        }
        let rows = supervisions(&server, case).await;
        let results: Vec<_> = rows.iter().map(|row| row.result.as_deref()).collect();
        let climbed = Some("climbed");
        assert_eq!(
            results,
            [climbed, climbed, climbed, climbed, None],
            "the fifth stays open"
        );
        assert_eq!(
            rows[1].answer_due_at,
            Some(at("2026-03-04 00:00").0),
            "28 February, 2 and 3 March"
        );
        let row = case_row(&server, case).await;
        assert_eq!(
            (row.tier, row.state.as_str()),
            (5, "submitted"),
            "the case keeps its own state"
        );

        assert_eq!(
            inbox(&server, &resident, "supervise").await,
            [
                "您的诉求升为一级督办（热线督办），原因是到期没有办好。由热线督办员负责，最晚2月26日有结果。",
                "您的诉求升为二级督办（媒体督办），原因是上一级督办没有办好。由媒体督办员负责，最晚3月10日有结果。",
                "您的诉求升为三级督办（政务督办），原因是上一级督办没有办好。由政务督查员负责，最晚3月25日有结果。",
                "您的诉求升为四级督办（人大政协督办），原因是上一级督办没有办好。由代表委员联络机构负责，最晚4月17日有结果。",
                "您的诉求升为五级督办（纪委督办），原因是上一级督办没有办好。由纪检监察员负责，最晚5月6日有结果。",
            ]
        );
        for holder in &holders {
            assert_eq!(
                inbox(&server, holder, "supervise").await.len(),
                1,
                "each tier is told once"
            );
            assert!(!inbox(&server, holder, "due_soon").await.is_empty(), "and reminded");
        }
        assert_eq!(
            inbox(&server, &holders[4], "overdue").await,
            ["督办件已经超期，请马上给出结果。"]
        );
        let path = format!("/api/v1/public/cases/{}", reports::receipt(&server, case));
        let shown = server.anonymous().get(&path).await.expect(200).value();
        assert_eq!(shown["tier"], 5);
        let path = format!("/api/v1/cases/{}", reports::receipt(&server, case));
        let resident = server.citizen("13805390001").await;
        let own = resident.get(&path).await.expect(200).value();
        assert_eq!(
            own["supervisions"], shown["supervisions"],
            "everybody reads the same ladder"
        );
        let desk = server.staff(Role::HotlineSupervisor, "3713.hotline").await;
        let path = format!("/api/v1/staff/cases/{}", reports::receipt(&server, case));
        let worked_on = desk.get(&path).await.expect(200).value();
        assert_eq!(worked_on["supervisions"], own["supervisions"], "staff too");
        let rungs: Vec<_> = own["supervisions"].as_array().unwrap().iter().map(rung).collect();
        assert_eq!(
            rungs,
            [
                "热线督办，到期没有办好，热线督办员，已提级",
                "媒体督办，上一级督办没有办好，媒体督办员，已提级",
                "政务督办，上一级督办没有办好，政务督查员，已提级",
                "人大政协督办，上一级督办没有办好，代表委员联络机构，已提级",
                "纪委督办，上一级督办没有办好，纪检监察员，",
            ]
        );
    });
}

/// A supervision as a page says it: tier, cause, holder, result.
fn rung(supervision: &serde_json::Value) -> String {
    let word = |field: &str| supervision[field].as_str().unwrap_or_default();
    let words = ["tier_name", "cause_name", "owner_name", "result_name"].map(word);
    words.join("，")
}

#[test]
fn after_an_outage_of_months_one_tier_opens_and_its_days_count_from_then() {
    on_both_from(at("2026-02-12 10:00"), async |server: TestServer| {
        let resident = server.citizen("13805390001").await;
        let case = reports::submit(&server, &resident, reports::lamp()).await;
        server.clock.set(at("2026-04-08 12:00"));
        for _ in 0..3 {
            sweep_once(&server.services).await.unwrap();
        }
        let rows = supervisions(&server, case).await;
        assert_eq!(rows.len(), 1);
        assert_eq!(Timestamp(rows[0].due_at), at("2026-04-14 00:00"), "9, 10 and 13 April");
        assert_eq!(inbox(&server, &resident, "supervise").await.len(), 1);
    });
}

#[test]
fn a_violation_report_passes_the_media_by() {
    on_both_from(at("2026-03-02 10:00"), async |server: TestServer| {
        let resident = server.citizen("13805390001").await;
        let mut report = reports::lamp();
        report.kind = Some(CaseKind::ViolationReport);
        report.visibility = Some(Visibility::Confidential);
        let case = reports::submit(&server, &resident, report).await;
        while supervisions(&server, case).await.len() < 2 {
            next(&server, case).await.unwrap();
        }
        assert_eq!(
            ladder_of(&server, case).await,
            steps(&[("hotline", "late"), ("government", "tier_failed")])
        );
    });
}

#[test]
fn an_order_that_is_neither_signed_for_nor_contacted_is_taken_up_once_and_let_go_when_the_unit_works() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.accepted("public").await;
        let order = town.dispatch(&receipt).await;
        let case = server.services.receipts.read(&receipt).unwrap();
        while supervisions(&server, case).await.is_empty() {
            next(&server, case).await.unwrap();
        }
        assert_eq!(
            ladder_of(&server, case).await,
            steps(&[("hotline", "unsigned")]),
            "the silence is held by it too"
        );
        // Days have passed: everybody signs in anew.
        let of_order = |act: &str| format!("/api/v1/staff/orders/{order}/{act}");
        let handler = server.staff(Role::UnitHandler, UNIT).await;
        let contact = json!({ "how": "phone", "note": "约好今晚到现场。" });
        handler.post(&of_order("contact"), &contact).await.expect(200);
        handler.post(&of_order("reply"), &town::reply()).await.expect(200);
        let leader = server.staff(Role::UnitLeader, UNIT).await;
        leader.post(&of_order("reply-signature"), &json!({})).await.expect(200);
        let reviewer = server.staff(Role::Reviewer, HOTLINE).await;
        let release = format!("/api/v1/staff/cases/{receipt}/reply-release");
        reviewer.post(&release, &json!({})).await.expect(200);
        while supervisions(&server, case).await[0].result.is_none() {
            next(&server, case).await.unwrap();
        }
        let ended = &supervisions(&server, case).await[0];
        assert_eq!((ended.result.as_deref(), ended.closed_by), (Some("settled"), None));
        assert_eq!(
            inbox(&server, &town.resident, "end_supervision").await,
            ["热线督办有了结果：督办到位。"]
        );
        assert_eq!(case_row(&server, case).await.tier, 1, "the tier does not fall");
    });
}

#[test]
fn dissatisfied_ratings_open_the_first_and_second_tier_and_the_third_reasonable_one_the_fifth() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.answered("public").await;
        let case = server.services.receipts.read(&receipt).unwrap();
        town.rated(&receipt, 1, "no").await;
        assert_eq!(ladder_of(&server, case).await, steps(&[("hotline", "dissatisfied")]));
        let order = town.order_of(&receipt).await;
        town.replied(&receipt, &order).await;
        town.rated(&receipt, 2, "partly").await;
        assert_eq!(
            ladder_of(&server, case).await,
            steps(&[("hotline", "dissatisfied"), ("media", "dissatisfied_twice")])
        );
        let order = town.order_of(&receipt).await;
        town.replied(&receipt, &order).await;
        town.rated(&receipt, 1, "no").await;
        assert_eq!(ladder_of(&server, case).await.len(), 2, "the third is judged first");
        let verdict = json!({ "reasonable": true, "reason": "到现场看过，灯是灭的。" });
        let path = format!("/api/v1/staff/cases/{receipt}/demand-judgement");
        town.reviewer.post(&path, &verdict).await.expect(200);
        let last = ladder_of(&server, case).await.pop();
        assert_eq!(
            last,
            steps(&[("discipline", "too_many")]).pop(),
            "three redos and two tiers"
        );
    });
}

#[test]
fn the_second_return_opens_the_first_tier_and_the_third_dispatch_the_third() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.accepted("public").await;
        let case = server.services.receipts.read(&receipt).unwrap();
        let basis = json!({ "legal_basis": "三定方案", "reason": "这段路没有移交给我们。" });
        let reason = json!({ "reason": "查过移交清单了。" });
        for returns in 1..=2 {
            let order = town.dispatch(&receipt).await;
            let of_order = |act: &str| format!("/api/v1/staff/orders/{order}/{act}");
            town.leader.post(&of_order("return"), &basis).await.expect(200);
            let expected: &[_] = if returns == 1 {
                &[]
            } else {
                &[("hotline", "returned_twice")]
            };
            assert_eq!(ladder_of(&server, case).await, steps(expected));
            town.other_dispatcher
                .post(&of_order("return-approval"), &reason)
                .await
                .expect(200);
        }
        town.dispatch(&receipt).await;
        assert_eq!(
            ladder_of(&server, case).await,
            steps(&[("hotline", "returned_twice"), ("government", "dispatched_thrice")])
        );
    });
}
