//! What staff do with a case, from the clerk to the released reply: lists, acts, refusals, and who learns what.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

use std::sync::Arc;

use api::{
    access::{Actor, PersonActor, RequestContext},
    usecases::cases::{NewCase, NewPlace, submit_case},
};
use reqwest::Method;
use serde_json::{Value, json};
use shared::{
    contract::problem::ProblemCode,
    domain::{
        case::{CaseKind, Visibility},
        role::{Grant, Role},
    },
};
use system_tests::server::{TestActor, TestServer, on_both};

const HOTLINE: &str = "3713.hotline";

/// A dark road in Yishui.
fn lamp(server: &TestServer) -> NewCase {
    let city = server.services.city();
    let region = city.regions.find("沂城街道", None, 1)[0].code.clone();
    NewCase {
        title: Some("健康路路灯不亮".to_owned()),
        text: "健康路东段的路灯有五盏不亮，上夜班的人摸黑走，已经一个星期了。".to_owned(),
        kind: Some(CaseKind::Assistance),
        category: Some("facilities.street_light".to_owned()),
        place: NewPlace {
            region: Some(region),
            words: Some("健康路东段".to_owned()),
            ..NewPlace::default()
        },
        visibility: Some(Visibility::Public),
        answers: Vec::new(),
        photos: Vec::new(),
        complained_unit: None,
        channel: "app".to_owned(),
        wants_push: false,
    }
}

async fn submit(server: &TestServer, resident: &TestActor, report: NewCase) -> String {
    let actor = Actor::Person(PersonActor {
        id: resident.id().parse().unwrap(),
        session: 0,
    });
    let services = Arc::clone(&server.services);
    let submitted = submit_case(&services, &actor, &RequestContext::default(), report).await;
    server.services.receipts.write(submitted.unwrap().id)
}

fn case(receipt: &str, act: &str) -> String {
    format!("/api/v1/staff/cases/{receipt}/{act}")
}

fn order(id: &str, act: &str) -> String {
    format!("/api/v1/staff/orders/{id}/{act}")
}

fn acceptance() -> Value {
    json!({ "kind": "assistance", "category": "facilities.street_light", "urgency": "routine" })
}

fn reply() -> Value {
    json!({
        "text": "五盏路灯的线路已经更换，当晚全部亮灯。", "outcome": "resolved", "root_cause": "facility",
        "photos_before": ["a1".repeat(32)], "photos_after": ["b2".repeat(32)],
    })
}

async fn view(actor: &TestActor, receipt: &str) -> Value {
    actor
        .get(&format!("/api/v1/staff/cases/{receipt}"))
        .await
        .expect(200)
        .value()
}

async fn lies_in(actor: &TestActor, queue: &str) -> Vec<String> {
    let page = actor
        .get(&format!("/api/v1/staff/queues/{queue}"))
        .await
        .expect(200)
        .value();
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|item| item["receipt_no"].as_str().unwrap().to_owned())
        .collect()
}

fn allowed(view: &Value, act: &str) -> bool {
    let acts = view["allowed_actions"].as_array().unwrap();
    acts.iter()
        .any(|verdict| verdict["action"] == act && verdict["allowed"] == true)
}

/// The hotline and one unit with its people.
struct People {
    resident: TestActor,
    clerk: TestActor,
    dispatcher: TestActor,
    reviewer: TestActor,
    liaison: TestActor,
    handler: TestActor,
    leader: TestActor,
    receipt: String,
    unit: String,
}

/// A case that was accepted, and the people of the unit that the catalogue proposes for it.
async fn accepted(server: &TestServer) -> People {
    let resident = server.citizen("13853900011").await;
    let receipt = submit(server, &resident, lamp(server)).await;
    let clerk = server.staff(Role::Clerk, HOTLINE).await;
    clerk.post(&case(&receipt, "accept"), &acceptance()).await.expect(200);
    let dispatcher = server.staff(Role::Dispatcher, HOTLINE).await;
    let unit = view(&dispatcher, &receipt).await["suggestions"][0]["lead"]
        .as_str()
        .unwrap()
        .to_owned();
    People {
        reviewer: server.staff(Role::Reviewer, HOTLINE).await,
        liaison: server.staff(Role::UnitLiaison, &unit).await,
        handler: server.staff(Role::UnitHandler, &unit).await,
        leader: server.staff(Role::UnitLeader, &unit).await,
        resident,
        clerk,
        dispatcher,
        receipt,
        unit,
    }
}

