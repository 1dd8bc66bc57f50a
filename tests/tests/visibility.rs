//! The table of what is public and private, over HTTP: one case with everything in it, in each visibility, as the public, another
//! resident, the requester, the handling unit and the hotline read it. On both databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

mod town;

use serde_json::json;
use shared::{contract::problem::ProblemCode, domain::role::Role};
use system_tests::{
    samples::sample,
    server::{TestActor, TestServer, on_both},
};
use town::{HOTLINE, Town};

const NAME: &str = "沂水王师傅";
/// The requester's number, whole and masked.
const NUMBERS: [&str; 2] = ["13853900021", "138****0021"];
/// What people wrote to each other inside.
const INTERNAL: [&str; 7] = [
    "没有移交给我们",
    "查过移交清单",
    "晚上七点后在家",
    "怀疑有人偷电缆",
    "外地调运",
    "说话太冲",
    "请分管局长约谈",
];
/// A case that was returned, dispatched again, given more time, answered, redone, supervised and closed.
async fn lived(town: &Town, visibility: &str) -> String {
    let mut report = town.lamp(visibility);
    report["text"] = json!("健康路东段路灯不亮，王奶奶家门口最暗，联系电话13912345678。");
    report["place"]["words"] = json!("王奶奶家门口");
    let sent = town.resident.post("/api/v1/cases", &report).await.expect(201).value();
    let receipt = sent["receipt_no"].as_str().unwrap().to_owned();
    let accept = town::ACCEPT.replace("{receipt_no}", &receipt);
    town.clerk.post(&accept, &town::acceptance()).await.expect(200);
    let of_order = |order: &str, act: &str| format!("/api/v1/staff/orders/{order}/{act}");

    let returned = town.dispatch(&receipt).await;
    let basis = json!({ "legal_basis": "三定方案", "reason": "这段路没有移交给我们。" });
    town.leader
        .post(&of_order(&returned, "return"), &basis)
        .await
        .expect(200);
    let checked = json!({ "reason": "查过移交清单了。" });
    let approve = of_order(&returned, "return-approval");
    town.other_dispatcher.post(&approve, &checked).await.expect(200);

    let order = town.dispatch(&receipt).await;
    town.sign_for(&order).await;
    let contact = json!({ "how": "phone", "note": "他说晚上七点后在家。" });
    town.handler
        .post(&of_order(&order, "contact"), &contact)
        .await
        .expect(200);
    for (text, public) in [("怀疑有人偷电缆，先不说。", false), ("已经安排抢修。", true)] {
        let progress = json!({ "text": text, "public": public });
        town.handler
            .post(&of_order(&order, "progress"), &progress)
            .await
            .expect(200);
    }
    let longer = json!({ "working_days": 2, "reason": "灯具要从外地调运。" });
    town.leader
        .post(&of_order(&order, "extension"), &longer)
        .await
        .expect(200);
    let approve = of_order(&order, "extension-approval");
    town.reviewer
        .post(&approve, &json!({ "reason": "灯具周三到货。" }))
        .await
        .expect(200);
    town.replied(&receipt, &order).await;

    let rating = format!("/api/v1/cases/{receipt}/rating");
    let bad = json!({ "grade": 1, "resolved": "no", "comment": "来的人说话太冲。" });
    town.resident.post(&rating, &bad).await.expect(200);
    let call = json!({ "tool": "call", "note": "请分管局长约谈经办人。" });
    let held = town.supervision_of(&receipt, &town.supervisor, "hotline").await;
    let path = format!("/api/v1/staff/supervisions/{held}/actions");
    town.supervisor.post(&path, &call).await.expect(204);
    let order = town.order_of(&receipt).await;
    town.replied(&receipt, &order).await;
    town.rated(&receipt, 4, "yes").await;
    receipt
}

async fn read(actor: &TestActor, path: &str) -> String {
    String::from_utf8(actor.get(path).await.expect(200).body).unwrap()
}

fn holds_none_of(text: &str, words: &[&str]) {
    for word in words {
        assert!(!text.contains(word), "it tells {word}: {text}");
    }
}

async fn named(town: &Town) {
    let name = json!({ "display_name": NAME });
    let path = "/api/v1/me";
    town.resident
        .send(reqwest::Method::PATCH, path, &[], Some(name))
        .await
        .expect(200);
}

/// Names of the staff who had a hand in the case.
async fn staff_names(town: &Town) -> Vec<String> {
    let mut names = Vec::new();
    for actor in [
        &town.clerk,
        &town.dispatcher,
        &town.handler,
        &town.leader,
        &town.reviewer,
        &town.supervisor,
    ] {
        let own = actor.get("/api/v1/staff/me").await.expect(200).value();
        names.push(own["display_name"].as_str().unwrap().to_owned());
    }
    names
}

