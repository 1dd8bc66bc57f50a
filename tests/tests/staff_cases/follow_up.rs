//! Calls about a reply, by somebody outside the unit, and what callers add.

use serde_json::json;
use shared::{contract::problem::ProblemCode, domain::role::Role};
use system_tests::server::{TestServer, on_both};

use crate::desk::{HOTLINE, People, accepted, case, order, reply, view};

async fn answered(server: &TestServer) -> People {
    let people = accepted(server).await;
    let id = people.in_handling().await;
    people.handler.post(&order(&id, "reply"), &reply()).await.expect(200);
    let sign = order(&id, "reply-signature");
    people.leader.post(&sign, &json!({})).await.expect(200);
    let release = case(&people.receipt, "reply-release");
    people.reviewer.post(&release, &json!({})).await.expect(200);
    people
}

#[test]
fn a_rating_on_the_phone_is_marked_and_never_taken_by_the_unit() {
    on_both(async |server: TestServer| {
        let people = answered(&server).await;
        let rating = json!({ "grade": 4, "resolved": "yes", "comment": "电话里说都亮了。" });
        let rate = case(&people.receipt, "follow-up-rating");
        let of_the_unit = server.staff(Role::FollowUpClerk, &people.unit).await;
        let refused = of_the_unit
            .post(&rate, &rating)
            .await
            .problem(ProblemCode::ActionNotAllowed);
        assert_eq!(refused.value()["reason"], "handling_unit");

        let clerk = server.staff(Role::FollowUpClerk, HOTLINE).await;
        let attempt = case(&people.receipt, "follow-up-attempt");
        let note = json!({ "note": "上午打了三次，没有人接。" });
        let tried = clerk.post(&attempt, &note).await.expect(200).value();
        assert_eq!(tried["state"], "replied");
        let seen = view(&people.reviewer, &people.receipt).await;
        let running: Vec<_> = seen["clocks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|clock| clock["kind"].clone())
            .collect();
        assert_eq!(
            running,
            ["rating_window"],
            "the attempt was made, the window stays open"
        );
        let inbox = people.resident.get("/api/v1/me/inbox").await.expect(200).value();
        assert!(
            inbox["items"][0]["body"]
                .as_str()
                .unwrap()
                .starts_with("我们打电话回访，没有联系上您")
        );

        let closed = clerk.post(&rate, &rating).await.expect(200).value();
        assert_eq!(closed["state"], "closed");
        let seen = view(&people.reviewer, &people.receipt).await;
        assert_eq!(
            (&seen["ratings"][0]["by_proxy"], &seen["outcome"]),
            (&json!(true), &json!("resolved"))
        );
        let own = people.resident.get(&format!("/api/v1/cases/{}", people.receipt)).await;
        let own = own.expect(200).value();
        assert_eq!(
            own["ratings"][0]["by_proxy"], true,
            "the requester reads what was written down"
        );
        let inbox = people.resident.get("/api/v1/me/inbox").await.expect(200).value();
        assert_eq!(inbox["items"][0]["topic"], "rate_satisfied");
    });
}

#[test]
fn who_is_not_satisfied_on_the_phone_has_it_redone_too() {
    on_both(async |server: TestServer| {
        let people = answered(&server).await;
        let clerk = server.staff(Role::FollowUpClerk, HOTLINE).await;
        let rating = json!({ "grade": 2, "resolved": "no" });
        let rate = case(&people.receipt, "follow-up-rating");
        let again = clerk.post(&rate, &rating).await.expect(200).value();
        assert_eq!((&again["state"], &again["cycle"]), (&json!("handling"), &json!(2)));
    });
}

#[test]
fn a_supervisor_takes_a_closed_case_up_again_and_the_requester_keeps_the_own_reopening() {
    on_both(async |server: TestServer| {
        let people = answered(&server).await;
        let own = format!("/api/v1/cases/{}", people.receipt);
        let rating = json!({ "grade": 5, "resolved": "yes" });
        people
            .resident
            .post(&format!("{own}/rating"), &rating)
            .await
            .expect(200);
        let supervisor = server.staff(Role::HotlineSupervisor, HOTLINE).await;
        let why = json!({ "reason": "抽查发现又灭了两盏。" });
        let reopen = case(&people.receipt, "reopening");
        let again = supervisor.post(&reopen, &why).await.expect(200).value();
        assert_eq!((&again["state"], &again["cycle"]), (&json!("handling"), &json!(2)));
        let id = again["order_id"].as_str().unwrap();
        people.handler.post(&order(id, "reply"), &reply()).await.expect(200);
        people
            .leader
            .post(&order(id, "reply-signature"), &json!({}))
            .await
            .expect(200);
        people
            .reviewer
            .post(&case(&people.receipt, "reply-release"), &json!({}))
            .await
            .expect(200);
        people
            .resident
            .post(&format!("{own}/rating"), &rating)
            .await
            .expect(200);
        people
            .resident
            .post(&format!("{own}/reopening"), &why)
            .await
            .expect(200);
    });
}

#[test]
fn what_a_caller_adds_stands_beside_the_own_words() {
    on_both(async |server: TestServer| {
        let people = accepted(&server).await;
        let before = view(&people.clerk, &people.receipt).await;
        let words = json!({ "text": "诉求人来电：第六盏也不亮。" });
        people
            .clerk
            .post(&case(&people.receipt, "additions"), &words)
            .await
            .expect(200);
        let after = view(&people.clerk, &people.receipt).await;
        assert_eq!((&after["body"], &after["due"]), (&before["body"], &before["due"]));
        let last = after["timeline"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(
            (&last["action"], &last["detail"]["text"]),
            (&json!("add_information"), &words["text"])
        );
        let inbox = people.resident.get("/api/v1/me/inbox").await.expect(200).value();
        assert_eq!(inbox["items"][0]["topic"], "add_information");
    });
}
