//! The table of tiers over HTTP, cause by cause: which tier each lands on, until when, what its holders may use, what climbs, what
//! skips upwards, and whom the media never hear of. On both databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

mod town;

use api::{
    background::sweep_once,
    city::{City, CityKind, shipped},
};
use serde_json::{Value, json};
use shared::{
    contract::problem::ProblemCode,
    domain::{
        role::Role,
        supervision::{Tier, Tool},
    },
};
use system_tests::server::{TestActor, TestServer, on_both};
use town::{
    HOTLINE, Town, UNIT,
    ladder::{ladder_of, next, steps, supervisions},
};

/// Tier, who holds it, when its answer and its result are due when it opens on Monday, 23 November 2026, and its tools.
type Row = (&'static str, Role, Option<&'static str>, &'static str, &'static [Tool]);

#[rustfmt::skip]
const TABLE: [Row; 5] = [
    ("hotline", Role::HotlineSupervisor, None, "2026-11-27", // 24, 25, 26
        &[Tool::Reminder, Tool::Call, Tool::Meeting, Tool::Redo]),
    ("media", Role::MediaSupervisor, Some("2026-11-27"), "2026-12-04", // 24 to 27, 30 November, 1, 2, 3 December
        &[Tool::Visit, Tool::Article, Tool::Film, Tool::UnitReply, Tool::LookBack]),
    ("government", Role::GovernmentInspector, Some("2026-11-27"), "2026-12-08", // … 4, 7
        &[Tool::SupervisionOrder, Tool::NamedLeader, Tool::Plan, Tool::SiteMeeting, Tool::Designation]),
    ("deputies", Role::DeputyOffice, None, "2026-12-15", // … 8 to 11, 14
        &[Tool::Inspection, Tool::Hearing, Tool::Vote]),
    ("discipline", Role::DisciplineOfficer, None, "2026-12-08",
        &[Tool::File]),
];

/// What a supervisor names, and the tier that it opens from nothing.
const BY_HAND: [(&str, &str); 11] = [
    ("public_interest", "media"),
    ("several_units", "government"),
    ("cluster", "government"),
    ("needs_policy", "deputies"),
    ("city_wide", "deputies"),
    ("repeated_complaints", "discipline"),
    ("false_closing", "discipline"),
    ("identity_leaked", "discipline"),
    ("retaliation", "discipline"),
    ("pressure", "discipline"),
    ("duty_crime", "discipline"),
];

async fn supervise(actor: &TestActor, receipt: &str, cause: &str) {
    let path = format!("/api/v1/staff/cases/{receipt}/supervision");
    let why = json!({ "cause": cause, "reason": "多位居民来电反映，影响出行安全。" });
    actor.post(&path, &why).await.expect(200);
}

fn id_of(town: &Town, receipt: &str) -> i64 {
    town.server.services.receipts.read(receipt).unwrap()
}

/// A case that is accepted as `acceptance` says.
async fn accepted_as(town: &Town, visibility: &str, acceptance: &Value) -> String {
    let receipt = town.submitted(visibility).await;
    let path = format!("/api/v1/staff/cases/{receipt}/accept");
    town.clerk.post(&path, acceptance).await.expect(200);
    receipt
}

fn acceptance_with(field: &str, value: Value) -> Value {
    let mut acceptance = town::acceptance();
    acceptance[field] = value;
    acceptance
}

/// Lets time pass until so many tiers took the case up.
async fn left_alone(server: &TestServer, case: i64, tiers: usize) {
    while supervisions(server, case).await.len() < tiers {
        next(server, case).await.unwrap();
    }
}

#[test]
fn a_cause_that_a_person_names_opens_the_tier_of_the_table_at_once() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        for (cause, tier) in BY_HAND {
            let receipt = town.accepted("public").await;
            supervise(&town.supervisor, &receipt, cause).await;
            let opened = ladder_of(&server, id_of(&town, &receipt)).await;
            assert_eq!(opened, steps(&[(tier, cause)]));
        }
    });
}

