//! What the holders of the five tiers do over HTTP: open by hand, use their tools, ask for more time, say how it ended; and who
//! may not know of it. On both databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

mod town;

use serde_json::{Value, json};
use shared::{
    contract::problem::ProblemCode,
    domain::{
        deadline::ClockKind,
        role::{Grant, Role},
    },
};
use system_tests::server::{TestActor, TestAnswer, TestServer, on_both};
use town::{HOTLINE, Town, UNIT};

async fn supervise(actor: &TestActor, receipt: &str, cause: &str) -> TestAnswer {
    let path = format!("/api/v1/staff/cases/{receipt}/supervision");
    let why = json!({ "cause": cause, "reason": "多位居民来电反映，影响出行安全。" });
    actor.post(&path, &why).await
}

async fn act(actor: &TestActor, id: &str, what: &str, body: Value) -> TestAnswer {
    actor
        .post(&format!("/api/v1/staff/supervisions/{id}/{what}"), &body)
        .await
}

async fn shown(actor: &TestActor, id: &str) -> Value {
    let path = format!("/api/v1/staff/supervisions/{id}");
    actor.get(&path).await.expect(200).value()
}

/// The sentences that the requester reads about supervision.
async fn story(town: &Town, receipt: &str) -> Vec<String> {
    let path = format!("/api/v1/cases/{receipt}");
    let case = town.resident.get(&path).await.expect(200).value();
    let events = case["timeline"].as_array().unwrap();
    let about = events
        .iter()
        .filter(|event| event["action"].as_str().unwrap().contains("supervis"));
    about
        .map(|event| event["sentence"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn the_media_desk_works_with_its_tools_and_the_answer_of_the_unit_ends_the_wait_for_it() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let desk = server.staff(Role::MediaSupervisor, HOTLINE).await;
        let receipt = town.accepted("public").await;
        supervise(&town.supervisor, &receipt, "public_interest")
            .await
            .expect(200);
        let id = town.supervision_of(&receipt, &desk, "media").await;
        let fresh = shown(&desk, &id).await;
        assert_eq!(
            (&fresh["tier_name"], &fresh["due_state"]),
            (&json!("媒体督办"), &json!("ok"))
        );
        assert!(fresh["number"].as_str().unwrap().starts_with('督'));
        assert!(fresh["answer_due"].as_str().unwrap() < fresh["due"].as_str().unwrap());

        let article = json!({
            "tool": "article", "note": "《健康路的灯什么时候亮》已刊发。", "evidence": ["https://news.example/2026/11/lamp"]
        });
        act(&desk, &id, "actions", article).await.expect(204);
        let reply = json!({ "tool": "unit_reply", "note": "住建局书面答复：本周五前换线。" });
        act(&desk, &id, "actions", reply).await.expect(204);
        let now = shown(&desk, &id).await;
        assert!(now.get("answer_due").is_none() && now["answered_at"].is_string());
        let tools: Vec<_> = now["actions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|act| &act["tool_name"])
            .collect();
        assert_eq!(tools, ["公开报道", "单位答复"]);
        assert_eq!(now["actions"][0]["evidence"][0], "https://news.example/2026/11/lamp");

        let path = format!("/api/v1/staff/cases/{receipt}");
        let case = desk.get(&path).await.expect(200).value();
        let clocks = case["clocks"].as_array().unwrap();
        let runs = |kind: ClockKind| clocks.iter().any(|clock| clock["kind"] == kind.as_str());
        assert!(runs(ClockKind::Supervision) && !runs(ClockKind::SupervisionAnswer));

        let foreign = json!({ "tool": "file", "note": "立卷。" });
        act(&desk, &id, "actions", foreign).await.problem(ProblemCode::Invalid);
        let script = json!({ "tool": "article", "note": "链接", "evidence": ["javascript:alert(1)"] });
        act(&desk, &id, "actions", script).await.problem(ProblemCode::Invalid);
    });
}

#[test]
fn a_supervision_is_postponed_once_with_a_reason_and_a_second_persons_consent() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.accepted("public").await;
        supervise(&town.supervisor, &receipt, "several_units").await.expect(200);
        let id = town.supervision_of(&receipt, &town.inspector, "government").await;
        let before = shown(&town.inspector, &id).await["due"].clone();
        let more = |days: u16| json!({ "working_days": days, "reason": "电缆要从外地调。" });
        act(&town.inspector, &id, "postponement", more(6))
            .await
            .problem(ProblemCode::Invalid);
        act(&town.supervisor, &id, "postponement", more(3))
            .await
            .problem(ProblemCode::Forbidden);
        act(&town.inspector, &id, "postponement", more(3)).await.expect(204);
        let consent = json!({ "granted": true, "reason": "情况属实。" });
        act(&town.inspector, &id, "postponement-decision", consent.clone())
            .await
            .problem(ProblemCode::ActionNotAllowed);
        assert_eq!(shown(&town.supervisor, &id).await["postponement"]["for_you"], true);
        act(&town.supervisor, &id, "postponement-decision", consent)
            .await
            .expect(204);
        let after = shown(&town.inspector, &id).await["due"].clone();
        // Opened on Monday, 23 November: until 7 December; then the 8th, 9th and 10th.
        assert_eq!(
            (&before, &after),
            (&json!("2026-12-08T00:00:00+08:00"), &json!("2026-12-11T00:00:00+08:00"))
        );
        act(&town.inspector, &id, "postponement", more(1))
            .await
            .problem(ProblemCode::ActionNotAllowed);
        assert_eq!(
            story(&town, &receipt).await,
            [
                "您的诉求升为三级督办（政务督办），原因是涉及多个单位。由政务督查员负责，最晚12月7日有结果。",
                "督办的期限经批准延长了，最晚12月10日有结果。",
            ]
        );
    });
}

