//! What anybody may read without signing in: facts at once, words and photos after release, homes coarsely, the requester never.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

mod reports;

use reports::{index, lamp, receipt, release_all, submit};
use serde_json::{Value, json};
use shared::{
    contract::problem::ProblemCode,
    domain::{
        case::Visibility,
        location::{GeoPoint, distance_metres},
        role::Role,
    },
};
use system_tests::server::{TestServer, on_both};

const PHONE: &str = "13853900001";

#[test]
fn facts_show_at_once_and_words_only_after_release() {
    on_both(async |server: TestServer| {
        let resident = server.citizen(PHONE).await;
        let id = submit(&server, &resident, lamp()).await;
        let receipt = receipt(&server, id);
        let visitor = server.anonymous();
        let path = format!("/api/v1/public/cases/{receipt}");

        let before = visitor.get(&path).await.expect(200);
        assert_eq!(before.header("cache-control"), Some("public, max-age=30"));
        let facts = before.value();
        assert_eq!(facts["receipt_no"], receipt.as_str());
        assert_eq!(facts["state"], "submitted");
        assert_eq!(facts["category"]["code"], "facilities.street_light");
        assert_eq!(facts["place"]["precision"], "point");
        assert_eq!(facts["awaits_moderation"], true);
        for hidden in ["title", "text", "requester_id", "phone"] {
            assert!(facts.get(hidden).is_none(), "{hidden}");
        }
        let text = String::from_utf8(before.body.clone()).unwrap();
        assert!(!text.contains("路灯坏了") && !text.contains(PHONE), "{text}");

        let mark = before.header("etag").unwrap().to_owned();
        let again = visitor
            .send(reqwest::Method::GET, &path, &[("If-None-Match", &mark)], None)
            .await;
        assert_eq!((again.status, again.body.len()), (304, 0));

        let moderator = server.staff(Role::Moderator, "3713.hotline").await;
        release_all(&moderator, &receipt).await;
        let after = visitor.get(&path).await.expect(200);
        assert_ne!(after.header("etag"), Some(mark.as_str()));
        let shown = after.value();
        assert_eq!(
            shown["text"],
            "东关街路灯坏了三天，联系电话〔电话〕，车牌〔车牌〕停在灯下。"
        );
        assert_eq!(shown["awaits_moderation"], false);
        assert!(shown["timeline"].as_array().unwrap().len() == 1);

        let list = visitor.get("/api/v1/public/cases").await.expect(200).value();
        assert_eq!(list["items"][0]["title"], "东关街路灯坏了");
    });
}

#[test]
fn private_and_confidential_cases_are_not_found_by_anybody() {
    on_both(async |server: TestServer| {
        let resident = server.citizen(PHONE).await;
        let visitor = server.anonymous();
        for visibility in [Visibility::Private, Visibility::Confidential] {
            let mut report = lamp();
            report.visibility = Some(visibility);
            let id = submit(&server, &resident, report).await;
            let path = format!("/api/v1/public/cases/{}", receipt(&server, id));
            visitor.get(&path).await.problem(ProblemCode::NotFound);
        }
        let list = visitor.get("/api/v1/public/cases").await.expect(200).value();
        assert_eq!(list["items"], json!([]));
        let near = visitor
            .get("/api/v1/public/map?latitude=35.1047&longitude=118.3564&radius=2000")
            .await
            .expect(200)
            .value();
        assert_eq!(near["cases"], json!([]));
        let counts = visitor.get("/api/v1/public/counts").await.expect(200).value();
        assert_eq!(counts["received"], 2, "they are counted all the same");
        assert_eq!(counts["counties"].as_array().unwrap().len(), 13);
        visitor
            .get("/api/v1/public/cases/LY-0000-0000-0000-00")
            .await
            .problem(ProblemCode::NotFound);
    });
}

#[test]
fn a_home_is_shown_and_found_by_the_middle_of_its_cell() {
    on_both(async |server: TestServer| {
        let resident = server.citizen(PHONE).await;
        let home = GeoPoint::new(35.104_71, 118.356_43).unwrap();
        let mut report = lamp();
        report.place.point = Some(home);
        report.place.home = Some(true);
        let id = submit(&server, &resident, report).await;
        let visitor = server.anonymous();
        let shown = visitor
            .get(&format!("/api/v1/public/cases/{}", receipt(&server, id)))
            .await
            .expect(200)
            .value();
        assert_eq!(shown["place"]["precision"], "cell");
        let number = |name: &str| shown["place"][name].as_f64().unwrap();
        let told = GeoPoint::new(number("latitude"), number("longitude")).unwrap();
        assert!(distance_metres(told, home.coarse()) < 0.01);
        assert!(distance_metres(told, home) > 1.0);

        let around = |point: GeoPoint, radius: u32| {
            let (latitude, longitude) = (point.latitude(), point.longitude());
            format!("/api/v1/public/map?latitude={latitude}&longitude={longitude}&radius={radius}")
        };
        let near = visitor.get(&around(told, 5)).await.expect(200).value();
        assert_eq!(near["cases"][0]["distance"], 0.0);
        let at_home = visitor.get(&around(home, 5)).await.expect(200).value();
        assert_eq!(at_home["cases"], json!([]), "asking at the door tells nothing");
    });
}

