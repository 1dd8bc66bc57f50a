//! The same matter of several residents, and following what is public.

use serde_json::json;
use shared::contract::problem::ProblemCode;
use system_tests::{
    samples::sample,
    server::{TestServer, on_both},
};

use crate::city::{City, inbox, lamp, of, own, submit};

#[test]
fn neighbours_with_the_same_matter_each_keep_a_receipt_a_reply_and_a_rating() {
    on_both(async |server: TestServer| {
        let city = City::of(&server).await;
        let resident = server.citizen("13953900001").await;
        let neighbour = server.citizen("13953900002").await;
        let receipt = submit(&resident, &lamp()).await;
        resident
            .post(&of(&receipt, "me-too"), &json!({}))
            .await
            .problem(ProblemCode::ActionNotAllowed);
        let joining = json!({ "text": "我家门口这一段也不亮", "photos": ["e5".repeat(32)] });
        let joined = neighbour
            .post_once(&of(&receipt, "me-too"), "m-1", &joining)
            .await
            .expect(201);
        assert_eq!(
            neighbour
                .post_once(&of(&receipt, "me-too"), "m-1", &joining)
                .await
                .expect(201)
                .body,
            joined.body
        );
        neighbour
            .post(&of(&receipt, "me-too"), &joining)
            .await
            .problem(ProblemCode::AlreadyExists);
        let own_receipt = joined.value()["receipt_no"].as_str().unwrap().to_owned();
        assert_ne!(own_receipt, receipt);
        resident
            .get(&format!("/api/v1/cases/{own_receipt}"))
            .await
            .problem(ProblemCode::NotFound);
        let told = inbox(&resident).await;
        assert_eq!(told["items"][0]["body"], "又有一位居民反映了同一件事，我们一起办理。");

        let order = city.take_on(&receipt).await;
        let jpeg = [("Content-Type", "image/jpeg")];
        let lit = city
            .handler
            .post_body("/api/v1/photos", &jpeg, sample("linyi.jpg"))
            .await
            .unwrap();
        let lit = lit.expect(201).value();
        let shown = lit["sha256"].as_str().unwrap().to_owned();
        city.answer_with(&receipt, &order, ["a1".repeat(32), shown]).await;
        let before = server.services.database.statements_sent();
        let seen = own(&neighbour, &own_receipt).await;
        assert!(server.services.database.statements_sent() - before <= 4);
        assert_eq!(
            (&seen["state"], &seen["progress"]["reached"]),
            (&json!("merged"), &json!(4))
        );
        assert_eq!(seen["primary"]["receipt_no"], receipt.as_str());
        assert_eq!(seen["text"], "我家门口这一段也不亮");
        let stranger = server.citizen("13953900009").await;
        let photos = seen["photos"].as_array().unwrap();
        let picture = photos.iter().find_map(|photo| photo["display"].as_str()).unwrap();
        neighbour.get(picture).await.expect(200);
        stranger.get(picture).await.problem(ProblemCode::NotFound);
        assert_eq!(seen["replies"][0]["text"], "线路已经更换，当晚全部亮灯。");
        assert!(
            !seen.to_string().contains("东关街中段"),
            "the other's words stay with the other"
        );

        let good = json!({ "grade": 5, "resolved": "yes" });
        resident.post(&of(&receipt, "rating"), &good).await.expect(200);
        assert_eq!(own(&resident, &receipt).await["state"], "closed");
        let low = json!({ "grade": 1, "resolved": "no", "comment": "我门口还是黑的" });
        let rated = neighbour
            .post(&of(&own_receipt, "rating"), &low)
            .await
            .expect(200)
            .value();
        assert_eq!(rated["state"], "merged");
        let seen = own(&resident, &receipt).await;
        assert_eq!((&seen["state"], &seen["cycle"]), (&json!("handling"), &json!(2)));
        let told = inbox(&resident).await;
        let said = told["items"][1]["body"].as_str().unwrap();
        assert!(said.starts_with("同样反映这件事的居民不满意"), "{said}");
        neighbour
            .post(&of(&own_receipt, "rating"), &good)
            .await
            .problem(ProblemCode::ActionNotAllowed);

        let order = city.latest_order(&receipt).await;
        city.answer(&receipt, &order, "2").await;
        neighbour.post(&of(&own_receipt, "rating"), &good).await.expect(200);
        let seen = own(&neighbour, &own_receipt).await;
        assert_eq!(seen["ratings"].as_array().unwrap().len(), 2);
        assert_eq!(seen["ratings"][1]["cycle"], 2);
        assert_eq!(
            own(&resident, &receipt).await["state"],
            "replied",
            "the owner's own word is still awaited"
        );

        // A case that has ended takes nobody in.
        resident.post(&of(&receipt, "rating"), &good).await.expect(200);
        let third = server.citizen("13953900003").await;
        third
            .post(&of(&receipt, "me-too"), &json!({}))
            .await
            .problem(ProblemCode::ActionNotAllowed);
    });
}

#[test]
fn when_the_owner_withdraws_the_neighbours_case_goes_on_in_its_place() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13953900001").await;
        let neighbour = server.citizen("13953900002").await;
        let receipt = submit(&resident, &lamp()).await;
        let joined = neighbour
            .post(&of(&receipt, "me-too"), &json!({}))
            .await
            .expect(201)
            .value();
        let own_receipt = joined["receipt_no"].as_str().unwrap().to_owned();
        resident.post(&of(&receipt, "withdrawal"), &json!({})).await.expect(200);
        let seen = own(&neighbour, &own_receipt).await;
        assert_eq!(seen["state"], "submitted");
        assert!(seen.get("primary").is_none());
        assert_eq!(inbox(&neighbour).await["items"][0]["topic"], "take_over");
    });
}

#[test]
fn following_brings_news_until_it_ends_and_only_of_what_is_public() {
    on_both(async |server: TestServer| {
        let resident = server.citizen("13953900001").await;
        let follower = server.citizen("13953900002").await;
        let receipt = submit(&resident, &lamp()).await;
        let mut hidden = lamp();
        hidden["visibility"] = json!("private");
        let hidden = submit(&resident, &hidden).await;
        let unread = inbox(&resident).await["unread"].clone();
        for _ in 0..2 {
            follower.put(&of(&receipt, "follow"), &json!({})).await.expect(204);
        }
        follower
            .put(&of(&hidden, "follow"), &json!({}))
            .await
            .problem(ProblemCode::NotFound);
        resident
            .put(&of(&receipt, "follow"), &json!({}))
            .await
            .problem(ProblemCode::ActionNotAllowed);
        assert_eq!(inbox(&resident).await["unread"], unread, "nobody is told who follows");
        assert_eq!(own(&resident, &receipt).await["version"], 1);
        let before = server.services.database.statements_sent();
        let page = follower.get("/api/v1/me/follows").await.expect(200).value();
        assert!(server.services.database.statements_sent() - before <= 5);
        assert_eq!(page["items"][0]["receipt_no"], receipt.as_str());
        assert!(page["items"][0].get("title").is_none(), "not released yet");
        for _ in 0..2 {
            follower.delete(&of(&receipt, "follow")).await.expect(204);
        }
        let page = follower.get("/api/v1/me/follows").await.expect(200).value();
        assert_eq!(page["items"], json!([]));
    });
}
