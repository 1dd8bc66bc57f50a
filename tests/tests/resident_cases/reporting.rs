//! Before and while a report is sent.

use serde_json::json;
use shared::contract::problem::ProblemCode;
use system_tests::server::{TestServer, on_both};

use crate::city::{WORDS, lamp, of, submit, verdict};

#[test]
fn a_resident_hears_beforehand_what_a_report_would_come_to_and_is_shown_what_others_reported() {
    on_both(async |server: TestServer| {
        let visitor = server.anonymous();
        let draft = json!({ "text": WORDS, "place": { "latitude": 35.1049, "longitude": 118.3566 } });
        let seen = visitor.post("/api/v1/cases/preview", &draft).await.expect(200).value();
        assert_eq!(seen["kind"], "assistance");
        assert_eq!(seen["categories"][0]["code"], "facilities.street_light");
        assert!(!seen["recipient"]["reason"].as_str().unwrap().is_empty());
        // Monday the 23rd and five working days: until midnight after Monday the 30th.
        assert_eq!(seen["due_at"], "2026-12-01T00:00:00+08:00");
        assert_eq!(seen["visibility"], "public");
        assert_eq!(seen["questions"][0]["code"], "extent");
        assert_eq!(seen["near_duplicates"], json!([]));

        let resident = server.citizen("13953900001").await;
        let receipt = submit(&resident, &lamp()).await;
        let mut hidden = lamp();
        hidden["visibility"] = json!("private");
        submit(&resident, &hidden).await;
        let mut far = lamp();
        far["place"] = json!({ "latitude": 35.1247, "longitude": 118.3564 });
        submit(&resident, &far).await;
        let before = server.services.database.statements_sent();
        let seen = visitor.post("/api/v1/cases/preview", &draft).await.expect(200).value();
        let sent = server.services.database.statements_sent() - before;
        assert!(sent <= 5, "{sent} statements");
        let offered = seen["near_duplicates"].as_array().unwrap();
        assert_eq!(offered.len(), 1, "{offered:?}");
        assert_eq!(offered[0]["case"]["receipt_no"], receipt.as_str());
        assert!(offered[0]["similarity"].as_u64().unwrap() > 90);
        assert!(offered[0]["distance"].as_f64().unwrap() < 60.0);
        let told = offered[0].to_string();
        assert!(!told.contains("东关街中段") && !told.contains("requester"), "{told}");

        let danger = json!({ "text": "小区楼道闻到很浓的煤气味，可能煤气泄漏了" });
        let seen = visitor.post("/api/v1/cases/preview", &danger).await.expect(200).value();
        assert!(seen["emergency_numbers"].as_array().unwrap().contains(&json!("119")));
        visitor
            .post("/api/v1/cases/preview", &json!({ "text": "灯".repeat(2001) }))
            .await
            .problem(ProblemCode::Invalid);
    });
}

