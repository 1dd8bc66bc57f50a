//! Promises of units: approved by the government inspector, read by everybody, and never counted as resolved.

use serde_json::{Value, json};
use shared::{contract::problem::ProblemCode, domain::role::Role};
use system_tests::server::{TestServer, on_both};

use crate::desk::{HOTLINE, accepted, case, lies_in, order, reply, view};

/// Sixty days from now, with a step in between.
fn promise(server: &TestServer) -> Value {
    let now = server.services.now();
    let day = |days: i64| now.plus_minutes(days * 24 * 60).city_date().to_string();
    json!({
        "promised_day": day(60), "reason": "线路要重新敷设，先招标。",
        "milestones": [{ "day": day(20), "text": "完成招标" }, { "day": day(60), "text": "全部亮灯" }],
    })
}

#[test]
fn a_promise_binds_when_the_inspector_approves_it_and_everybody_reads_its_steps() {
    on_both(async |server: TestServer| {
        let people = accepted(&server).await;
        let id = people.in_handling().await;
        let inspector = server.staff(Role::GovernmentInspector, HOTLINE).await;
        let public = format!("/api/v1/public/cases/{}", people.receipt);
        let own = format!("/api/v1/cases/{}", people.receipt);
        let ask = order(&id, "commitment");
        people.leader.post(&ask, &promise(&server)).await.expect(200);
        assert_eq!(lies_in(&inspector, "commitments").await, [people.receipt.as_str()]);
        let seen = view(&inspector, &people.receipt).await;
        assert_eq!(
            (&seen["state"], &seen["commitment"]["milestones"][0]["text"]),
            (&json!("handling"), &json!("完成招标"))
        );
        let before = people.resident.get(&own).await.expect(200).value();
        assert!(before.get("commitment").is_none(), "nothing is promised yet");

        let done = inspector
            .post(&order(&id, "commitment-approval"), &json!({}))
            .await
            .expect(200)
            .value();
        assert_eq!(done["state"], "committed");
        let asked = promise(&server);
        for read in [people.resident.get(&own).await, server.anonymous().get(&public).await] {
            let read = read.expect(200).value();
            assert_eq!(read["commitment"]["promised_day"], asked["promised_day"]);
            let ahead = |place: usize| {
                let mut step = asked["milestones"][place].clone();
                step["overdue"] = json!(false);
                step
            };
            assert_eq!(read["commitment"]["milestones"], json!([ahead(0), ahead(1)]));
            assert!(!read.to_string().contains("先招标"), "why is for colleagues");
        }
        let seen = view(&people.leader, &people.receipt).await;
        let clocks: Vec<_> = seen["clocks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|clock| clock["kind"].clone())
            .collect();
        assert_eq!(clocks, ["promise", "milestone"], "no other limit counts");
        assert_eq!(seen["clocks"][0]["due"], seen["due"]);
        assert_eq!(seen["orders"][0]["due"], seen["due"]);
        assert!(seen.get("outcome").is_none(), "a promise resolves nothing");

        let report = people
            .handler
            .post(&order(&id, "fulfilment"), &reply())
            .await
            .expect(200)
            .value();
        assert_eq!(report["state"], "reply_review");
        let why = json!({ "reason": "照片里还有两盏不亮。" });
        let back = people
            .reviewer
            .post(&case(&people.receipt, "send-back"), &why)
            .await
            .expect(200)
            .value();
        assert_eq!(back["state"], "handling");
        let seen = view(&people.leader, &people.receipt).await;
        let clocks: Vec<_> = seen["clocks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|clock| clock["kind"].clone())
            .collect();
        assert_eq!(clocks, ["handle"], "what is sent back has a limit again");
    });
}

#[test]
fn a_promise_needs_steps_that_lead_to_its_day_and_name_nobody() {
    on_both(async |server: TestServer| {
        let people = accepted(&server).await;
        let id = people.in_handling().await;
        let ask = order(&id, "commitment");
        let with = |field: &str, value: Value| {
            let mut asked = promise(&server);
            asked[field] = value;
            asked
        };
        let day = promise(&server)["promised_day"].clone();
        for (asked, reason) in [
            (with("promised_day", json!("2020-01-01")), "needs_promise_date"),
            (with("milestones", json!([])), "needs_milestones"),
            (
                with("milestones", json!([{ "day": "2020-01-01", "text": "完成招标" }])),
                "needs_milestones",
            ),
            (
                with("milestones", json!([{ "day": day, "text": "联系电话13853900021" }])),
                "milestone_names_somebody",
            ),
        ] {
            let answer = people.leader.post(&ask, &asked).await.problem(ProblemCode::Invalid);
            assert_eq!(answer.value()["reason"], reason);
        }
        let far = people
            .leader
            .post(&ask, &with("promised_day", json!("2031-01-01")))
            .await;
        assert_eq!(far.problem(ProblemCode::Invalid).value()["field"], "promised_day");
        people.leader.post(&ask, &promise(&server)).await.expect(200);
        let inspector = server.staff(Role::GovernmentInspector, HOTLINE).await;
        let why = json!({ "reason": "五天内可以先接临时线路。" });
        inspector
            .post(&order(&id, "commitment-refusal"), &why)
            .await
            .expect(200);
        let seen = view(&people.leader, &people.receipt).await;
        assert!(seen["state"] == "handling" && seen.get("commitment").is_none());
        let inbox = people.leader.get("/api/v1/me/inbox").await.expect(200).value();
        assert_eq!(inbox["items"][0]["topic"], "deny_commitment");
        people
            .handler
            .post(&order(&id, "fulfilment"), &reply())
            .await
            .problem(ProblemCode::ActionNotAllowed);
    });
}
