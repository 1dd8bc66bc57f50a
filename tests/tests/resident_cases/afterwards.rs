//! What a requester does with a case: adds, urges, appeals, withdraws, rates, reopens.

use serde_json::json;
use shared::contract::problem::ProblemCode;
use system_tests::server::{TestServer, on_both};

use crate::city::{City, WORDS, inbox, lamp, of, own, submit};

#[test]
fn a_requester_answers_adds_urges_appeals_and_withdraws() {
    on_both(async |server: TestServer| {
        let city = City::of(&server).await;
        let resident = server.citizen("13953900001").await;
        let receipt = submit(&resident, &lamp()).await;
        let question = json!({ "question": "请问灯杆编号是多少？" });
        City::staff_act(&city.clerk, &receipt, "ask-information", question).await;
        let seen = own(&resident, &receipt).await;
        assert_eq!(seen["question"], "请问灯杆编号是多少？");
        let answer = json!({ "text": "灯杆编号是东关17号", "photos": ["d4".repeat(32)] });
        let stale = [("If-Match", "\"1\"")];
        let path = of(&receipt, "information");
        resident
            .send(reqwest::Method::POST, &path, &stale, Some(answer.clone()))
            .await
            .problem(ProblemCode::VersionMismatch);
        let done = resident.post_once(&path, "i-1", &answer).await.expect(200);
        assert_eq!(done.value()["state"], "submitted");
        assert_eq!(
            resident.post_once(&path, "i-1", &answer).await.expect(200).body,
            done.body
        );
        let added = json!({ "text": "昨晚有老人在那里摔倒了" });
        resident.post(&of(&receipt, "additions"), &added).await.expect(200);
        let seen = own(&resident, &receipt).await;
        let words: Vec<_> = seen["timeline"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|entry| entry["text"].as_str())
            .collect();
        assert_eq!(words, ["灯杆编号是东关17号", "昨晚有老人在那里摔倒了"]);
        assert_eq!(seen["text"], WORDS, "the report stays as it was");
        assert_eq!(seen["photos"][0]["purpose"], "information");

        resident.post(&of(&receipt, "urge"), &json!({})).await.expect(200);
        let refused = resident.post(&of(&receipt, "urge"), &json!({})).await;
        assert_eq!(
            refused.problem(ProblemCode::ActionNotAllowed).value()["reason"],
            "urged_today"
        );

        let refusal = json!({ "reason": "已经进入诉讼程序", "lawful_path": "向受理的法院反映" });
        City::staff_act(&city.clerk, &receipt, "refuse", refusal).await;
        let appeal = json!({ "reason": "这条街没有任何诉讼" });
        let again = resident
            .post(&of(&receipt, "appeal"), &appeal)
            .await
            .expect(200)
            .value();
        assert_eq!(again["state"], "submitted");
        resident
            .post(&of(&receipt, "appeal"), &appeal)
            .await
            .problem(ProblemCode::ActionNotAllowed);
        let gone = resident
            .post(&of(&receipt, "withdrawal"), &json!({ "reason": "灯已经亮了" }))
            .await;
        assert_eq!(gone.expect(200).value()["state"], "withdrawn");
        resident
            .post(&of(&receipt, "additions"), &added)
            .await
            .problem(ProblemCode::ActionNotAllowed);
    });
}

#[test]
fn a_low_rating_has_the_case_redone_and_a_good_one_closes_it_until_it_is_reopened_once() {
    on_both(async |server: TestServer| {
        let city = City::of(&server).await;
        let resident = server.citizen("13953900001").await;
        let receipt = submit(&resident, &lamp()).await;
        let early = json!({ "grade": 5, "resolved": "yes" });
        resident
            .post(&of(&receipt, "rating"), &early)
            .await
            .problem(ProblemCode::ActionNotAllowed);
        let order = city.take_on(&receipt).await;
        city.answer(&receipt, &order, "1").await;
        for bad in [
            json!({ "grade": 0, "resolved": "no" }),
            json!({ "grade": 6, "resolved": "yes" }),
        ] {
            resident
                .post(&of(&receipt, "rating"), &bad)
                .await
                .problem(ProblemCode::Invalid);
        }
        let low = json!({ "grade": 2, "resolved": "no", "attitude": 3, "comment": "只修了一盏，别的还是黑的" });
        let redone = resident
            .post_once(&of(&receipt, "rating"), "r-1", &low)
            .await
            .expect(200);
        assert_eq!(
            (&redone.value()["state"], &redone.value()["cycle"]),
            (&json!("handling"), &json!(2))
        );
        assert_eq!(
            resident
                .post_once(&of(&receipt, "rating"), "r-1", &low)
                .await
                .expect(200)
                .body,
            redone.body
        );

        let order = city.latest_order(&receipt).await;
        city.answer(&receipt, &order, "2").await;
        let good = json!({ "grade": 5, "resolved": "yes", "speed": 4 });
        let closed = resident.post(&of(&receipt, "rating"), &good).await.expect(200).value();
        assert_eq!(closed["state"], "closed");
        let seen = own(&resident, &receipt).await;
        assert_eq!(
            (&seen["outcome"], &seen["progress"]["reached"]),
            (&json!("resolved"), &json!(5))
        );
        assert_eq!(seen["redo_count"], 1);
        let grades: Vec<_> = seen["ratings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|rating| (rating["cycle"].clone(), rating["grade"].clone()))
            .collect();
        assert_eq!(grades, [(json!(1), json!(2)), (json!(2), json!(5))]);
        assert_eq!(seen["replies"].as_array().unwrap().len(), 2);
        assert_eq!(seen["photos"].as_array().unwrap().len(), 4);
        assert_eq!(seen["orders"].as_array().unwrap().len(), 2);
        assert!(
            !seen.to_string().contains("submit_reply"),
            "what colleagues do among themselves is not shown"
        );

        resident
            .post(&of(&receipt, "reopening"), &json!({ "reason": " " }))
            .await
            .problem(ProblemCode::Invalid);
        let again = resident
            .post(&of(&receipt, "reopening"), &json!({ "reason": "下雨以后又不亮了" }))
            .await;
        assert_eq!(again.expect(200).value()["state"], "handling");
        let told = inbox(&resident).await;
        assert!(told["items"][0]["body"].as_str().unwrap().contains("重新打开"));
    });
}
