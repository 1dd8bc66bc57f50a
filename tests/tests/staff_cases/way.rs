//! The whole way of a case through the lists, who may not act on it, and acts that are sent twice.

use reqwest::Method;
use serde_json::{Value, json};
use shared::{contract::problem::ProblemCode, domain::role::Role};
use system_tests::server::{TestServer, on_both};

use crate::desk::{HOTLINE, People, acceptance, accepted, allowed, case, lamp, lies_in, order, reply, submit, view};

#[test]
fn a_case_passes_through_every_list_from_the_clerk_to_the_released_reply() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13853900011").await;
        let receipt = submit(&server, &resident, lamp(&server)).await;
        let clerk = server.staff(Role::Clerk, HOTLINE).await;
        assert_eq!(lies_in(&clerk, "acceptance").await, [receipt.as_str()]);
        let queues = clerk.get("/api/v1/staff/queues").await.expect(200).value();
        assert_eq!(queues["items"][0]["queue"], "acceptance");
        assert_eq!(queues["items"][0]["count"], 1);

        let seen = view(&clerk, &receipt).await;
        assert_eq!(seen["requester"]["phone"], "138****0011");
        assert!(allowed(&seen, "accept") && seen["place"]["region_name"].as_str().unwrap().contains("沂城街道"));
        let done = clerk.post(&case(&receipt, "accept"), &acceptance()).await.expect(200);
        assert_eq!(done.value()["state"], "accepted");
        assert_eq!(done.header("etag"), Some("\"2\""));
        assert_eq!(lies_in(&clerk, "acceptance").await, Vec::<String>::new());

        let dispatcher = server.staff(Role::Dispatcher, HOTLINE).await;
        assert_eq!(lies_in(&dispatcher, "dispatch").await, [receipt.as_str()]);
        let seen = view(&dispatcher, &receipt).await;
        let suggestion = &seen["suggestions"][0];
        assert!(!suggestion["reason"].as_str().unwrap().is_empty());
        let unit = suggestion["lead"].as_str().unwrap().to_owned();
        let liaison = server.staff(Role::UnitLiaison, &unit).await;
        let handler = server.staff(Role::UnitHandler, &unit).await;
        let leader = server.staff(Role::UnitLeader, &unit).await;
        liaison
            .get(&format!("/api/v1/staff/cases/{receipt}"))
            .await
            .problem(ProblemCode::NotFound);

        let given = dispatcher
            .post(&case(&receipt, "dispatch"), &json!({}))
            .await
            .expect(200)
            .value();
        assert_eq!(given["state"], "dispatched");
        let id = given["order_id"].as_str().unwrap().to_owned();
        let page = liaison.get("/api/v1/staff/queues/signing").await.expect(200).value();
        assert_eq!(page["items"][0]["order_id"], id.as_str());
        assert_eq!(page["items"][0]["due_state"], "ok");
        assert_eq!(page["items"][0]["unit"], unit.as_str());
        liaison.post(&order(&id, "sign-for"), &json!({})).await.expect(200);
        liaison
            .post(&order(&id, "assign"), &json!({ "handler": handler.id() }))
            .await
            .expect(200);
        assert_eq!(lies_in(&handler, "mine").await, [receipt.as_str()]);
        handler
            .post(
                &order(&id, "contact"),
                &json!({ "how": "phone", "note": "已和诉求人约好今晚到现场。" }),
            )
            .await
            .expect(200);
        handler
            .post(
                &order(&id, "progress"),
                &json!({ "text": "电缆被挖断，已安排抢修。", "public": true }),
            )
            .await
            .expect(200);
        handler.post(&order(&id, "reply"), &reply()).await.expect(200);
        assert_eq!(lies_in(&leader, "signature").await, [receipt.as_str()]);
        leader
            .post(&order(&id, "reply-signature"), &json!({}))
            .await
            .expect(200);
        let reviewer = server.staff(Role::Reviewer, HOTLINE).await;
        assert_eq!(lies_in(&reviewer, "review").await, [receipt.as_str()]);
        let done = reviewer
            .post(&case(&receipt, "reply-release"), &json!({}))
            .await
            .expect(200)
            .value();
        assert_eq!(done["state"], "replied");
        let follow_up = server.staff(Role::FollowUpClerk, HOTLINE).await;
        assert_eq!(lies_in(&follow_up, "follow_up").await, [receipt.as_str()]);

        let seen = view(&reviewer, &receipt).await;
        assert_eq!(seen["replies"][0]["state"], "released");
        assert_eq!(seen["replies"][0]["root_cause"], "facility");
        assert_eq!(seen["photos"].as_array().unwrap().len(), 2);
        assert_eq!(seen["orders"][0]["stage"], "finished");
        let timeline = seen["timeline"].as_array().unwrap();
        let said: Vec<_> = timeline.iter().filter_map(|entry| entry["sentence"].as_str()).collect();
        assert!(said.iter().any(|sentence| sentence.contains("电缆被挖断")), "{said:?}");
        let acts: Vec<_> = timeline.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
        assert_eq!(
            acts,
            [
                "submit",
                "accept",
                "dispatch",
                "sign_for",
                "assign",
                "record_contact",
                "add_progress",
                "submit_reply",
                "sign_reply",
                "release_reply"
            ]
        );
    });
}