impl People {
    /// Dispatches the case and signs for the order; answers the order's id.
    async fn in_handling(&self) -> String {
        let given = self.dispatcher.post(&case(&self.receipt, "dispatch"), &json!({})).await;
        let id = given.expect(200).value()["order_id"].as_str().unwrap().to_owned();
        self.liaison.post(&order(&id, "sign-for"), &json!({})).await.expect(200);
        id
    }
}

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

#[test]
fn nobody_acts_outside_his_role_and_reach_on_a_case_that_is_there() {
    on_both(async |server: TestServer| {
        let people = accepted(&server).await;
        let given = people
            .dispatcher
            .post(&case(&people.receipt, "dispatch"), &json!({}))
            .await;
        let id = given.expect(200).value()["order_id"].as_str().unwrap().to_owned();
        let reason = json!({ "reason": "核实过了" });
        let basis = json!({ "legal_basis": "城市道路管理条例第二十二条" });
        let acts = [
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
            (case(&people.receipt, "reply-release"), json!({})),
            (case(&people.receipt, "send-back"), reason.clone()),
            (
                case(&people.receipt, "demand-judgement"),
                json!({ "reasonable": true, "reason": "没有修好" }),
            ),
            (case(&people.receipt, "close-explained"), basis.clone()),
            (case(&people.receipt, "close-explained-approval"), reason.clone()),
            (case(&people.receipt, "close-explained-refusal"), reason.clone()),
            (order(&id, "sign-for"), json!({})),
            (order(&id, "assign"), json!({ "handler": people.handler.id() })),
            (order(&id, "contact"), json!({ "how": "phone", "note": "已联系" })),
            (order(&id, "progress"), json!({ "text": "已到现场" })),
            (order(&id, "reply"), reply()),
            (order(&id, "reply-signature"), json!({})),
            (order(&id, "reply-refusal"), reason.clone()),
            (order(&id, "return"), basis),
            (order(&id, "return-approval"), reason.clone()),
            (order(&id, "return-refusal"), reason),
        ];
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
fn a_clerk_asks_refuses_or_answers_and_tells_the_requester_why() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13853900013").await;
        let clerk = server.staff(Role::Clerk, HOTLINE).await;
        let asked = submit(&server, &resident, lamp(&server)).await;
        clerk
            .post(
                &case(&asked, "ask-information"),
                &json!({ "question": "是健康路哪一段？" }),
            )
            .await
            .expect(200);
        assert_eq!(lies_in(&clerk, "information").await, [asked]);

        let refused = submit(&server, &resident, lamp(&server)).await;
        let path = case(&refused, "refuse");
        clerk
            .post(&path, &json!({ "reason": "已进入诉讼程序", "lawful_path": " " }))
            .await
            .problem(ProblemCode::Invalid);
        clerk
            .post(
                &path,
                &json!({ "reason": "已进入诉讼程序", "lawful_path": "向受理的法院反映" }),
            )
            .await
            .expect(200);
        let seen = view(&clerk, &refused).await;
        let told = seen["timeline"].as_array().unwrap().last().unwrap()["sentence"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(
            told.contains("已进入诉讼程序") && told.contains("向受理的法院反映"),
            "{told}"
        );

        let mut question = lamp(&server);
        question.kind = Some(CaseKind::Inquiry);
        let inquiry = submit(&server, &resident, question).await;
        let city = server.services.city();
        let today = server.services.now().city_date();
        let article = city
            .knowledge
            .article
            .iter()
            .find(|article| article.holds_on(today))
            .unwrap();
        let path = case(&inquiry, "answer");
        clerk
            .post(&path, &json!({ "article": "no-such" }))
            .await
            .problem(ProblemCode::Invalid);
        clerk
            .post(&path, &json!({ "article": article.id, "text": "您好！" }))
            .await
            .expect(200);
        let seen = view(&clerk, &inquiry).await;
        let text = seen["replies"][0]["text"].as_str().unwrap();
        for part in ["您好！", &article.question, &article.answer, &article.basis] {
            assert!(text.contains(part), "{text}");
        }
        let broken = submit(&server, &resident, lamp(&server)).await;
        let refused = clerk
            .post(&case(&broken, "answer"), &json!({ "article": article.id }))
            .await;
        assert_eq!(
            refused.problem(ProblemCode::ActionNotAllowed).value()["reason"],
            "not_inquiry"
        );
    });
}

#[test]
fn acceptance_only_tightens_who_may_see_a_case_and_knows_its_places_and_categories() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13853900014").await;
        let clerk = server.staff(Role::Clerk, HOTLINE).await;
        let mut private = lamp(&server);
        private.visibility = Some(Visibility::Private);
        let receipt = submit(&server, &resident, private).await;
        for (field, value) in [
            ("visibility", json!("public")),
            ("category", json!("facilities")),
            ("region", json!("999999")),
            ("complained_unit", json!("nobody")),
        ] {
            let mut body = acceptance();
            body[field] = value;
            let refused = clerk
                .post(&case(&receipt, "accept"), &body)
                .await
                .problem(ProblemCode::Invalid);
            assert_eq!(refused.value()["field"], field);
        }
        clerk.post(&case(&receipt, "accept"), &acceptance()).await.expect(200);
        assert_eq!(view(&clerk, &receipt).await["visibility"], "private");
    });
}