#[test]
fn of_a_public_case_everybody_reads_the_facts_and_nobody_the_person_or_what_is_internal() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        named(&town).await;
        let receipt = lived(&town, "public").await;
        let page = format!("/api/v1/public/cases/{receipt}");
        let facts = server.anonymous().get(&page).await.expect(200).value();
        for (name, value) in [
            ("receipt_no", json!(receipt)),
            ("kind", json!("assistance")),
            ("state", json!("closed")),
            ("outcome", json!("resolved")),
            ("tier", json!(1)),
            ("cycle", json!(2)),
            ("redo_count", json!(1)),
            ("return_count", json!(1)),
            ("extension_count", json!(1)),
        ] {
            assert_eq!(facts[name], value, "{name}");
        }
        assert_eq!(facts["category"]["code"], "facilities.street_light");
        assert_eq!(facts["unit"]["code"], town::UNIT);
        assert_eq!(facts["rating"]["grade"], 4);
        assert_eq!(facts["received_at"], "2026-11-23T10:00:00+08:00");
        assert_eq!(facts["place"]["precision"], "area");
        assert!(facts["place"].get("words").is_none(), "how the requester described it");
        let area = facts["place"]["area"].as_str().unwrap();
        assert!(area.contains("沂水县") && area.contains("沂城街道"), "{area}");
        let timeline = facts["timeline"].to_string();
        assert!(
            timeline.contains("一级督办（热线督办），原因是对办理结果不满意"),
            "{timeline}"
        );
        for words in ["title", "text"] {
            assert!(facts.get(words).is_none(), "not before a moderator released it");
        }

        let moderation = town.moderation(&receipt).await;
        let path = format!("/api/v1/staff/moderation/{receipt}");
        town.moderator.post(&path, &moderation).await.expect(200);
        let released = server.anonymous().get(&page).await.expect(200).value();
        assert_eq!(released["replies"].as_array().unwrap().len(), 2);
        let names = staff_names(&town).await;
        for reader in [&server.anonymous(), &town.neighbour] {
            let own = format!("/api/v1/cases/{receipt}");
            let path = if reader.tokens.is_some() { &own } else { &page };
            let text = read(reader, path).await;
            holds_none_of(&text, &INTERNAL);
            holds_none_of(&text, &NUMBERS);
            holds_none_of(&text, &[NAME, "13912345678", &town.resident.id()]);
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            holds_none_of(&text, &names);
        }
        let own = read(&town.resident, &format!("/api/v1/cases/{receipt}")).await;
        holds_none_of(&own, &INTERNAL[..5]);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        holds_none_of(&own, &names);
        assert!(own.contains("13912345678"), "the own words stay as they were");
        let unit = town
            .handler
            .get(&format!("/api/v1/staff/cases/{receipt}"))
            .await
            .expect(200);
        assert_eq!(
            unit.value()["requester"],
            json!({ "display_name": NAME, "phone": NUMBERS[1] })
        );
    });
}

#[test]
fn a_private_case_is_a_number_in_the_statistics_of_its_county_and_nothing_more() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        named(&town).await;
        for visibility in ["private", "confidential"] {
            let before = counted(&server).await;
            let receipt = lived(&town, visibility).await;
            for (reader, path) in [
                (&server.anonymous(), format!("/api/v1/public/cases/{receipt}")),
                (&town.neighbour, format!("/api/v1/cases/{receipt}")),
                (&town.neighbour, format!("/api/v1/public/cases/{receipt}")),
            ] {
                reader.get(&path).await.problem(ProblemCode::NotFound);
            }
            for path in ["/api/v1/public/cases", "/api/v1/public/map?bbox=117.2,34.3,119.2,36.3"] {
                let listed = read(&server.anonymous(), path).await;
                holds_none_of(&listed, &[&receipt, "路灯"]);
            }
            let after = counted(&server).await;
            for (whole, county) in [(0, 2), (1, 3)] {
                assert_eq!(after[whole], before[whole] + 1, "received or answered");
                assert_eq!(after[county], before[county] + 1, "and in its county");
            }
            town.moderator
                .get(&format!("/api/v1/staff/moderation/{receipt}"))
                .await
                .problem(ProblemCode::NotFound);
            let own = read(&town.resident, &format!("/api/v1/cases/{receipt}")).await;
            assert!(own.contains("王奶奶家门口"));
            holds_none_of(&own, &INTERNAL[..5]);
        }
    });
}

/// Received and answered, in the city and in Yishui.
async fn counted(server: &TestServer) -> [i64; 4] {
    let counts = server
        .anonymous()
        .get("/api/v1/public/counts")
        .await
        .expect(200)
        .value();
    let counties = counts["counties"].as_array().unwrap();
    let yishui = counties
        .iter()
        .find(|county| county["county"]["name"] == "沂水县")
        .unwrap();
    [
        &counts["received"],
        &counts["answered"],
        &yishui["received"],
        &yishui["answered"],
    ]
    .map(|count| count.as_i64().unwrap())
}

