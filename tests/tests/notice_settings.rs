//! A resident chooses by group what reaches the phone, and when it stays silent; the inbox always gets everything.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

mod town;

use api::background::deliver_once;
use serde_json::{Value, json};
use shared::contract::problem::ProblemCode;
use system_tests::server::{TestActor, TestServer, on_both};
use town::{ACCEPT, Town, acceptance};

const PATH: &str = "/api/v1/me/notice-settings";
const PHONE: &str = "13853900021";

/// The own cases by text message as well, between these hours not.
async fn choose(resident: &TestActor, quiet: Value) {
    let settings = json!({
        "groups": [
            { "group": "own_cases", "push": true, "sms": true },
            { "group": "followed_cases", "push": false, "sms": false },
            { "group": "announcements", "push": true, "sms": false },
        ],
        "quiet_hours": quiet,
    });
    let set = resident.put(PATH, &settings).await.expect(200).value();
    assert_eq!(set, settings);
    assert_eq!(resident.get(PATH).await.expect(200).value(), settings);
}

/// Texts that say that there is news, after everything due was delivered.
async fn news(server: &TestServer) -> usize {
    deliver_once(&server.services).await.unwrap();
    let texts = server.texts_to(PHONE).await;
    texts.iter().filter(|text| text.contains("有新进展")).count()
}

#[test]
fn who_chose_nothing_is_pushed_to_by_day_and_gets_no_texts() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        let settings = town.resident.get(PATH).await.expect(200).value();
        assert_eq!(settings["quiet_hours"], json!({ "from": "22:00", "until": "07:00" }));
        assert_eq!(
            settings["groups"][0],
            json!({ "group": "own_cases", "push": true, "sms": false })
        );
        town.submitted("private").await;
        assert_eq!(news(&server).await, 0);
        for wrong in [
            json!({ "groups": [], "quiet_hours": null }),
            json!({ "groups": settings["groups"], "quiet_hours": { "from": "25:00", "until": "07:00" } }),
            json!({ "groups": settings["groups"], "quiet_hours": { "from": "07:00", "until": "07:00" } }),
        ] {
            town.resident
                .put(PATH, &wrong)
                .await
                .expect(422)
                .problem(ProblemCode::Invalid);
        }
    });
}

#[test]
fn texts_name_the_receipt_and_nothing_of_the_matter_and_wait_for_the_morning() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        choose(&town.resident, json!({ "from": "09:00", "until": "10:30" })).await;
        let receipt = town.submitted("private").await;
        assert_eq!(news(&server).await, 0, "it is quiet until half past ten");
        let inbox = town.resident.get("/api/v1/me/inbox").await.expect(200).value();
        assert_eq!(inbox["unread"], 1, "the inbox has it at once");
        server.clock.advance_minutes(31);
        assert_eq!(news(&server).await, 1);
        assert_eq!(news(&server).await, 1, "told once");
        let text = server.texts_to(PHONE).await.remove(0);
        assert!(text.contains(&receipt) && !text.contains("路灯"), "{text}");
    });
}

#[test]
fn an_emergency_waits_for_nobody() {
    on_both(async |server: TestServer| {
        let town = Town::found(&server).await;
        choose(&town.resident, json!({ "from": "09:00", "until": "23:00" })).await;
        let receipt = town.submitted("private").await;
        let mut urgent = acceptance();
        urgent["urgency"] = json!("emergency");
        town.clerk
            .post(&ACCEPT.replace("{receipt_no}", &receipt), &urgent)
            .await
            .expect(200);
        assert!(news(&server).await > 0);
    });
}
