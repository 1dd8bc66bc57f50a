//! What comes of a push message, answer by answer.

use std::time::{Duration, Instant};

use api::delivery::{
    PushGateway,
    fcm::{FcmPush, FcmSettings},
};
use system_tests::fake_fcm::Answer;

use crate::clients::{
    DEVICE, IMPATIENT, client, fake_at_noon, gone, message, misconfigured, noon, outcome, permanent, retry, settings,
};

#[tokio::test]
async fn a_notice_arrives_with_everything_each_platform_needs() {
    let fake = fake_at_noon();
    let sent = client(&fake).send(&message(DEVICE)).await.unwrap();
    assert_eq!(sent.provider_message_id, "projects/shoufa-linyi-test/messages/1");
    let recorded = fake.messages().remove(0);
    assert_eq!(
        (recorded.token.as_str(), recorded.title.as_str()),
        (DEVICE, "您的诉求已答复")
    );
    assert_eq!(recorded.body, "兰山街道金雀山路的路灯已修好，请您评价。");
    assert_eq!(recorded.data, message(DEVICE).data);
    let sent = &recorded.raw["message"];
    assert_eq!(sent["android"]["priority"], "HIGH");
    assert_eq!(sent["android"]["collapse_key"], "case-7Q2M88KD");
    assert_eq!(sent["android"]["notification"]["tag"], "case-7Q2M88KD");
    assert_eq!(sent["android"]["ttl"], "259200s");
    assert_eq!(sent["apns"]["headers"]["apns-collapse-id"], "case-7Q2M88KD");
    assert_eq!(
        sent["webpush"]["fcm_options"]["link"],
        "https://12345.example.org/cases/7Q2M88KD"
    );
}

#[tokio::test]
async fn a_text_too_long_for_the_service_is_shortened_and_still_accepted() {
    let fake = fake_at_noon();
    let mut long = message(DEVICE);
    long.body = "处理经过：今天上午九点到现场，更换了灯头。".repeat(200);
    client(&fake).send(&long).await.unwrap();
    let body = fake.messages().remove(0).body;
    assert!(
        body.ends_with('…') && body.chars().count() > 900,
        "{}",
        body.chars().count()
    );
    assert!(long.body.starts_with(body.trim_end_matches('…')));
}

#[tokio::test]
async fn a_device_is_forgotten_only_when_the_answer_names_the_device() {
    assert_eq!(outcome(Answer::Unregistered).await, gone("UNREGISTERED"));
    assert_eq!(outcome(Answer::SenderMismatch).await, gone("SENDER_ID_MISMATCH"));
    assert_eq!(outcome(Answer::InvalidToken).await, gone("INVALID_ARGUMENT"));
    assert_eq!(outcome(Answer::InvalidOther).await, permanent("INVALID_ARGUMENT"));
    assert_eq!(
        outcome(Answer::PlainNotFound).await,
        misconfigured("HTTP_404"),
        "a wrong address loses no device"
    );
}

#[tokio::test]
async fn a_quota_is_respected_as_seconds_as_a_date_and_without_a_word() {
    assert_eq!(
        outcome(Answer::QuotaSeconds(150)).await,
        retry(Some(150), "QUOTA_EXCEEDED")
    );
    assert_eq!(outcome(Answer::Quota).await, retry(Some(60), "QUOTA_EXCEEDED"));
    assert_eq!(
        outcome(Answer::QuotaDate(Duration::from_mins(5))).await,
        retry(Some(300), "QUOTA_EXCEEDED")
    );
}

#[tokio::test]
async fn trouble_on_the_way_is_tried_again() {
    assert_eq!(outcome(Answer::Unavailable(None)).await, retry(None, "UNAVAILABLE"));
    assert_eq!(
        outcome(Answer::Unavailable(Some(30))).await,
        retry(Some(30), "UNAVAILABLE")
    );
    assert_eq!(outcome(Answer::Internal).await, retry(None, "INTERNAL"));
    assert_eq!(outcome(Answer::HtmlBadGateway).await, retry(None, "HTTP_502"));
    assert_eq!(outcome(Answer::HtmlOk).await, retry(None, "ANSWER_UNREADABLE"));
    assert_eq!(outcome(Answer::Dropped).await, retry(None, "CONNECTION_LOST"));
}

#[tokio::test]
async fn a_silent_service_costs_no_more_than_the_time_limit() {
    let fake = fake_at_noon();
    fake.script(DEVICE, [Answer::Slow(Duration::from_secs(20))]);
    let push = FcmPush::new(
        &FcmSettings {
            timeout: IMPATIENT,
            ..settings(&fake)
        },
        noon(),
    )
    .unwrap();
    let began = Instant::now();
    assert_eq!(push.send(&message(DEVICE)).await, retry(None, "TIMEOUT"));
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn a_service_that_is_not_there_is_tried_again() {
    let fake = fake_at_noon();
    // A port that was free a moment ago; the bearer still comes from the fake.
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let nowhere = FcmSettings {
        base: format!("http://{closed}"),
        ..settings(&fake)
    };
    let push = FcmPush::new(&nowhere, noon()).unwrap();
    assert_eq!(push.send(&message(DEVICE)).await, retry(None, "NO_CONNECTION"));
    let no_tokens = FcmSettings {
        token_uri: Some(format!("http://{closed}/token")),
        ..settings(&fake)
    };
    let push = FcmPush::new(&no_tokens, noon()).unwrap();
    assert_eq!(push.send(&message(DEVICE)).await, retry(None, "NO_CONNECTION"));
}

#[tokio::test]
async fn what_only_an_operator_can_correct_raises_the_alarm() {
    assert_eq!(
        outcome(Answer::ThirdPartyAuth).await,
        misconfigured("THIRD_PARTY_AUTH_ERROR")
    );
    assert_eq!(
        outcome(Answer::PermissionDenied).await,
        misconfigured("PERMISSION_DENIED")
    );
}

#[tokio::test]
async fn a_redirect_carries_bearer_and_text_nowhere() {
    let other = fake_at_noon();
    let target = format!("{}/v1/projects/shoufa-linyi-test/messages:send", other.base());
    assert_eq!(outcome(Answer::Redirect(target)).await, misconfigured("HTTP_302"));
    assert_eq!(other.posts(), 0);
}