#[test]
fn each_higher_tier_has_its_holder_its_dues_and_its_tools_and_no_others() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let causes = ["public_interest", "several_units", "city_wide", "duty_crime"];
        for ((tier, owner, answer, result, tools), cause) in TABLE.into_iter().skip(1).zip(causes) {
            let receipt = town.accepted("public").await;
            supervise(&town.supervisor, &receipt, cause).await;
            let holder = server.staff(owner, HOTLINE).await;
            let id = town.supervision_of(&receipt, &holder, tier).await;
            let path = format!("/api/v1/staff/supervisions/{id}");
            let shown = holder.get(&path).await.expect(200).value();
            let midnight = |day: &str| json!(format!("{day}T00:00:00+08:00"));
            assert_eq!(shown["due"], midnight(result), "{tier}");
            assert_eq!(shown.get("answer_due").cloned(), answer.map(midnight), "{tier}");
            uses(&holder, &path, tools).await;
        }
    });
}

/// The holder uses every tool of the tier, and none of another's.
async fn uses(holder: &TestActor, path: &str, tools: &[Tool]) {
    for tool in Tool::ALL {
        let used = json!({ "tool": tool, "note": "已经联系各方。", "leader": "王建国（副市长）" });
        let answer = holder.post(&format!("{path}/actions"), &used).await;
        if tools.contains(tool) {
            answer.expect(204);
        } else {
            answer.problem(ProblemCode::Invalid);
        }
    }
}

#[test]
fn the_hotline_has_three_working_days_and_its_own_tools() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.answered("public").await;
        town.rated(&receipt, 2, "no").await;
        let (tier, _, _, result, tools) = TABLE[0];
        let id = town.supervision_of(&receipt, &town.supervisor, tier).await;
        let path = format!("/api/v1/staff/supervisions/{id}");
        let shown = town.supervisor.get(&path).await.expect(200).value();
        assert_eq!(shown["due"], format!("{result}T00:00:00+08:00"));
        uses(&town.supervisor, &path, tools).await;
    });
}

#[test]
fn an_emergency_that_is_late_goes_straight_to_the_government() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let expected = steps(&[("government", "emergency_late")]);
        let mut fire = town.lamp("public");
        fire["text"] = json!("三单元楼道着火，有人被困在五楼，烟很大。");
        let sent = town.resident.post("/api/v1/cases", &fire).await.expect(201).value();
        let waiting = id_of(&town, sent["receipt_no"].as_str().unwrap());
        let urgent = acceptance_with("urgency", json!("emergency"));
        let unsigned = accepted_as(&town, "public", &urgent).await;
        town.dispatch(&unsigned).await;
        let silent = accepted_as(&town, "public", &urgent).await;
        let order = town.dispatch(&silent).await;
        town.sign_for(&order).await;
        server.clock.advance_minutes(15);
        sweep_once(&server.services).await.unwrap();
        assert_eq!(
            ladder_of(&server, waiting).await,
            expected,
            "not accepted in a quarter of an hour"
        );
        assert_eq!(
            ladder_of(&server, id_of(&town, &unsigned)).await,
            expected,
            "not signed for"
        );
        assert_eq!(ladder_of(&server, id_of(&town, &silent)).await, []);
        server.clock.advance_minutes(45);
        sweep_once(&server.services).await.unwrap();
        assert_eq!(
            ladder_of(&server, id_of(&town, &silent)).await,
            expected,
            "nobody was contacted"
        );
    });
}

#[test]
fn confidential_and_minors_matters_climb_past_the_media() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let minor = acceptance_with("concerns_minor", json!(true));
        let children = acceptance_with("category", json!("welfare.children"));
        let guarded = [
            accepted_as(&town, "confidential", &town::acceptance()).await,
            accepted_as(&town, "public", &minor).await,
            accepted_as(&town, "public", &children).await,
        ];
        let plain = town.accepted("public").await;
        for receipt in guarded {
            left_alone(&server, id_of(&town, &receipt), 2).await;
            let climbed = ladder_of(&server, id_of(&town, &receipt)).await;
            assert_eq!(climbed, steps(&[("hotline", "late"), ("government", "tier_failed")]));
        }
        left_alone(&server, id_of(&town, &plain), 2).await;
        let climbed = ladder_of(&server, id_of(&town, &plain)).await;
        assert_eq!(climbed, steps(&[("hotline", "late"), ("media", "tier_failed")]));
    });
}

