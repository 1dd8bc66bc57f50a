//! Closed cases that are left out of the scoring: asked with a reason of the list, decided by somebody else, counted for everybody.

use serde_json::json;
use shared::{contract::problem::ProblemCode, domain::role::Role};
use system_tests::server::{TestServer, on_both};

use crate::desk::{HOTLINE, accepted, case, lies_in, order, reply, view};

#[test]
fn a_case_is_left_out_of_the_scoring_only_by_two_people_and_everybody_sees_how_many_are() {
    on_both(async |server: TestServer| {
        let people = accepted(&server).await;
        let id = people.in_handling().await;
        let untrue = json!({ "exclusion": "untrue", "note": "现场没有坏的灯。" });
        let ask = case(&people.receipt, "exclusion");
        let early = people
            .leader
            .post(&ask, &untrue)
            .await
            .problem(ProblemCode::ActionNotAllowed);
        assert_eq!(early.value()["reason"], "wrong_state");
        people.handler.post(&order(&id, "reply"), &reply()).await.expect(200);
        people
            .leader
            .post(&order(&id, "reply-signature"), &json!({}))
            .await
            .expect(200);
        people
            .reviewer
            .post(&case(&people.receipt, "reply-release"), &json!({}))
            .await
            .expect(200);
        let rating = json!({ "grade": 5, "resolved": "yes" });
        let path = format!("/api/v1/cases/{}/rating", people.receipt);
        people.resident.post(&path, &rating).await.expect(200);

        let other = json!({ "exclusion": "inconvenient", "note": "影响排名。" });
        people.leader.post(&ask, &other).await.problem(ProblemCode::Malformed);
        people.leader.post(&ask, &untrue).await.expect(200);
        let supervisor = server.staff(Role::HotlineSupervisor, HOTLINE).await;
        assert_eq!(lies_in(&supervisor, "exclusions").await, [people.receipt.as_str()]);
        let why = json!({ "reason": "照片和现场核实一致。" });
        let approve = case(&people.receipt, "exclusion-approval");
        people.leader.post(&approve, &why).await.problem(ProblemCode::Forbidden);
        supervisor.post(&approve, &why).await.expect(200);
        assert_eq!(lies_in(&supervisor, "exclusions").await, Vec::<String>::new());
        let seen = view(&supervisor, &people.receipt).await;
        assert_eq!(
            (&seen["excluded"], &seen["state"]),
            (&json!("untrue"), &json!("closed"))
        );
        let inbox = people.leader.get("/api/v1/me/inbox").await.expect(200).value();
        assert_eq!(inbox["items"][0]["body"], "“申请不计考核”已经同意。");
        let counts = server
            .anonymous()
            .get("/api/v1/public/counts")
            .await
            .expect(200)
            .value();
        assert_eq!(counts["excluded"], 1);
        let own = people.resident.get(&format!("/api/v1/cases/{}", people.receipt)).await;
        assert!(
            !own.expect(200).value().to_string().contains("现场没有坏的灯"),
            "for colleagues"
        );
        let again = people
            .leader
            .post(&ask, &untrue)
            .await
            .problem(ProblemCode::ActionNotAllowed);
        assert_eq!(again.value()["reason"], "already_used");
    });
}