#[test]
fn a_report_is_taken_once_shown_to_its_requester_alone_and_listed_newest_first() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13953900001").await;
        let first = resident.post_once("/api/v1/cases", "s-1", &lamp()).await.expect(201);
        let again = resident.post_once("/api/v1/cases", "s-1", &lamp()).await.expect(201);
        assert_eq!(first.body, again.body);
        let taken = first.value();
        let receipt = taken["receipt_no"].as_str().unwrap();
        assert_eq!(
            first.header("location"),
            Some(format!("/api/v1/cases/{receipt}").as_str())
        );
        assert_eq!(taken["due_at"], "2026-11-25T00:00:00+08:00");
        assert!(!taken["recipient"]["name"].as_str().unwrap().is_empty());

        let mut private = lamp();
        private["visibility"] = json!("private");
        private["photos"] = json!(["C3".repeat(32)]);
        let second = submit(&resident, &private).await;
        let page = resident.get("/api/v1/me/cases?limit=1").await.expect(200).value();
        assert_eq!(page["items"][0]["receipt_no"], second.as_str());
        let next = page["next"].as_str().unwrap();
        let before = server.services.database.statements_sent();
        let page = resident
            .get(&format!("/api/v1/me/cases?after={next}"))
            .await
            .expect(200)
            .value();
        assert!(server.services.database.statements_sent() - before <= 5);
        assert_eq!(page["items"].as_array().unwrap().len(), 1);
        assert_eq!(page["items"][0]["receipt_no"], receipt);
        assert_eq!(page["items"][0]["progress"]["reached"], 1);
        assert!(page.get("next").is_none());

        let path = format!("/api/v1/cases/{second}");
        let before = server.services.database.statements_sent();
        let answer = resident.get(&path).await.expect(200);
        assert!(server.services.database.statements_sent() - before <= 4);
        assert_eq!(answer.header("etag"), Some("\"1\""));
        let seen = answer.value();
        assert_eq!(seen["text"], WORDS);
        assert_eq!(seen["answers"][0]["answer"], "整段路");
        assert_eq!(seen["photos"][0]["sha256"], "c3".repeat(32));
        assert_eq!(seen["place"]["words"], "东关街中段超市门口");
        assert!(seen["timeline"][0]["sentence"].as_str().unwrap().contains("已经收到"));
        assert_eq!(verdict(&seen, "withdraw")["allowed"], true);
        assert_eq!(verdict(&seen, "reopen")["refusal"], "wrong_state");

        let neighbour = server.citizen("13953900002").await;
        neighbour.get(&path).await.problem(ProblemCode::NotFound);
        let open = neighbour
            .get(&format!("/api/v1/cases/{receipt}"))
            .await
            .expect(200)
            .value();
        assert_eq!(open["face"], "public");
        assert!(
            !open.to_string().contains("东关街"),
            "no word before a moderator's release: {open}"
        );
        for act in ["urge", "withdrawal"] {
            neighbour
                .post(&of(&second, act), &json!({}))
                .await
                .problem(ProblemCode::NotFound);
            neighbour
                .post(&of(receipt, act), &json!({}))
                .await
                .problem(ProblemCode::Forbidden);
        }
        let last = receipt.chars().last().unwrap();
        let other = if last == '0' { '1' } else { '0' };
        let mistyped = format!("{}{other}", &receipt[..receipt.len() - 1]);
        let refused = resident
            .get(&format!("/api/v1/cases/{mistyped}"))
            .await
            .problem(ProblemCode::NotFound);
        assert!(refused.value()["detail"].as_str().unwrap().contains("输错"));
    });
}

#[test]
fn what_is_too_long_unknown_or_out_of_place_is_refused_by_the_name_of_its_field() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13953900001").await;
        let wrong = [
            ("text", json!("")),
            ("text", json!("灯".repeat(2001))),
            ("text", json!("灯\u{0}灭")),
            ("title", json!("灯".repeat(61))),
            ("category", json!("facilities.unknown")),
            ("answers", json!({ "extent": "一点点" })),
            ("photos", json!(["不是哈希"])),
            ("photos", json!(vec!["a1".repeat(32); 10])),
            ("complained_unit", json!("3713.nobody")),
        ];
        for (field, value) in wrong {
            let mut report = lamp();
            report[field] = value;
            let refused = resident
                .post("/api/v1/cases", &report)
                .await
                .problem(ProblemCode::Invalid);
            assert_eq!(refused.value()["field"], field, "{refused:?}");
        }
        let mut half = lamp();
        half["place"] = json!({ "latitude": 35.1 });
        resident
            .post("/api/v1/cases", &half)
            .await
            .problem(ProblemCode::Invalid);
        let mut extra = lamp();
        extra["state"] = json!("closed");
        resident
            .post("/api/v1/cases", &extra)
            .await
            .problem(ProblemCode::Malformed);
        let page = resident.get("/api/v1/me/cases").await.expect(200).value();
        assert_eq!(page["items"], json!([]), "nothing of it is kept");
        resident
            .get("/api/v1/me/cases?after=x")
            .await
            .problem(ProblemCode::Invalid);
    });
}