#[test]
fn a_second_dissatisfied_rating_of_what_is_not_public_goes_to_the_government() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.answered("confidential").await;
        town.rated(&receipt, 1, "no").await;
        let order = town.order_of(&receipt).await;
        town.replied(&receipt, &order).await;
        town.rated(&receipt, 2, "no").await;
        let opened = ladder_of(&server, id_of(&town, &receipt)).await;
        assert_eq!(
            opened,
            steps(&[("hotline", "dissatisfied"), ("government", "dissatisfied_twice")])
        );
    });
}

#[test]
fn a_violation_report_climbs_for_silence_and_never_for_an_unwelcome_result() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let violation = acceptance_with("kind", json!("violation_report"));
        let receipt = accepted_as(&town, "confidential", &violation).await;
        let order = town.dispatch(&receipt).await;
        town.sign_for(&order).await;
        town.replied(&receipt, &order).await;
        for _ in 0..2 {
            town.rated(&receipt, 1, "no").await;
            let order = town.order_of(&receipt).await;
            town.replied(&receipt, &order).await;
        }
        assert_eq!(ladder_of(&server, id_of(&town, &receipt)).await, []);

        let silent = accepted_as(&town, "confidential", &violation).await;
        let order = town.dispatch(&silent).await;
        town.sign_for(&order).await;
        left_alone(&server, id_of(&town, &silent), 1).await;
        assert_eq!(
            ladder_of(&server, id_of(&town, &silent)).await,
            steps(&[("hotline", "silent")])
        );
    });
}

#[test]
fn three_more_complaints_of_a_matter_that_was_redone_go_to_the_task_force() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.accepted("public").await;
        let me_too = format!("/api/v1/cases/{receipt}/me-too");
        let join = async |phone: &str| {
            let neighbour = server.citizen(phone).await;
            neighbour.post(&me_too, &json!({})).await.expect(201);
        };
        for phone in ["13853900041", "13853900042", "13853900043"] {
            join(phone).await;
        }
        let case = id_of(&town, &receipt);
        assert_eq!(ladder_of(&server, case).await, [], "nobody was dissatisfied yet");
        let order = town.dispatch(&receipt).await;
        town.sign_for(&order).await;
        town.replied(&receipt, &order).await;
        town.rated(&receipt, 1, "no").await;
        join("13853900044").await;
        join("13853900045").await;
        assert_eq!(ladder_of(&server, case).await, steps(&[("hotline", "dissatisfied")]));
        let again = town.accepted("public").await;
        let same = json!({ "primary": receipt, "reason": "同一段路的路灯。" });
        let merge = format!("/api/v1/staff/cases/{again}/merge");
        town.dispatcher.post(&merge, &same).await.expect(200);
        let expected = steps(&[("hotline", "dissatisfied"), ("discipline", "repeated_complaints")]);
        assert_eq!(ladder_of(&server, case).await, expected);
    });
}

/// A city with one figure of its data changed.
fn with_figure(server: &TestServer, kind: CityKind, figure: &str, changed: &str) {
    let mut contents = shipped::contents();
    let data = contents.get_mut(&kind).unwrap();
    assert!(data.contains(figure), "{figure}");
    *data = data.replace(figure, changed);
    server.services.city.replace(City::from_content(&contents).unwrap());
}

/// Two redos at the requester's word, and a third that a reviewer finds reasonable.
async fn dissatisfied_thrice(town: &Town, receipt: &str) {
    for _ in 0..2 {
        town.rated(receipt, 1, "no").await;
        let order = town.order_of(receipt).await;
        town.replied(receipt, &order).await;
    }
    town.rated(receipt, 1, "no").await;
    let verdict = json!({ "reasonable": true, "reason": "到现场看过，灯是灭的。" });
    let judge = format!("/api/v1/staff/cases/{receipt}/demand-judgement");
    town.reviewer.post(&judge, &verdict).await.expect(200);
}

