//! The inbox.

use serde_json::json;
use system_tests::server::{TestServer, beginning, on_both};

use crate::city::{City, inbox, lamp, submit};

#[test]
fn the_inbox_tells_each_step_once_counts_what_is_unread_and_is_nobody_elses() {
    on_both(async |server: TestServer| {
        let city = City::of(&server).await;
        let resident = server.citizen("13953900001").await;
        let receipt = submit(&resident, &lamp()).await;
        city.take_on(&receipt).await;
        let told = inbox(&resident).await;
        let topics: Vec<_> = told["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["topic"].as_str().unwrap())
            .collect();
        assert_eq!(topics, ["sign_for", "dispatch", "accept", "submit"]);
        assert_eq!(told["unread"], 4);
        assert_eq!(told["items"][0]["receipt_no"], receipt.as_str());
        assert_eq!(told["items"][0]["at"], serde_json::to_value(beginning()).unwrap());
        let page = resident.get("/api/v1/me/inbox?limit=3").await.expect(200).value();
        let next = page["next"].as_str().unwrap();
        let rest = resident
            .get(&format!("/api/v1/me/inbox?after={next}"))
            .await
            .expect(200)
            .value();
        assert_eq!(rest["items"].as_array().unwrap().len(), 1);
        let desk = inbox(&city.liaison).await;
        assert_eq!(desk["items"][0]["topic"], "dispatch");

        let up_to = json!({ "up_to": told["items"][1]["id"] });
        resident.post("/api/v1/me/inbox/read", &up_to).await.expect(204);
        let told = inbox(&resident).await;
        assert_eq!(told["unread"], 1);
        assert_eq!(
            (&told["items"][0]["read"], &told["items"][1]["read"]),
            (&json!(false), &json!(true))
        );
        assert_eq!(inbox(&city.liaison).await["unread"], 1);
        let stranger = server.citizen("13953900002").await;
        assert_eq!(inbox(&stranger).await["items"], json!([]));
    });
}
