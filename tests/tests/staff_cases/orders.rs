//! Work orders: returned, shared with helping units.

use serde_json::json;
use shared::{contract::problem::ProblemCode, domain::role::Role};
use system_tests::server::{TestServer, on_both};

use crate::desk::{HOTLINE, accepted, allowed, case, lies_in, order, reply, view};

#[test]
fn a_return_is_decided_by_another_dispatcher_and_a_refused_one_names_the_unit_for_good() {
    on_both(async |server: TestServer| {
        let people = accepted(&server).await;
        let id = people.in_handling().await;
        let basis = json!({ "legal_basis": "三定方案", "reason": "这段路没有移交给我们。" });
        people.leader.post(&order(&id, "return"), &basis).await.expect(200);
        assert_eq!(lies_in(&people.dispatcher, "returns").await, [people.receipt.as_str()]);
        let because = json!({ "reason": "移交清单里有这段路。" });
        let refused = people.dispatcher.post(&order(&id, "return-refusal"), &because).await;
        assert_eq!(
            refused.problem(ProblemCode::ActionNotAllowed).value()["reason"],
            "original_dispatcher"
        );
        let other = server.staff(Role::Dispatcher, HOTLINE).await;
        other.post(&order(&id, "return-refusal"), &because).await.expect(200);
        let again = people.leader.post(&order(&id, "return"), &basis).await;
        assert_eq!(
            again.problem(ProblemCode::ActionNotAllowed).value()["reason"],
            "designated"
        );
        let seen = view(&people.leader, &people.receipt).await;
        assert_eq!(
            (&seen["state"], &seen["designated"]),
            (&json!("handling"), &json!(true))
        );
        let timeline = seen["timeline"].as_array().unwrap();
        let told: Vec<_> = timeline.iter().filter_map(|entry| entry["sentence"].as_str()).collect();
        assert!(
            !told.iter().any(|sentence| sentence.contains("移交清单")),
            "texts of returns stay inside: {told:?}"
        );
    });
}

#[test]
fn a_helping_unit_signs_for_its_own_part_and_leaves_the_rest_to_the_lead() {
    on_both(async |server: TestServer| {
        let people = accepted(&server).await;
        let helper = "3713.water";
        let given = json!({ "lead": people.unit, "co": [helper], "reason": "水管漏水泡坏了线路。" });
        let given = people
            .dispatcher
            .post(&case(&people.receipt, "dispatch"), &given)
            .await
            .expect(200)
            .value();
        let lead_id = given["order_id"].as_str().unwrap().to_owned();
        let liaison = server.staff(Role::UnitLiaison, helper).await;
        let handler = server.staff(Role::UnitHandler, helper).await;
        let page = liaison.get("/api/v1/staff/queues/signing").await.expect(200).value();
        let id = page["items"][0]["order_id"].as_str().unwrap().to_owned();
        assert!(allowed(&view(&liaison, &people.receipt).await, "sign_for"));
        handler
            .post(&order(&id, "sign-for"), &json!({}))
            .await
            .problem(ProblemCode::Forbidden);
        people
            .liaison
            .post(&order(&id, "sign-for"), &json!({}))
            .await
            .problem(ProblemCode::NotFound);
        let signed = liaison
            .post(&order(&id, "sign-for"), &json!({}))
            .await
            .expect(200)
            .value();
        assert_eq!(signed["state"], "dispatched", "the lead has not signed");
        liaison
            .post(&order(&id, "sign-for"), &json!({}))
            .await
            .problem(ProblemCode::ActionNotAllowed);
        assert!(!allowed(&view(&liaison, &people.receipt).await, "sign_for"));

        people
            .liaison
            .post(&order(&lead_id, "sign-for"), &json!({}))
            .await
            .expect(200);
        let progress = json!({ "text": "漏水点已经修好。" });
        handler.post(&order(&id, "progress"), &progress).await.expect(200);
        handler
            .post(&order(&id, "reply"), &reply())
            .await
            .problem(ProblemCode::ActionNotAllowed);
        people
            .handler
            .post(&order(&lead_id, "reply"), &reply())
            .await
            .expect(200);
        people
            .leader
            .post(&order(&lead_id, "reply-signature"), &json!({}))
            .await
            .expect(200);
        people
            .reviewer
            .post(&case(&people.receipt, "reply-release"), &json!({}))
            .await
            .expect(200);
        let seen = view(&people.reviewer, &people.receipt).await;
        let stages: Vec<_> = seen["orders"]
            .as_array()
            .unwrap()
            .iter()
            .map(|order| order["stage"].clone())
            .collect();
        assert_eq!(stages, ["finished", "finished"]);
    });
}

#[test]
fn what_is_dispatched_a_third_time_is_its_units_for_good() {
    on_both(async |server: TestServer| {
        let people = accepted(&server).await;
        let other = server.staff(Role::Dispatcher, HOTLINE).await;
        let basis = json!({ "legal_basis": "三定方案" });
        let because = json!({ "reason": "确实不归这个单位。" });
        for _ in 0..2 {
            let id = people.in_handling().await;
            people.leader.post(&order(&id, "return"), &basis).await.expect(200);
            let back = other
                .post(&order(&id, "return-approval"), &because)
                .await
                .expect(200)
                .value();
            assert_eq!(back["state"], "accepted");
        }
        let id = people.in_handling().await;
        let seen = view(&people.dispatcher, &people.receipt).await;
        assert_eq!(
            (&seen["dispatch_count"], &seen["return_count"], &seen["designated"]),
            (&json!(3), &json!(2), &json!(true))
        );
        let refused = people.leader.post(&order(&id, "return"), &basis).await;
        let refused = refused.problem(ProblemCode::ActionNotAllowed).value();
        assert_eq!(refused["reason"], "designated");
    });
}

#[test]
fn whose_job_it_is_says_the_supervisor_or_the_inspector_with_the_duty_list() {
    on_both(async |server: TestServer| {
        for role in [Role::HotlineSupervisor, Role::GovernmentInspector] {
            let people = accepted(&server).await;
            // The next code for the same number.
            server.clock.advance_minutes(2);
            let supervisor = server.staff(role, HOTLINE).await;
            let path = case(&people.receipt, "designate");
            let named = json!({ "lead": "3713.water", "reason": "管线图上这一段归水务部门。" });
            let given = supervisor.post(&path, &named).await.expect(200).value();
            let seen = view(&people.clerk, &people.receipt).await;
            assert_eq!(
                (&seen["state"], &seen["designated"]),
                (&json!("dispatched"), &json!(true))
            );
            let last = seen["timeline"].as_array().unwrap().last().unwrap()["detail"].clone();
            assert!(
                !last["basis"].as_str().unwrap().is_empty(),
                "what its duties are: {last}"
            );
            let leader = server.staff(Role::UnitLeader, "3713.water").await;
            let id = given["order_id"].as_str().unwrap();
            let basis = json!({ "legal_basis": "三定方案" });
            let refused = leader.post(&order(id, "return"), &basis).await;
            let refused = refused.problem(ProblemCode::ActionNotAllowed).value();
            assert_eq!(refused["reason"], "designated");
        }
    });
}