#[test]
fn three_units_that_return_a_case_four_times_have_it_at_the_task_force() {
    on_both(async |server: TestServer| {
        // Units may return a case more often before one of them is named for good.
        let (figure, changed) = ("dispatches_until_designation = 3", "dispatches_until_designation = 9");
        with_figure(&server, CityKind::Deadlines, figure, changed);
        let town = Town::found(&server).await;
        let receipt = town.accepted("public").await;
        let case = id_of(&town, &receipt);
        let units = [UNIT, "3713.water", "3713.civil", UNIT];
        let expected: [&[(&str, &str)]; 4] = [
            &[],
            &[("hotline", "returned_twice")],
            &[("hotline", "returned_twice"), ("government", "dispatched_thrice")],
            &[
                ("hotline", "returned_twice"),
                ("government", "dispatched_thrice"),
                ("discipline", "returned_widely"),
            ],
        ];
        for (unit, expected) in units.into_iter().zip(expected) {
            let to = json!({ "lead": unit, "reason": "请核实职责后办理。" });
            let path = format!("/api/v1/staff/cases/{receipt}/dispatch");
            let given = town.dispatcher.post(&path, &to).await.expect(200).value();
            let order = given["order_id"].as_str().unwrap().to_owned();
            let of_order = |act: &str| format!("/api/v1/staff/orders/{order}/{act}");
            let leader = server.staff(Role::UnitLeader, unit).await;
            let basis = json!({ "legal_basis": "三定方案", "reason": "这段路没有移交给我们。" });
            leader.post(&of_order("return"), &basis).await.expect(200);
            assert_eq!(ladder_of(&server, case).await, steps(expected));
            let reason = json!({ "reason": "查过移交清单了。" });
            let approve = of_order("return-approval");
            town.other_dispatcher.post(&approve, &reason).await.expect(200);
        }
    });
}

#[test]
fn a_negative_vote_a_look_back_and_a_third_reasonable_demand_take_the_matter_one_tier_on() {
    on_both(async |server: TestServer| {
        // Else three redos and two supervisions are enough for the fifth.
        let (figure, changed) = ("redos_and_supervisions = 5", "redos_and_supervisions = 50");
        with_figure(&server, CityKind::Ladder, figure, changed);
        let town = Town::found(&server).await;
        let office = server.staff(Role::DeputyOffice, HOTLINE).await;
        let voted = town.accepted("public").await;
        supervise(&town.supervisor, &voted, "needs_policy").await;
        supervise(&office, &voted, "vote_negative").await;
        let climbed = ladder_of(&server, id_of(&town, &voted)).await;
        assert_eq!(
            climbed,
            steps(&[("deputies", "needs_policy"), ("discipline", "vote_negative")])
        );
        let looked_at = town.accepted("public").await;
        supervise(&town.supervisor, &looked_at, "public_interest").await;
        supervise(&town.supervisor, &looked_at, "look_back_undone").await;
        let climbed = ladder_of(&server, id_of(&town, &looked_at)).await;
        assert_eq!(
            climbed,
            steps(&[("media", "public_interest"), ("government", "look_back_undone")])
        );
        let demanded = town.answered("public").await;
        supervise(&town.supervisor, &demanded, "several_units").await;
        dissatisfied_thrice(&town, &demanded).await;
        let climbed = ladder_of(&server, id_of(&town, &demanded)).await;
        assert_eq!(
            climbed,
            steps(&[("government", "several_units"), ("deputies", "dissatisfied_thrice")])
        );
    });
}

#[test]
fn what_the_task_force_has_it_ends_itself_although_the_matter_is_put_right() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.answered("public").await;
        let case = id_of(&town, &receipt);
        dissatisfied_thrice(&town, &receipt).await;
        let order = town.order_of(&receipt).await;
        town.replied(&receipt, &order).await;
        town.rated(&receipt, 5, "yes").await;
        let held = supervisions(&server, case).await.pop().unwrap();
        assert_eq!(
            (held.tier.as_str(), held.cause.as_str()),
            (Tier::Discipline.as_str(), "too_many")
        );
        server.clock.set(shared::domain::time::Timestamp(held.due_at));
        sweep_once(&server.services).await.unwrap();
        let still = supervisions(&server, case).await.pop().unwrap();
        assert_eq!((still.id, still.result), (held.id, None));
    });
}