#[test]
fn a_failed_supervision_goes_to_the_next_tier_and_a_settled_one_ends() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let office = server.staff(Role::DeputyOffice, HOTLINE).await;
        let receipt = town.accepted("public").await;
        supervise(&town.supervisor, &receipt, "several_units").await.expect(200);
        let id = town.supervision_of(&receipt, &town.inspector, "government").await;
        let leader = json!({ "tool": "named_leader", "note": "由分管副市长包案。" });
        act(&town.inspector, &id, "actions", leader.clone())
            .await
            .problem(ProblemCode::Invalid);
        let mut named = leader;
        named["leader"] = json!("王建国（副市长）");
        act(&town.inspector, &id, "actions", named).await.expect(204);
        assert_eq!(shown(&town.inspector, &id).await["leader"], "王建国（副市长）");

        let failed = json!({ "result": "failed", "text": "三家对产权有争议，需要出台移交办法。" });
        act(&town.inspector, &id, "result", failed.clone()).await.expect(204);
        assert_eq!(shown(&town.inspector, &id).await["result"], "failed");
        act(&town.inspector, &id, "result", failed)
            .await
            .problem(ProblemCode::ActionNotAllowed);
        let next = town.supervision_of(&receipt, &office, "deputies").await;
        assert_eq!(shown(&office, &next).await["cause"], "tier_failed");
        let settled = json!({ "result": "settled", "text": "测评通过：12 票满意，1 票不满意。" });
        act(&office, &next, "result", settled).await.expect(204);
        let told = story(&town, &receipt).await;
        assert!(told[1].starts_with("您的诉求升为四级督办（人大政协督办）"), "{told:?}");
        assert_eq!(told[2], "人大政协督办有了结果：督办到位。");
        let view = town.view(&receipt).await;
        assert_eq!((&view["tier"], &view["state"]), (&json!(4), &json!("accepted")));
    });
}

#[test]
fn a_matter_is_not_settled_while_somebody_is_late_with_it() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.accepted("public").await;
        let order = town.dispatch(&receipt).await;
        town.sign_for(&order).await;
        server.clock.advance_minutes(3 * 24 * 60);
        let inspector = server.staff(Role::GovernmentInspector, HOTLINE).await;
        supervise(&inspector, &receipt, "several_units").await.expect(200);
        let id = town.supervision_of(&receipt, &inspector, "government").await;
        let settled = json!({ "result": "settled", "text": "单位说已经在办。" });
        let refused = act(&inspector, &id, "result", settled).await;
        assert_eq!(
            refused.value()["reason"],
            "still_late",
            "nobody has contacted the requester"
        );
    });
}

