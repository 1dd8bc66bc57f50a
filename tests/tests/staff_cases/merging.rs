//! Cases of the same matter that a dispatcher puts together: each requester keeps receipt, reply and rating.

use serde_json::{Value, json};
use shared::{
    contract::problem::ProblemCode,
    domain::{
        case::{CaseKind, Visibility},
        role::{Grant, Role},
    },
};
use system_tests::server::{TestActor, TestServer, on_both};

use crate::desk::{HOTLINE, People, acceptance, accepted, case, lamp, order, reply, submit, view};

/// Another resident's report of the same lamps, which nobody but the hotline sees.
async fn of_a_neighbour(server: &TestServer, people: &People) -> (TestActor, String) {
    let neighbour = server.citizen("13853900018").await;
    let mut report = lamp(server);
    report.visibility = Some(Visibility::Private);
    let receipt = submit(server, &neighbour, report).await;
    people
        .clerk
        .post(&case(&receipt, "accept"), &acceptance())
        .await
        .expect(200);
    (neighbour, receipt)
}

fn under(primary: &str) -> Value {
    json!({ "primary": primary, "reason": "同一段路的同一批路灯。" })
}

async fn own(actor: &TestActor, receipt: &str) -> Value {
    actor.get(&format!("/api/v1/cases/{receipt}")).await.expect(200).value()
}