/// Every act on a case, well-formed.
fn acts_on_case(people: &People) -> Vec<(String, Value)> {
    let reason = json!({ "reason": "核实过了" });
    let basis = json!({ "legal_basis": "城市道路管理条例第二十二条" });
    vec![
        (case(&people.receipt, "accept"), acceptance()),
        (
            case(&people.receipt, "ask-information"),
            json!({ "question": "哪一段？" }),
        ),
        (
            case(&people.receipt, "refuse"),
            json!({ "reason": "已进入诉讼", "lawful_path": "向法院反映" }),
        ),
        (case(&people.receipt, "dispatch"), json!({})),
        (
            case(&people.receipt, "designate"),
            json!({ "lead": people.unit, "reason": "职责明确" }),
        ),
        (
            case(&people.receipt, "hand-off"),
            json!({ "receiver": "市供水集团热线", "acknowledgement": "值班员接收" }),
        ),
        (
            case(&people.receipt, "merge"),
            json!({ "primary": people.receipt, "reason": "同一段路" }),
        ),
        (case(&people.receipt, "split"), reason.clone()),
        (case(&people.receipt, "additions"), json!({ "text": "村东头" })),
        (
            case(&people.receipt, "follow-up-attempt"),
            json!({ "note": "没有接通" }),
        ),
        (
            case(&people.receipt, "follow-up-rating"),
            json!({ "grade": 5, "resolved": "yes" }),
        ),
        (case(&people.receipt, "reopening"), reason.clone()),
        (
            case(&people.receipt, "exclusion"),
            json!({ "exclusion": "untrue", "note": "现场没有" }),
        ),
        (case(&people.receipt, "exclusion-approval"), reason.clone()),
        (case(&people.receipt, "exclusion-refusal"), reason.clone()),
        (
            case(&people.receipt, "visibility"),
            json!({ "visibility": "confidential", "reason": "涉及未成年人" }),
        ),
        (case(&people.receipt, "reply-release"), json!({})),
        (case(&people.receipt, "send-back"), reason.clone()),
        (
            case(&people.receipt, "demand-judgement"),
            json!({ "reasonable": true, "reason": "没有修好" }),
        ),
        (case(&people.receipt, "close-explained"), basis.clone()),
        (case(&people.receipt, "close-explained-approval"), reason.clone()),
        (case(&people.receipt, "close-explained-refusal"), reason.clone()),
    ]
}