#[test]
fn the_closed_file_is_read_by_the_task_force_alone_and_only_its_class_comes_out() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let officer = server.staff(Role::DisciplineOfficer, HOTLINE).await;
        let receipt = town.answered("public").await;
        supervise(&town.supervisor, &receipt, "identity_leaked")
            .await
            .expect(200);
        let id = town.supervision_of(&receipt, &officer, "discipline").await;
        let path = format!("/api/v1/staff/supervisions/{id}");
        for other in [&town.supervisor, &town.inspector, &town.leader] {
            other.get(&path).await.problem(ProblemCode::NotFound);
            let note = json!({ "tool": "file", "note": "立卷。" });
            act(other, &id, "actions", note).await.problem(ProblemCode::NotFound);
        }
        town.inspector
            .get("/api/v1/staff/supervisions?tier=discipline")
            .await
            .problem(ProblemCode::Forbidden);
        let note = json!({ "tool": "file", "note": "约谈经办人，调取通话记录。" });
        act(&officer, &id, "actions", note).await.expect(204);
        let decided = json!({ "result": "yellow_card", "text": "对经办人进行约谈提醒。" });
        act(&officer, &id, "result", decided).await.expect(204);
        let told = story(&town, &receipt).await;
        assert!(
            told[0].starts_with("您的诉求升为五级督办（纪委督办）。由纪检监察员负责"),
            "{told:?}"
        );
        assert_eq!(told[1], "纪委督办有了结果：约谈提醒。");
        let seen = [
            town.leader
                .get(&format!("/api/v1/staff/cases/{receipt}"))
                .await
                .expect(200),
            server
                .anonymous()
                .get(&format!("/api/v1/public/cases/{receipt}"))
                .await
                .expect(200),
        ];
        for answer in seen {
            let text = String::from_utf8(answer.body).unwrap();
            for secret in ["identity_leaked", "泄露", "通话记录", "经办人"] {
                assert!(!text.contains(secret), "{secret}: {text}");
            }
        }
    });
}

#[test]
fn a_supervisor_opens_what_a_person_finds_and_nothing_twice_and_the_media_only_with_consent() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.accepted("public").await;
        supervise(&town.supervisor, &receipt, "late")
            .await
            .problem(ProblemCode::Invalid);
        supervise(&town.supervisor, &receipt, "requester_asks")
            .await
            .problem(ProblemCode::Invalid);
        let consent = json!({ "given": true });
        town.resident
            .put("/api/v1/me/consents/media_contact", &consent)
            .await
            .expect(200);
        supervise(&town.supervisor, &receipt, "requester_asks")
            .await
            .expect(200);
        let again = supervise(&town.supervisor, &receipt, "public_interest").await;
        assert_eq!(again.value()["reason"], "already_supervised");
        supervise(&town.leader, &receipt, "city_wide")
            .await
            .problem(ProblemCode::Forbidden);
        let hidden = town.accepted("private").await;
        let stranger = server.staff(Role::UnitLeader, "3713.water").await;
        supervise(&stranger, &hidden, "city_wide")
            .await
            .problem(ProblemCode::NotFound);
        let about_a_child = town.submitted("public").await;
        let mut acceptance = town::acceptance();
        acceptance["concerns_minor"] = json!(true);
        let path = format!("/api/v1/staff/cases/{about_a_child}/accept");
        town.clerk.post(&path, &acceptance).await.expect(200);
        supervise(&town.supervisor, &about_a_child, "public_interest")
            .await
            .expect(200);
        town.supervision_of(&about_a_child, &town.inspector, "government").await;
        let confidential = town.accepted("confidential").await;
        supervise(&town.supervisor, &confidential, "public_interest")
            .await
            .expect(200);
        town.supervision_of(&confidential, &town.inspector, "government").await;
    });
}

#[test]
fn a_tiers_list_goes_on_from_page_to_page_within_the_holders_reach() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let mut all = Vec::new();
        for _ in 0..5 {
            let receipt = town.accepted("public").await;
            supervise(&town.supervisor, &receipt, "several_units").await.expect(200);
            all.push(receipt);
        }
        let mut read = Vec::new();
        let mut path = "/api/v1/staff/supervisions?tier=government&limit=2".to_owned();
        loop {
            let page = town.inspector.get(&path).await.expect(200).value();
            let items = page["items"].as_array().unwrap();
            assert!(items.len() <= 2);
            read.extend(items.iter().map(|item| item["receipt_no"].as_str().unwrap().to_owned()));
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/api/v1/staff/supervisions?tier=government&limit=2&after={next}");
        }
        assert_eq!(read, all, "oldest first, each once");
        let desks = town.inspector.get("/api/v1/staff/queues").await.expect(200).value();
        assert_eq!(
            desks["tiers"],
            json!([{ "tier": "government", "name": "政务督办", "count": 5, "or_more": false }])
        );
        let elsewhere = Grant {
            region: Some("371312".to_owned()),
            ..Grant::everywhere(Role::GovernmentInspector)
        };
        let other = server.staff_with(HOTLINE, vec![elsewhere]).await;
        let page = other
            .get("/api/v1/staff/supervisions?tier=government")
            .await
            .expect(200)
            .value();
        assert_eq!(page["items"], json!([]));
        let unit = server.staff(Role::UnitLeader, UNIT).await;
        unit.get("/api/v1/staff/supervisions?tier=government")
            .await
            .problem(ProblemCode::Forbidden);
    });
}