#[test]
fn who_is_merged_keeps_receipt_reply_and_rating() {
    on_both(async |server: TestServer| {
        let people = accepted(&server).await;
        let id = people.in_handling().await;
        let (neighbour, receipt) = of_a_neighbour(&server, &people).await;
        let merged = people
            .dispatcher
            .post(&case(&receipt, "merge"), &under(&people.receipt))
            .await
            .expect(200)
            .value();
        assert_eq!(merged["state"], "merged");
        let seen = view(&people.dispatcher, &people.receipt).await;
        assert_eq!(seen["member_count"], 1);
        let told = seen["timeline"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(
            (&told["action"], &told["detail"]["member"]),
            (&json!("merge"), &json!(receipt))
        );
        assert_eq!(
            view(&people.dispatcher, &receipt).await["primary"],
            people.receipt.as_str()
        );
        let inbox = people.liaison.get("/api/v1/me/inbox").await.expect(200).value();
        assert_eq!(inbox["items"][0]["topic"], "merge");
        let first = own(&people.resident, &people.receipt).await.to_string();
        assert!(
            !first.contains(&receipt) && !first.contains("同一批"),
            "nothing of the other resident: {first}"
        );

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
        let seen = own(&neighbour, &receipt).await;
        assert_eq!(seen["replies"][0]["text"], reply()["text"]);
        let unsolved = json!({ "grade": 1, "resolved": "no" });
        let path = format!("/api/v1/cases/{receipt}/rating");
        neighbour.post(&path, &unsolved).await.expect(200);
        let seen = view(&people.dispatcher, &people.receipt).await;
        assert_eq!(
            (&seen["state"], &seen["cycle"]),
            (&json!("handling"), &json!(2)),
            "one dissatisfied has it redone"
        );
    });
}

#[test]
fn what_does_not_belong_together_is_not_merged() {
    on_both(async |server: TestServer| {
        let people = accepted(&server).await;
        let (_, receipt) = of_a_neighbour(&server, &people).await;
        let merge = case(&receipt, "merge");
        let refused = |answer: system_tests::server::TestAnswer| {
            answer.problem(ProblemCode::ActionNotAllowed).value()["reason"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        let same = people.dispatcher.post(&merge, &under(&receipt)).await;
        assert_eq!(refused(same), "primary_unsuited");

        let mut report = lamp(&server);
        report.kind = Some(CaseKind::ViolationReport);
        let secret = submit(&server, &people.resident, report).await;
        let apart = people.dispatcher.post(&merge, &under(&secret)).await;
        assert_eq!(refused(apart), "report_kept_apart");

        let ended = submit(&server, &people.resident, lamp(&server)).await;
        let withdrawal = format!("/api/v1/cases/{ended}/withdrawal");
        people.resident.post(&withdrawal, &json!({})).await.expect(200);
        let late = people.dispatcher.post(&merge, &under(&ended)).await;
        assert_eq!(refused(late), "primary_unsuited");

        let questions = Grant {
            kinds: Some(vec![CaseKind::Inquiry]),
            ..Grant::everywhere(Role::Dispatcher)
        };
        let of_questions = server.staff_with(HOTLINE, vec![questions]).await;
        let mut question = lamp(&server);
        question.kind = Some(CaseKind::Inquiry);
        let question = submit(&server, &people.resident, question).await;
        of_questions
            .post(&case(&question, "merge"), &under(&people.receipt))
            .await
            .problem(ProblemCode::NotFound);

        people
            .dispatcher
            .post(&merge, &under(&people.receipt))
            .await
            .expect(200);
        let below = people
            .dispatcher
            .post(&case(&people.receipt, "merge"), &under(&question))
            .await;
        assert_eq!(refused(below), "has_members");
        let twice = people
            .dispatcher
            .post(&case(&question, "merge"), &under(&receipt))
            .await;
        assert_eq!(refused(twice), "primary_unsuited");
    });
}

#[test]
fn a_split_case_stands_where_it_stood_with_its_orders() {
    on_both(async |server: TestServer| {
        let people = accepted(&server).await;
        let (neighbour, receipt) = of_a_neighbour(&server, &people).await;
        let given = json!({ "lead": people.unit, "co": ["3713.water"], "reason": "路灯归住建部门管。" });
        people
            .dispatcher
            .post(&case(&receipt, "dispatch"), &given)
            .await
            .expect(200);
        people
            .dispatcher
            .post(&case(&receipt, "merge"), &under(&people.receipt))
            .await
            .expect(200);
        let stages = |seen: &Value| {
            let orders = seen["orders"].as_array().unwrap();
            orders
                .iter()
                .map(|order| order["stage"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        let seen = view(&people.dispatcher, &receipt).await;
        assert_eq!(stages(&seen), ["cancelled", "cancelled"]);
        assert_eq!(seen["clocks"], json!([]));
        let inbox = people.liaison.get("/api/v1/me/inbox").await.expect(200).value();
        assert!(inbox["items"][0]["body"].as_str().unwrap().contains("工单取消"));

        let why = json!({ "reason": "不是同一段路。" });
        let split = people
            .dispatcher
            .post(&case(&receipt, "split"), &why)
            .await
            .expect(200)
            .value();
        assert_eq!(split["state"], "dispatched");
        let seen = view(&people.dispatcher, &receipt).await;
        assert_eq!(stages(&seen), ["to_sign", "to_sign"]);
        assert!(seen.get("primary").is_none() && !seen["clocks"].as_array().unwrap().is_empty());
        let told = own(&neighbour, &receipt).await;
        let last = told["timeline"].as_array().unwrap().last().unwrap()["sentence"].clone();
        assert_eq!(last, "您的诉求改为单独办理。");
        assert!(!told.to_string().contains("不是同一段路"));
        let id = split["order_id"].as_str().unwrap();
        people
            .liaison
            .post(&order(id, "sign-for"), &json!({}))
            .await
            .expect(200);
    });
}

#[test]
fn who_takes_over_goes_on_with_the_order_of_the_one_who_left() {
    on_both(async |server: TestServer| {
        let people = accepted(&server).await;
        let leading = people.in_handling().await;
        let (_, receipt) = of_a_neighbour(&server, &people).await;
        people
            .dispatcher
            .post(&case(&receipt, "dispatch"), &json!({}))
            .await
            .expect(200);
        people
            .dispatcher
            .post(&case(&receipt, "merge"), &under(&people.receipt))
            .await
            .expect(200);
        let withdrawal = format!("/api/v1/cases/{}/withdrawal", people.receipt);
        people.resident.post(&withdrawal, &json!({})).await.expect(200);
        assert_eq!(view(&people.dispatcher, &receipt).await["state"], "handling");
        people
            .handler
            .post(&order(&leading, "reply"), &reply())
            .await
            .expect(200);
        people
            .leader
            .post(&order(&leading, "reply-signature"), &json!({}))
            .await
            .expect(200);
        let done = people.reviewer.post(&case(&receipt, "reply-release"), &json!({})).await;
        assert_eq!(done.expect(200).value()["state"], "replied");
    });
}