/// Every act on its order.
fn acts_on_order(people: &People, id: &str) -> Vec<(String, Value)> {
    let reason = json!({ "reason": "核实过了" });
    let basis = json!({ "legal_basis": "城市道路管理条例第二十二条" });
    vec![
        (order(id, "sign-for"), json!({})),
        (order(id, "assign"), json!({ "handler": people.handler.id() })),
        (order(id, "contact"), json!({ "how": "phone", "note": "已联系" })),
        (order(id, "progress"), json!({ "text": "已到现场" })),
        (order(id, "reply"), reply()),
        (
            order(id, "extension"),
            json!({ "working_days": 3, "reason": "要等配件" }),
        ),
        (order(id, "extension-approval"), reason.clone()),
        (order(id, "extension-refusal"), reason.clone()),
        (
            order(id, "commitment"),
            json!({ "promised_day": "2027-03-01", "milestones": [], "reason": "要招标" }),
        ),
        (order(id, "commitment-approval"), json!({})),
        (order(id, "commitment-refusal"), reason.clone()),
        (order(id, "fulfilment"), reply()),
        (order(id, "reply-signature"), json!({})),
        (order(id, "reply-refusal"), reason.clone()),
        (order(id, "return"), basis),
        (order(id, "return-approval"), reason.clone()),
        (order(id, "return-refusal"), reason),
    ]
}

#[test]
fn nobody_acts_outside_his_role_and_reach_on_a_case_that_is_there() {
    on_both(async |server: TestServer| {
        let people = accepted(&server).await;
        let given = people
            .dispatcher
            .post(&case(&people.receipt, "dispatch"), &json!({}))
            .await;
        let id = given.expect(200).value()["order_id"].as_str().unwrap().to_owned();
        let acts = [acts_on_case(&people), acts_on_order(&people, &id)].concat();
        let elsewhere = "3713.water";
        let strangers = [
            server.staff(Role::Moderator, HOTLINE).await,
            server.staff(Role::Analyst, HOTLINE).await,
            server.staff(Role::SystemAdmin, HOTLINE).await,
            server.staff(Role::UnitLiaison, elsewhere).await,
            server.staff(Role::UnitHandler, elsewhere).await,
            server.staff(Role::UnitLeader, elsewhere).await,
            people.resident.clone(),
        ];
        for (path, body) in &acts {
            for stranger in &strangers {
                let answer = stranger.post(path, body).await;
                assert!(matches!(answer.status, 403 | 404), "{path}: {answer:?}");
            }
            server
                .anonymous()
                .post(path, body)
                .await
                .problem(ProblemCode::SignInRequired);
        }
        let path = format!("/api/v1/staff/cases/{}", people.receipt);
        for stranger in &strangers {
            let status = stranger.get(&path).await.status;
            assert!(matches!(status, 403 | 404), "{status}");
        }
        assert_eq!(view(&people.clerk, &people.receipt).await["state"], "dispatched");
        people
            .handler
            .get("/api/v1/staff/queues/acceptance")
            .await
            .problem(ProblemCode::Forbidden);
        people
            .clerk
            .get("/api/v1/staff/queues/none")
            .await
            .problem(ProblemCode::NotFound);
    });
}

#[test]
fn a_repeated_act_is_done_once_and_an_old_version_is_refused() {
    on_both(async |server: TestServer| {
        let people = accepted(&server).await;
        let path = case(&people.receipt, "dispatch");
        let old = [("If-Match", "\"1\"")];
        people
            .dispatcher
            .send(Method::POST, &path, &old, Some(json!({})))
            .await
            .problem(ProblemCode::VersionMismatch);
        let first = people
            .dispatcher
            .post_once(&path, "d-1", &json!({}))
            .await
            .expect(200)
            .value();
        let again = people
            .dispatcher
            .post_once(&path, "d-1", &json!({}))
            .await
            .expect(200)
            .value();
        assert_eq!(first, again);
        people
            .dispatcher
            .post_once(&path, "d-1", &json!({ "reason": "别的" }))
            .await
            .problem(ProblemCode::IdempotencyKeyReused);
        let refused = people
            .dispatcher
            .post(&path, &json!({}))
            .await
            .problem(ProblemCode::ActionNotAllowed);
        assert_eq!(refused.value()["reason"], "wrong_state");
        let seen = view(&people.dispatcher, &people.receipt).await;
        assert_eq!(seen["dispatch_count"], 1);
        assert_eq!(
            seen["orders"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|order| order["role"] == "lead")
                .count(),
            1
        );
    });
}