#[test]
fn the_same_matter_of_another_resident_is_pointed_out() {
    on_both(async |server: TestServer| {
        let one = server.citizen("13853900015").await;
        let other = server.citizen("13853900016").await;
        let first = submit(&server, &one, lamp(&server)).await;
        let mut again = lamp(&server);
        again.title = Some("健康路东段路灯不亮".to_owned());
        again.text = "健康路东段好几盏路灯不亮，夜班回家摸黑走。".to_owned();
        let second = submit(&server, &other, again).await;
        let clerk = server.staff(Role::Clerk, HOTLINE).await;
        let seen = view(&clerk, &second).await;
        assert_eq!(seen["duplicates"][0]["receipt_no"], first.as_str());
        assert_eq!(seen["duplicates"][0]["same_requester"], false);
    });
}

#[test]
fn a_list_ends_at_the_edge_of_the_grant_and_goes_on_from_its_cursor() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13853900017").await;
        let mut receipts = Vec::new();
        for _ in 0..5 {
            receipts.push(submit(&server, &resident, lamp(&server)).await);
        }
        let clerk = server.staff(Role::Clerk, HOTLINE).await;
        let first = clerk
            .get("/api/v1/staff/queues/acceptance?limit=3")
            .await
            .expect(200)
            .value();
        let next = first["next"].as_str().unwrap();
        let path = format!("/api/v1/staff/queues/acceptance?limit=3&after={next}");
        let second = clerk.get(&path).await.expect(200).value();
        assert!(second.get("next").is_none());
        let pages = [first, second];
        let seen: Vec<_> = pages
            .iter()
            .flat_map(|page| page["items"].as_array().unwrap().clone())
            .map(|item| item["receipt_no"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(seen, receipts);
        clerk
            .get("/api/v1/staff/queues/acceptance?after=x")
            .await
            .problem(ProblemCode::Invalid);

        let limited = |region: Option<&str>, kinds: Option<Vec<CaseKind>>| Grant {
            region: region.map(str::to_owned),
            kinds,
            ..Grant::everywhere(Role::Clerk)
        };
        for (grant, expected) in [
            (limited(Some("371323"), None), 5),
            (limited(Some("371312"), None), 0),
            (limited(None, Some(vec![CaseKind::Inquiry])), 0),
            (limited(Some("371323"), Some(vec![CaseKind::Assistance])), 5),
        ] {
            let other = server.staff_with(HOTLINE, vec![grant.clone()]).await;
            assert_eq!(lies_in(&other, "acceptance").await.len(), expected, "{grant:?}");
            let status = other.get(&format!("/api/v1/staff/cases/{}", receipts[0])).await.status;
            assert_eq!(status, if expected == 0 { 404 } else { 200 }, "{grant:?}");
        }
    });
}

#[test]
fn a_list_takes_at_most_five_statements_and_a_case_at_most_four() {
    on_both(async |server: TestServer| {
        let people = accepted(&server).await;
        people.in_handling().await;
        for _ in 0..8 {
            submit(&server, &people.resident, lamp(&server)).await;
        }
        let open = format!("/api/v1/staff/cases/{}", people.receipt);
        for (actor, path, most) in [
            (&people.clerk, "/api/v1/staff/queues/acceptance", 5),
            (&people.handler, "/api/v1/staff/queues/handling", 5),
            (&people.leader, "/api/v1/staff/queues/signature", 5),
            (&people.reviewer, "/api/v1/staff/queues/judgement", 5),
            (&people.liaison, "/api/v1/staff/queues", 5),
            (&people.reviewer, open.as_str(), 4),
        ] {
            actor.get(path).await.expect(200);
            let before = server.services.database.statements_sent();
            actor.get(path).await.expect(200);
            let sent = server.services.database.statements_sent() - before;
            assert!(sent <= most, "{path}: {sent} statements");
        }
    });
}