#[test]
fn the_unit_knows_who_asked_in_a_private_case_and_never_in_a_confidential_one() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        named(&town).await;
        let private = format!("/api/v1/staff/cases/{}", lived(&town, "private").await);
        let seen = town.handler.get(&private).await.expect(200).value();
        assert_eq!(seen["requester"], json!({ "display_name": NAME, "phone": NUMBERS[1] }));
        let confidential = format!("/api/v1/staff/cases/{}", lived(&town, "confidential").await);
        for reader in [
            &town.liaison,
            &town.handler,
            &town.leader,
            &town.dispatcher,
            &town.reviewer,
        ] {
            let text = read(reader, &confidential).await;
            holds_none_of(&text, &NUMBERS);
            holds_none_of(&text, &[NAME, &town.resident.id()]);
        }
        let caller = town.clerk.get(&confidential).await.expect(200).value();
        assert_eq!(caller["requester"]["phone"], NUMBERS[1], "the hotline alone calls");
        // The requester's other case shows in none of the two.
        let other = town.submitted("private").await;
        for (reader, path) in [
            (&town.clerk, &private),
            (&town.handler, &private),
            (&town.clerk, &confidential),
        ] {
            holds_none_of(&read(reader, path).await, &[&other]);
        }
    });
}

#[test]
fn a_violation_report_is_confidential_whatever_was_chosen() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let mut report = town.lamp("public");
        report["kind"] = json!("violation_report");
        let sent = town.resident.post("/api/v1/cases", &report).await.expect(201).value();
        let receipt = sent["receipt_no"].as_str().unwrap().to_owned();
        let page = format!("/api/v1/public/cases/{receipt}");
        server.anonymous().get(&page).await.problem(ProblemCode::NotFound);
        let accept = town::ACCEPT.replace("{receipt_no}", &receipt);
        let mut acceptance = town::acceptance();
        acceptance["kind"] = json!("violation_report");
        town.clerk.post(&accept, &acceptance).await.expect(200);
        assert_eq!(town.view(&receipt).await["visibility"], "confidential");
        let order = town.dispatch(&receipt).await;
        town.sign_for(&order).await;
        let seen = town
            .handler
            .get(&format!("/api/v1/staff/cases/{receipt}"))
            .await
            .expect(200);
        assert!(seen.value().get("requester").is_none());
        // What becomes one only at acceptance is taken from the public then.
        let later = town.submitted("public").await;
        let page = format!("/api/v1/public/cases/{later}");
        server.anonymous().get(&page).await.expect(200);
        let accept = town::ACCEPT.replace("{receipt_no}", &later);
        town.clerk.post(&accept, &acceptance).await.expect(200);
        server.anonymous().get(&page).await.problem(ProblemCode::NotFound);
    });
}

#[test]
fn photos_of_what_is_not_public_are_the_requesters_and_the_staffs_alone() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let jpeg = [("Content-Type", "image/jpeg")];
        let sent = town
            .resident
            .post_body("/api/v1/photos", &jpeg, sample("linyi.jpg"))
            .await;
        let photo = sent.unwrap().expect(201).value();
        let mut report = town.lamp("private");
        report["photos"] = json!([photo["sha256"]]);
        let sent = town.resident.post("/api/v1/cases", &report).await.expect(201).value();
        let id = photo["id"].as_str().unwrap();
        let (inside, outside) = (
            format!("/api/v1/photos/{id}/display"),
            format!("/api/v1/public/photos/{id}/display"),
        );
        server.anonymous().get(&outside).await.problem(ProblemCode::NotFound);
        town.neighbour.get(&inside).await.problem(ProblemCode::NotFound);
        town.handler.get(&inside).await.problem(ProblemCode::NotFound);
        for reader in [&town.resident, &town.clerk] {
            reader.get(&inside).await.expect(200);
        }
        let path = format!("/api/v1/staff/moderation/{}", sent["receipt_no"].as_str().unwrap());
        town.moderator.get(&path).await.problem(ProblemCode::NotFound);
    });
}

#[test]
fn of_the_fifth_tier_the_public_reads_that_it_was_passed_on_and_the_class_of_its_result() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let officer = server.staff(Role::DisciplineOfficer, HOTLINE).await;
        for visibility in ["public", "private"] {
            let receipt = town.accepted(visibility).await;
            let why = json!({ "cause": "retaliation", "reason": "有人上门威胁诉求人。" });
            let path = format!("/api/v1/staff/cases/{receipt}/supervision");
            town.supervisor.post(&path, &why).await.expect(200);
            let id = town.supervision_of(&receipt, &officer, "discipline").await;
            let decided = json!({ "result": "red_card", "text": "对责任人立案问责。" });
            let path = format!("/api/v1/staff/supervisions/{id}/result");
            officer.post(&path, &decided).await.expect(204);
            let page = format!("/api/v1/public/cases/{receipt}");
            if visibility == "private" {
                server.anonymous().get(&page).await.problem(ProblemCode::NotFound);
                continue;
            }
            let shown = server.anonymous().get(&page).await.expect(200).value();
            assert_eq!(shown["tier"], 5);
            let held = &shown["supervisions"][0];
            assert_eq!(
                (&held["tier_number"], &held["result_name"]),
                (&json!(5), &json!("追责问责"))
            );
            assert!(held.get("cause_name").is_none(), "{held}");
            let said = shown["timeline"].to_string();
            assert!(said.contains("五级督办（纪委督办）") && said.contains("问责"), "{said}");
            holds_none_of(
                &shown.to_string(),
                &["打击报复", "retaliation", "威胁", "立案", "责任人"],
            );
        }
    });
}
