//! A resident chooses by group what reaches the phone, and when it stays silent; the inbox always gets everything.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]

mod town;

use std::{cell::RefCell, rc::Rc};

use api::{background::deliver_once, config::Config};
use serde_json::{Value, json};
use shared::contract::{problem::ProblemCode, secret::Secret};
use system_tests::{
    fake_sms::{BEARER, FakeSms},
    server::{TestActor, TestServer, on_both_with},
};
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

/// The same promise on both databases, each with a gateway of its own.
fn with_texts(promise: impl AsyncFn(TestServer, Rc<FakeSms>)) {
    let fake: RefCell<Option<Rc<FakeSms>>> = RefCell::new(None);
    let change = |config: &mut Config| {
        let started = FakeSms::start().unwrap();
        config.sms.url = Some(started.address());
        config.sms.token = Some(Secret::new(BEARER));
        *fake.borrow_mut() = Some(Rc::new(started));
    };
    on_both_with(change, async |server: TestServer| {
        let started = fake.borrow().clone().unwrap();
        promise(server, started).await;
    });
}

/// Texts that say that there is news, after everything due was delivered.
async fn news(server: &TestServer, sms: &FakeSms) -> Vec<String> {
    deliver_once(&server.services).await.unwrap();
    let texts = sms.texts().into_iter().filter(|text| text.text.contains("有新进展"));
    texts
        .map(|text| {
            assert_eq!(
                (text.to.strip_prefix("+86"), text.purpose.as_str()),
                (Some(PHONE), "notice")
            );
            text.text
        })
        .collect()
}

#[test]
fn who_chose_nothing_is_pushed_to_by_day_and_gets_no_texts() {
    with_texts(async |server, sms| {
        let town = Town::found(&server).await;
        let settings = town.resident.get(PATH).await.expect(200).value();
        assert_eq!(settings["quiet_hours"], json!({ "from": "22:00", "until": "07:00" }));
        assert_eq!(
            settings["groups"][0],
            json!({ "group": "own_cases", "push": true, "sms": false })
        );
        town.submitted("private").await;
        assert!(news(&server, &sms).await.is_empty());
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
    with_texts(async |server, sms| {
        let town = Town::found(&server).await;
        choose(&town.resident, json!({ "from": "09:00", "until": "10:30" })).await;
        let receipt = town.submitted("private").await;
        assert!(news(&server, &sms).await.is_empty(), "it is quiet until half past ten");
        let inbox = town.resident.get("/api/v1/me/inbox").await.expect(200).value();
        assert_eq!(inbox["unread"], 1, "the inbox has it at once");
        server.clock.advance_minutes(31);
        assert_eq!(news(&server, &sms).await.len(), 1);
        let texts = news(&server, &sms).await;
        assert_eq!(texts.len(), 1, "told once");
        let text = &texts[0];
        assert!(text.contains(&receipt) && !text.contains("路灯"), "{text}");
    });
}

#[test]
fn an_emergency_waits_for_nobody() {
    with_texts(async |server, sms| {
        let town = Town::found(&server).await;
        choose(&town.resident, json!({ "from": "09:00", "until": "23:00" })).await;
        let receipt = town.submitted("private").await;
        let mut urgent = acceptance();
        urgent["urgency"] = json!("emergency");
        town.clerk
            .post(&ACCEPT.replace("{receipt_no}", &receipt), &urgent)
            .await
            .expect(200);
        assert!(!news(&server, &sms).await.is_empty());
    });
}
