//! What everybody else reads of a case: the public page, and those who share the case with a case of their own. Nobody is
//! addressed who is not meant, and nothing of the requester shows; what they urge or add reaches whoever handles it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

mod town;

use api::background::deliver_once;
use serde_json::{Value, json};
use system_tests::server::{TestActor, TestServer, on_both};
use town::Town;

/// What the actor's inbox says, oldest first.
async fn inbox(actor: &TestActor) -> Vec<Value> {
    let page = actor.get("/api/v1/me/inbox?limit=100").await.expect(200).value();
    let mut items = page["items"].as_array().unwrap().clone();
    items.reverse();
    items
}

fn of_topic(items: &[Value], topic: &str) -> Vec<String> {
    let of_topic = items.iter().filter(|item| item["topic"] == topic);
    of_topic.map(|item| item["body"].as_str().unwrap().to_owned()).collect()
}

/// A neighbour's own case under the resident's; answers its receipt number.
async fn joined(town: &Town, receipt: &str) -> String {
    let path = format!("/api/v1/cases/{receipt}/me-too");
    let joining = json!({ "text": "我家门口这一段也不亮。" });
    let joined = town.neighbour.post(&path, &joining).await.expect(201).value();
    joined["receipt_no"].as_str().unwrap().to_owned()
}

/// Taken on as a private case from now on.
async fn accepted_as_private(town: &Town, receipt: &str) {
    let mut private = town::acceptance();
    private["visibility"] = json!("private");
    let path = town::ACCEPT.replace("{receipt_no}", receipt);
    town.clerk.post(&path, &private).await.expect(200);
}

async fn delivered(server: &TestServer) {
    deliver_once(&server.services).await.unwrap();
}

#[test]
fn the_public_page_speaks_to_nobody_and_leaves_out_what_was_typed() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.submitted("public").await;
        let question = json!({ "question": "王女士，是健康路的哪一段？" });
        let ask = format!("/api/v1/staff/cases/{receipt}/ask-information");
        town.clerk.post(&ask, &question).await.expect(200);
        let answer = json!({ "text": "从医院门口到中学那一段。" });
        let supply = format!("/api/v1/cases/{receipt}/information");
        town.resident.post(&supply, &answer).await.expect(200);
        let accept = town::ACCEPT.replace("{receipt_no}", &receipt);
        town.clerk.post(&accept, &town::acceptance()).await.expect(200);
        let order = town.dispatch(&receipt).await;
        town.sign_for(&order).await;
        let progress = json!({ "text": "已经和王女士约好明天上门。", "public": true });
        let path = format!("/api/v1/staff/orders/{order}/progress");
        town.handler.post(&path, &progress).await.expect(200);
        town.replied(&receipt, &order).await;
        town.rated(&receipt, 1, "no").await;

        let page = format!("/api/v1/public/cases/{receipt}");
        let shown = server.anonymous().get(&page).await.expect(200).value();
        let timeline = shown["timeline"].as_array().unwrap();
        let said: Vec<&str> = timeline
            .iter()
            .map(|entry| entry["sentence"].as_str().unwrap())
            .collect();
        for sentence in &said {
            assert!(!sentence.contains('您') && !sentence.contains("王女士"), "{sentence}");
        }
        let unit = server.services.city().unit_name(town::UNIT).to_owned();
        for (place, beginning) in [
            "诉求已经收到",
            "诉求已经受理",
            &format!("诉求已经派给{unit}"),
            &format!("{unit}已经签收"),
            &format!("{unit}更新了进展。"),
            &format!("{unit}已经写好答复"),
            &format!("{unit}已经答复，等待评价"),
            "反映这件事的居民不满意，重新办理",
            "诉求升为一级督办（热线督办），原因是对办理结果不满意。",
        ]
        .iter()
        .enumerate()
        {
            assert!(said[place].starts_with(beginning), "{said:#?}");
        }
        assert_eq!(said.len(), 9, "questions and answers stay between two: {said:#?}");
    });
}

