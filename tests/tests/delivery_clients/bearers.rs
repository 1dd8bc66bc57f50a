//! The bearer that the push service asks for: fetched once, renewed in time, refused.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use api::{
    clock::HandClock,
    delivery::{
        DeliveryFailure, GatewaySetupError, PushGateway, SecretText, Sent,
        fcm::{FcmPush, FcmSettings},
    },
};
use system_tests::fake_fcm::{Answer, FakeFcm, TokenAnswer};

use crate::clients::{DEVICE, IMPATIENT, NOON, client, fake_at_noon, message, misconfigured, noon, retry, settings};

#[tokio::test]
async fn a_revoked_bearer_is_renewed_once_and_the_message_goes() {
    let fake = fake_at_noon();
    fake.script(DEVICE, [Answer::BearerExpired]);
    let push = client(&fake);
    push.send(&message(DEVICE)).await.unwrap();
    assert_eq!((fake.grant_requests(), fake.posts(), fake.messages().len()), (2, 2, 1));
}

#[tokio::test]
async fn a_bearer_refused_twice_is_an_alarm_and_not_a_loop() {
    let fake = fake_at_noon();
    fake.script(
        DEVICE,
        [Answer::BearerRefused, Answer::BearerRefused, Answer::BearerRefused],
    );
    assert_eq!(
        client(&fake).send(&message(DEVICE)).await,
        misconfigured("UNAUTHENTICATED")
    );
    assert_eq!((fake.grant_requests(), fake.posts()), (2, 2));
}

#[tokio::test]
async fn foreign_credentials_refused_renew_no_bearer() {
    let fake = fake_at_noon();
    fake.script(DEVICE, [Answer::ThirdPartyAuth]);
    assert!(client(&fake).send(&message(DEVICE)).await.is_err());
    assert_eq!((fake.grant_requests(), fake.posts()), (1, 1));
}

#[tokio::test]
async fn a_bearer_serves_until_a_minute_before_its_end() {
    let clock = Arc::new(HandClock::at(NOON));
    let fake = FakeFcm::start_with_clock(clock.clone()).unwrap();
    let push = FcmPush::new(&settings(&fake), clock.clone()).unwrap();
    push.send(&message(DEVICE)).await.unwrap();
    clock.advance_minutes(58);
    push.send(&message(DEVICE)).await.unwrap();
    assert_eq!(fake.grant_requests(), 1);
    clock.advance_minutes(1);
    push.send(&message(DEVICE)).await.unwrap();
    assert_eq!(
        (fake.grant_requests(), fake.posts()),
        (2, 3),
        "renewed before it was refused"
    );
}

#[tokio::test]
async fn a_very_short_bearer_still_carries_its_message() {
    let fake = fake_at_noon();
    fake.script_grants([TokenAnswer::GrantedFor(30), TokenAnswer::GrantedFor(30)]);
    let push = client(&fake);
    push.send(&message(DEVICE)).await.unwrap();
    push.send(&message(DEVICE)).await.unwrap();
    assert_eq!((fake.grant_requests(), fake.messages().len()), (2, 2));
}

#[tokio::test]
async fn a_crowd_of_messages_asks_for_one_bearer() {
    let fake = fake_at_noon();
    fake.script_grants([TokenAnswer::GrantedAfter(Duration::from_millis(150))]);
    let push = Arc::new(client(&fake));
    assert_eq!(crowd(&push, 40).await.iter().filter(|sent| sent.is_ok()).count(), 40);
    assert_eq!((fake.grant_requests(), fake.messages().len()), (1, 40));
    fake.revoke_bearers();
    assert_eq!(crowd(&push, 40).await.iter().filter(|sent| sent.is_ok()).count(), 40);
    assert_eq!(
        (fake.grant_requests(), fake.messages().len()),
        (2, 80),
        "the renewal is shared too"
    );
}

#[tokio::test]
async fn a_crowd_waits_for_a_silent_token_service_once_and_not_one_by_one() {
    let fake = fake_at_noon();
    fake.script_grants(std::iter::repeat_n(
        TokenAnswer::GrantedAfter(Duration::from_secs(20)),
        50,
    ));
    let impatient = FcmSettings {
        timeout: IMPATIENT,
        ..settings(&fake)
    };
    let push = Arc::new(FcmPush::new(&impatient, noon()).unwrap());
    let began = Instant::now();
    let results = crowd(&push, 30).await;
    assert!(
        results.iter().all(|result| *result == retry(None, "TIMEOUT")),
        "{results:?}"
    );
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert_eq!(fake.posts(), 0);
}

async fn crowd(push: &Arc<FcmPush>, count: usize) -> Vec<Result<Sent, DeliveryFailure>> {
    let tasks: Vec<_> = (0..count)
        .map(|number| {
            let push = Arc::clone(push);
            tokio::spawn(async move { push.send(&message(&format!("device-{number}"))).await })
        })
        .collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}

#[tokio::test]
async fn a_token_service_in_trouble_is_tried_again_and_a_refusal_is_an_alarm() {
    let fake = fake_at_noon();
    let push = client(&fake);
    for (answer, expected) in [
        (TokenAnswer::Unavailable, retry(None, "internal_failure")),
        (TokenAnswer::HtmlBadGateway, retry(None, "HTTP_502")),
        (TokenAnswer::HtmlOk, retry(None, "TOKEN_UNREADABLE")),
        (TokenAnswer::InvalidGrant, misconfigured("invalid_grant")),
    ] {
        fake.script_grants([answer]);
        assert_eq!(push.send(&message(DEVICE)).await, expected, "{answer:?}");
    }
    assert_eq!(fake.posts(), 0);
    push.send(&message(DEVICE)).await.unwrap();
}

#[tokio::test]
async fn a_key_that_google_does_not_know_and_a_wrong_clock_are_alarms() {
    let fake = fake_at_noon();
    let account = SecretText::new(fake.foreign_service_account_json().unwrap());
    let foreign = FcmSettings {
        service_account_json: account,
        ..settings(&fake)
    };
    let push = FcmPush::new(&foreign, noon()).unwrap();
    assert_eq!(push.send(&message(DEVICE)).await, misconfigured("invalid_grant"));
    let slow = FcmPush::new(&settings(&fake), Arc::new(HandClock::at(NOON.plus_minutes(-90)))).unwrap();
    assert_eq!(slow.send(&message(DEVICE)).await, misconfigured("invalid_grant"));
}

#[tokio::test]
async fn unusable_settings_are_found_at_start_and_named_without_secrets() {
    let fake = fake_at_noon();
    let refused = |settings: FcmSettings| FcmPush::new(&settings, noon()).err().unwrap();
    let plain = refused(FcmSettings {
        base: "http://push.example.org".into(),
        ..settings(&fake)
    });
    assert!(matches!(plain, GatewaySetupError::Address { .. }));
    let plain = refused(FcmSettings {
        token_uri: Some("http://token.example.org".into()),
        ..settings(&fake)
    });
    assert!(matches!(plain, GatewaySetupError::Address { .. }));
    let broken = fake.service_account_json().replace("BEGIN PRIVATE KEY", "BEGIN");
    let error = refused(FcmSettings {
        service_account_json: SecretText::new(broken),
        ..settings(&fake)
    });
    assert!(matches!(error, GatewaySetupError::ServiceAccount(_)));
    assert!(!format!("{error:?} {error}").contains("MII"), "no piece of the key");
    assert!(!format!("{:?}", settings(&fake)).contains("MII"));
}
