//! More time for a unit: asked before the limit, decided by somebody else, and told with its reason.

use serde_json::{Value, json};
use shared::{contract::problem::ProblemCode, domain::role::Role};
use system_tests::server::{TestActor, TestServer, on_both};

use crate::desk::{HOTLINE, accepted, case, lies_in, order, reply, view};

fn asked(working_days: u32) -> Value {
    json!({ "working_days": working_days, "reason": "灯具要从外地调运。" })
}

async fn refused(actor: &TestActor, path: &str, body: &Value) -> String {
    let answer = actor.post(path, body).await.problem(ProblemCode::ActionNotAllowed);
    answer.value()["reason"].as_str().unwrap().to_owned()
}

fn handling_limit(seen: &Value) -> &Value {
    let clocks = seen["clocks"].as_array().unwrap();
    clocks.iter().find(|clock| clock["kind"] == "handle").unwrap()
}

#[test]
fn the_first_extension_is_the_reviewers_the_second_the_inspectors_and_there_is_no_third() {
    on_both(async |server: TestServer| {
        let people = accepted(&server).await;
        let id = people.in_handling().await;
        let inspector = server.staff(Role::GovernmentInspector, HOTLINE).await;
        let why = json!({ "reason": "灯具下周三到货。" });
        let (ask, approve) = (order(&id, "extension"), order(&id, "extension-approval"));
        assert_eq!(refused(&people.reviewer, &approve, &why).await, "nothing_pending");
        for length in [0, 11] {
            let answer = people
                .leader
                .post(&ask, &asked(length))
                .await
                .problem(ProblemCode::Invalid);
            assert_eq!(answer.value()["reason"], "extension_length");
        }
        let before = view(&people.leader, &people.receipt).await;

        people.leader.post(&ask, &asked(3)).await.expect(200);
        assert_eq!(refused(&people.leader, &ask, &asked(3)).await, "already_pending");
        assert_eq!(lies_in(&people.reviewer, "extensions").await, [people.receipt.as_str()]);
        assert_eq!(lies_in(&inspector, "extensions").await, Vec::<String>::new());
        assert_eq!(refused(&inspector, &approve, &why).await, "wrong_decider_for_extension");
        let page = people
            .reviewer
            .get("/api/v1/staff/queues/extensions")
            .await
            .expect(200)
            .value();
        assert!(
            page["items"][0]["due"].is_i64() || page["items"][0]["due"].is_string(),
            "{page}"
        );
        let waiting = view(&people.leader, &people.receipt).await;
        assert_eq!(
            handling_limit(&waiting)["due"],
            handling_limit(&before)["due"],
            "the limit runs on"
        );
        people.reviewer.post(&approve, &why).await.expect(200);
        assert_eq!(lies_in(&people.reviewer, "extensions").await, Vec::<String>::new());
        let longer = view(&people.leader, &people.receipt).await;
        assert_ne!(handling_limit(&longer)["due"], handling_limit(&before)["due"]);
        assert_eq!(longer["orders"][0]["due"], handling_limit(&longer)["due"]);
        let path = format!("/api/v1/cases/{}", people.receipt);
        let own = people.resident.get(&path).await.expect(200).value();
        let told = own["timeline"].as_array().unwrap().last().unwrap()["sentence"].clone();
        let told = told.as_str().unwrap().to_owned();
        assert!(told.starts_with("办理时间延长了：灯具下周三到货，新的期限到"), "{told}");
        assert!(
            !own.to_string().contains("外地调运"),
            "what colleagues wrote to each other stays inside"
        );
        let inbox = people.resident.get("/api/v1/me/inbox").await.expect(200).value();
        assert_eq!(inbox["items"][0]["topic"], "approve_extension");

        people.leader.post(&ask, &asked(1)).await.expect(200);
        assert_eq!(lies_in(&people.reviewer, "extensions").await, Vec::<String>::new());
        assert_eq!(lies_in(&inspector, "extensions").await, [people.receipt.as_str()]);
        assert_eq!(
            refused(&people.reviewer, &approve, &why).await,
            "wrong_decider_for_extension"
        );
        inspector.post(&approve, &why).await.expect(200);
        assert_eq!(refused(&people.leader, &ask, &asked(1)).await, "already_used");
    });
}

#[test]
fn a_refused_extension_leaves_the_limit_and_tells_the_unit_alone() {
    on_both(async |server: TestServer| {
        let people = accepted(&server).await;
        let id = people.in_handling().await;
        people
            .leader
            .post(&order(&id, "extension"), &asked(3))
            .await
            .expect(200);
        let before = view(&people.leader, &people.receipt).await;
        let why = json!({ "reason": "五天足够。" });
        people
            .reviewer
            .post(&order(&id, "extension-refusal"), &why)
            .await
            .expect(200);
        let after = view(&people.leader, &people.receipt).await;
        assert_eq!(handling_limit(&after)["due"], handling_limit(&before)["due"]);
        let inbox = people.leader.get("/api/v1/me/inbox").await.expect(200).value();
        assert_eq!(inbox["items"][0]["topic"], "deny_extension");
        let path = format!("/api/v1/cases/{}", people.receipt);
        let own = people.resident.get(&path).await.expect(200).value();
        assert!(!own.to_string().contains("延期"), "{own}");
    });
}

#[test]
fn an_extension_and_a_reply_wait_side_by_side_each_on_its_own_clock() {
    on_both(async |server: TestServer| {
        let people = accepted(&server).await;
        let id = people.in_handling().await;
        people
            .leader
            .post(&order(&id, "extension"), &asked(3))
            .await
            .expect(200);
        people.handler.post(&order(&id, "reply"), &reply()).await.expect(200);
        let why = json!({ "reason": "请附上亮灯后的照片。" });
        people.leader.post(&order(&id, "reply-refusal"), &why).await.expect(200);
        let seen = view(&people.reviewer, &people.receipt).await;
        let running: Vec<_> = seen["clocks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|clock| clock["kind"].clone())
            .collect();
        assert!(
            running.contains(&json!("extension_decision")) && !running.contains(&json!("second_person")),
            "{running:?}"
        );
        people.handler.post(&order(&id, "reply"), &reply()).await.expect(200);
        people
            .leader
            .post(&order(&id, "reply-signature"), &json!({}))
            .await
            .expect(200);
        assert_eq!(
            lies_in(&people.reviewer, "extensions").await,
            Vec::<String>::new(),
            "the work is done"
        );
        people
            .reviewer
            .post(&case(&people.receipt, "reply-release"), &json!({}))
            .await
            .expect(200);
    });
}