#[test]
fn who_shares_a_case_hears_of_each_step_also_when_it_is_not_public() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.submitted("public").await;
        let own_receipt = joined(&town, &receipt).await;
        accepted_as_private(&town, &receipt).await;
        let order = town.dispatch(&receipt).await;
        town.sign_for(&order).await;
        let progress = json!({ "text": "已经和王女士约好明天上门。", "public": true });
        let path = format!("/api/v1/staff/orders/{order}/progress");
        town.handler.post(&path, &progress).await.expect(200);
        town.replied(&receipt, &order).await;
        delivered(&server).await;

        let told = inbox(&town.neighbour).await;
        let steps = [
            "accept",
            "dispatch",
            "sign_for",
            "add_progress",
            "sign_reply",
            "release_reply",
        ];
        for step in steps {
            let said = of_topic(&told, step);
            assert!(said.len() == 1, "{step}: {told:#?}");
            assert!(said[0].starts_with("与您的诉求合并办理的诉求有进展："), "{}", said[0]);
            assert_eq!(of_topic(&inbox(&town.resident).await, step).len(), 1, "{step}");
        }
        assert!(of_topic(&told, "release_reply")[0].ends_with("您也可以看看答复并评价。"));
        assert!(
            told.iter().all(|item| item["receipt_no"] == own_receipt.as_str()),
            "{told:#?}"
        );
        let seen = town
            .neighbour
            .get(&format!("/api/v1/cases/{own_receipt}"))
            .await
            .expect(200);
        for text in [&json!(told).to_string(), &seen.value().to_string()] {
            assert!(!text.contains("王女士"), "{text}");
            assert!(!text.contains(&receipt), "the other's case is private: {text}");
        }
    });
}

#[test]
fn what_a_member_urges_or_adds_reaches_whoever_handles_the_case() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.submitted("public").await;
        let own_receipt = joined(&town, &receipt).await;
        accepted_as_private(&town, &receipt).await;
        let order = town.dispatch(&receipt).await;
        town.sign_for(&order).await;
        let handler = json!({ "handler": town.handler.id() });
        let assign = format!("/api/v1/staff/orders/{order}/assign");
        town.liaison.post(&assign, &handler).await.expect(200);

        let urge = format!("/api/v1/cases/{own_receipt}/urge");
        town.neighbour.post(&urge, &json!({})).await.expect(200);
        let more = json!({ "text": "昨晚我家门口又灭了一盏。" });
        let add = format!("/api/v1/cases/{own_receipt}/additions");
        town.neighbour.post(&add, &more).await.expect(200);

        for holder in [&town.liaison, &town.leader, &town.handler] {
            let told = inbox(holder).await;
            assert_eq!(of_topic(&told, "urge"), ["一起反映这件事的居民催办，请尽快办理。"]);
            assert_eq!(
                of_topic(&told, "add_information"),
                ["一起反映这件事的居民追加了信息，请查看。"]
            );
            assert!(
                told.iter().all(|item| item["receipt_no"] == receipt.as_str()),
                "{told:#?}"
            );
        }
        let staff = format!("/api/v1/staff/cases/{receipt}");
        let shown = town.handler.get(&staff).await.expect(200).value();
        assert_eq!(shown["urge_count"], 1);
        let timeline = shown["timeline"].as_array().unwrap();
        let added = timeline
            .iter()
            .find(|entry| entry["action"] == "add_information")
            .unwrap();
        assert_eq!(added["detail"]["text"], "昨晚我家门口又灭了一盏。");
        let own = town
            .resident
            .get(&format!("/api/v1/cases/{receipt}"))
            .await
            .expect(200)
            .value();
        assert!(
            !own.to_string().contains("又灭了一盏"),
            "the neighbour's words are not the requester's to read"
        );
        let own = town
            .neighbour
            .get(&format!("/api/v1/cases/{own_receipt}"))
            .await
            .expect(200)
            .value();
        assert_eq!(own["urge_count"], 1);
        // Each urges once a working day, the one not for the other.
        town.resident
            .post(&format!("/api/v1/cases/{receipt}/urge"), &json!({}))
            .await
            .expect(200);
        let shown = town.supervisor.get(&staff).await.expect(200).value();
        assert_eq!(shown["urge_count"], 2);
    });
}

#[test]
fn a_case_that_a_member_takes_over_goes_on_with_its_unit_and_its_clocks() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let receipt = town.accepted("public").await;
        let own_receipt = joined(&town, &receipt).await;
        let order = town.dispatch(&receipt).await;
        let withdraw = format!("/api/v1/cases/{receipt}/withdrawal");
        town.resident.post(&withdraw, &json!({})).await.expect(200);
        let shown = town.view(&own_receipt).await;
        assert_eq!(shown["state"], "dispatched");
        let clocks: Vec<&str> = shown["clocks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|clock| clock["kind"].as_str().unwrap())
            .collect();
        for kind in ["handle", "sign_for", "first_contact"] {
            assert!(clocks.contains(&kind), "{clocks:?}");
        }
        town.sign_for(&order).await;
        town.replied(&own_receipt, &order).await;
        assert_eq!(town.view(&own_receipt).await["state"], "replied");
    });
}
