//! Replies: their evidence, their signature, their reviewer, and what a unit does not learn.

use serde_json::json;
use shared::{
    contract::problem::ProblemCode,
    domain::{
        case::CaseKind,
        role::{Grant, Role},
    },
};
use system_tests::server::{TestServer, on_both};

use crate::desk::{HOTLINE, acceptance, accepted, case, lamp, lies_in, order, reply, submit, view};

#[test]
fn a_reply_needs_its_evidence_a_signature_and_a_reviewer_who_did_not_handle_it() {
    on_both(async |server: TestServer| {
        let people = accepted(&server).await;
        let id = people.in_handling().await;
        let mut bare = reply();
        bare["photos_after"] = json!([]);
        let refused = people
            .handler
            .post(&order(&id, "reply"), &bare)
            .await
            .problem(ProblemCode::Invalid);
        assert_eq!(refused.value()["field"], "photos_after");
        let mut mediated = reply();
        mediated["outcome"] = json!("mediated");
        let refused = people
            .handler
            .post(&order(&id, "reply"), &mediated)
            .await
            .problem(ProblemCode::Invalid);
        assert_eq!(refused.value()["field"], "outcome");

        people
            .leader
            .post(&order(&id, "reply-signature"), &json!({}))
            .await
            .problem(ProblemCode::ActionNotAllowed);
        people.handler.post(&order(&id, "reply"), &reply()).await.expect(200);
        let declined = json!({ "reason": "请写明更换了几盏。" });
        people
            .leader
            .post(&order(&id, "reply-refusal"), &declined)
            .await
            .expect(200);
        assert_eq!(lies_in(&people.leader, "signature").await, Vec::<String>::new());
        people.handler.post(&order(&id, "reply"), &reply()).await.expect(200);
        people
            .leader
            .post(&order(&id, "reply-signature"), &json!({}))
            .await
            .expect(200);
        let sent_back = json!({ "reason": "照片看不清是哪一段路。" });
        people
            .reviewer
            .post(&case(&people.receipt, "send-back"), &sent_back)
            .await
            .expect(200);
        people.handler.post(&order(&id, "reply"), &reply()).await.expect(200);
        people
            .leader
            .post(&order(&id, "reply-signature"), &json!({}))
            .await
            .expect(200);

        // The leader signed; being a reviewer as well does not let him release it.
        let both = vec![
            Grant {
                unit: Some(people.unit.clone()),
                ..Grant::everywhere(Role::UnitHandler)
            },
            Grant::everywhere(Role::Reviewer),
        ];
        let own = server.staff_with(&people.unit, both).await;
        assert!(view(&own, &people.receipt).await["requester"].is_object());
        people
            .reviewer
            .post(&case(&people.receipt, "reply-release"), &json!({}))
            .await
            .expect(200);
        let seen = view(&people.reviewer, &people.receipt).await;
        let states: Vec<_> = seen["replies"]
            .as_array()
            .unwrap()
            .iter()
            .map(|reply| reply["state"].clone())
            .collect();
        assert_eq!(states, ["sent_back", "sent_back", "released"]);
    });
}

#[test]
fn a_unit_never_learns_who_sent_a_confidential_report() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13853900012").await;
        let mut report = lamp(&server);
        report.kind = Some(CaseKind::ViolationReport);
        report.text = "有人夜里偷接路灯的电，线从灯杆上拉到门市里。".to_owned();
        let receipt = submit(&server, &resident, report).await;
        let clerk = server.staff(Role::Clerk, HOTLINE).await;
        let mut as_report = acceptance();
        as_report["kind"] = json!("violation_report");
        clerk.post(&case(&receipt, "accept"), &as_report).await.expect(200);
        let dispatcher = server.staff(Role::Dispatcher, HOTLINE).await;
        let unit = view(&dispatcher, &receipt).await["suggestions"][0]["lead"]
            .as_str()
            .unwrap()
            .to_owned();
        dispatcher
            .post(&case(&receipt, "dispatch"), &json!({}))
            .await
            .expect(200);

        let liaison = server.staff(Role::UnitLiaison, &unit).await;
        let answer = liaison.get(&format!("/api/v1/staff/cases/{receipt}")).await.expect(200);
        let text = String::from_utf8(answer.body.clone()).unwrap();
        assert!(!text.contains("0012") && !text.contains(&resident.id()), "{text}");
        assert_eq!(answer.value()["visibility"], "confidential");
        assert!(answer.value().get("requester").is_none());
        assert!(view(&dispatcher, &receipt).await.get("requester").is_none());
        assert_eq!(view(&clerk, &receipt).await["requester"]["phone"], "138****0012");
    });
}