#[test]
fn the_map_answers_cases_nearby_and_clusters_for_the_whole_city() {
    on_both(async |server: TestServer| {
        let resident = server.citizen(PHONE).await;
        let start = GeoPoint::new(35.1047, 118.3564).unwrap();
        for step in 0..5 {
            let mut report = lamp();
            let latitude = start.latitude() + f64::from(step) * 0.004;
            report.place.point = GeoPoint::new(latitude, start.longitude()).ok();
            submit(&server, &resident, report).await;
        }
        let visitor = server.anonymous();
        let near = visitor
            .get("/api/v1/public/map?latitude=35.1047&longitude=118.3564&radius=1000")
            .await
            .expect(200)
            .value();
        let distances: Vec<f64> = near["cases"]
            .as_array()
            .unwrap()
            .iter()
            .map(|case| case["distance"].as_f64().unwrap())
            .collect();
        assert_eq!(distances.len(), 3);
        assert!(distances.is_sorted() && distances[0] == 0.0 && distances[2] < 1_000.0);
        let gcj = visitor
            .get("/api/v1/public/map?latitude=35.104308&longitude=118.362154&radius=100&datum=gcj02")
            .await
            .expect(200)
            .value();
        assert_eq!(gcj["cases"].as_array().unwrap().len(), 1);

        let boxed = visitor
            .get("/api/v1/public/map?bbox=118.35,35.10,118.36,35.11")
            .await
            .expect(200)
            .value();
        assert_eq!(boxed["cases"].as_array().unwrap().len(), 2);
        let city = visitor
            .get("/api/v1/public/map?bbox=117.2,34.3,119.2,36.3")
            .await
            .expect(200)
            .value();
        assert_eq!(city["cases"], json!([]));
        assert_eq!(total(&city), 5);
        let county = visitor
            .get("/api/v1/public/map?bbox=118.2,35.0,118.5,35.25")
            .await
            .expect(200)
            .value();
        assert_eq!(total(&county), 5);
        for wrong in ["", "?bbox=1,2,3", "?latitude=35.1&longitude=118.3&radius=5001"] {
            visitor
                .get(&format!("/api/v1/public/map{wrong}"))
                .await
                .problem(ProblemCode::Invalid);
        }
    });
}

fn total(map: &Value) -> i64 {
    let clusters = map["clusters"].as_array().unwrap();
    clusters.iter().map(|cluster| cluster["count"].as_i64().unwrap()).sum()
}

#[test]
fn lists_go_on_from_a_cursor_under_every_condition() {
    on_both(async |server: TestServer| {
        let resident = server.citizen(PHONE).await;
        let mut all = Vec::new();
        for number in 0..7 {
            let mut report = lamp();
            if number % 2 == 0 {
                report.category = Some("facilities.road_damage".to_owned());
            }
            all.push(receipt(&server, submit(&server, &resident, report).await));
        }
        all.reverse();
        let visitor = server.anonymous();
        for (condition, expected) in [
            ("", 7),
            ("&status=open", 7),
            ("&status=closed", 0),
            ("&category=facilities.road_damage", 4),
            ("&category=facilities.road_damage&status=open", 4),
            ("&county=371302&status=open", 7),
            ("&county=371302&category=facilities.street_light", 3),
        ] {
            let mut seen = Vec::new();
            let mut after = String::new();
            loop {
                let path = format!("/api/v1/public/cases?limit=2{condition}{after}");
                let page = visitor.get(&path).await.expect(200).value();
                let items = page["items"].as_array().unwrap();
                assert!(items.len() <= 2);
                seen.extend(items.iter().map(|item| item["receipt_no"].as_str().unwrap().to_owned()));
                match page["next"].as_str() {
                    Some(next) => after = format!("&after={next}"),
                    None => break,
                }
            }
            assert_eq!(seen.len(), expected, "{condition}");
            let order: Vec<usize> = seen
                .iter()
                .map(|receipt| all.iter().position(|known| known == receipt).unwrap())
                .collect();
            assert!(order.is_sorted(), "{condition}: newest first");
        }
        let before = server.services.database.statements_sent();
        visitor.get("/api/v1/public/cases?limit=100").await.expect(200);
        let list = server.services.database.statements_sent() - before;
        visitor
            .get(&format!("/api/v1/public/cases/{}", all[0]))
            .await
            .expect(200);
        let detail = server.services.database.statements_sent() - before - list;
        assert!(list <= 5 && detail <= 4, "list {list}, detail {detail}");
        visitor
            .get("/api/v1/public/cases?after=x")
            .await
            .problem(ProblemCode::Malformed);
        visitor
            .get("/api/v1/public/cases?county=999999")
            .await
            .problem(ProblemCode::Invalid);
    });
}

#[test]
fn who_takes_back_the_consent_to_publication_is_hidden_at_once() {
    on_both(async |server: TestServer| {
        let resident = server.citizen(PHONE).await;
        let id = submit(&server, &resident, lamp()).await;
        let receipt = receipt(&server, id);
        let moderator = server.staff(Role::Moderator, "3713.hotline").await;
        release_all(&moderator, &receipt).await;
        index(&server).await;
        let visitor = server.anonymous();
        let found = visitor.get("/api/v1/public/cases?q=路灯").await.expect(200).value();
        assert_eq!(found["items"].as_array().unwrap().len(), 1);

        let consent = json!({ "given": false });
        resident
            .put("/api/v1/me/consents/publication", &consent)
            .await
            .expect(200);
        visitor
            .get(&format!("/api/v1/public/cases/{receipt}"))
            .await
            .problem(ProblemCode::NotFound);
        for path in ["/api/v1/public/cases", "/api/v1/public/cases?q=路灯"] {
            let list = visitor.get(path).await.expect(200).value();
            assert_eq!(list["items"], json!([]), "{path}");
        }
        let city = visitor
            .get("/api/v1/public/map?bbox=117.2,34.3,119.2,36.3")
            .await
            .expect(200)
            .value();
        assert_eq!(total(&city), 0);
    });
}
