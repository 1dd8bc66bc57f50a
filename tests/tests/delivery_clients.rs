//! What the push and text-message clients promise, each answer of a gateway against a fake on loopback that verifies
//! signatures and bearers. Both databases are out of it: nothing here stores anything.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may end where its premise fails"
)]

use std::{
    collections::BTreeMap,
    io::Write,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use api::{
    clock::{Clock, HandClock},
    delivery::{
        DeliveryFailure, GatewaySetupError, PushGateway, PushMessage, SecretText, Sent, SmsGateway, SmsMessage,
        SmsPurpose,
        backoff::{BackoffPolicy, NextStep},
        fcm::{FcmPush, FcmSettings},
        sms::{HttpSms, HttpSmsSettings, TerminalSms},
    },
};
use shared::domain::time::Timestamp;
use system_tests::{
    fake_fcm::{Answer, FakeFcm, TokenAnswer},
    fake_sms::{BEARER, FakeSms, SmsAnswer},
};

const DEVICE: &str = "device-1";
/// 23 November 2026, noon in Linyi. It stands still: what a gateway dates is exact.
const NOON: Timestamp = Timestamp(1_795_406_400_000_000);
const IMPATIENT: Duration = Duration::from_millis(400);

fn noon() -> Arc<dyn Clock> {
    Arc::new(HandClock::at(NOON))
}

fn fake_at_noon() -> FakeFcm {
    FakeFcm::start_with_clock(noon()).unwrap()
}

fn settings(fake: &FakeFcm) -> FcmSettings {
    FcmSettings {
        base: fake.base(),
        ..FcmSettings::new(SecretText::new(fake.service_account_json()))
    }
}

fn client(fake: &FakeFcm) -> FcmPush {
    FcmPush::new(&settings(fake), noon()).unwrap()
}

fn message(token: &str) -> PushMessage {
    PushMessage {
        token: SecretText::new(token),
        title: "您的诉求已答复".into(),
        body: "兰山街道金雀山路的路灯已修好，请您评价。".into(),
        data: BTreeMap::from([
            ("receipt_no".into(), "7Q2M88KD".into()),
            ("step".into(), "replied".into()),
        ]),
        collapse_key: Some("case-7Q2M88KD".into()),
        link: Some("https://12345.example.org/cases/7Q2M88KD".into()),
    }
}

/// What comes of one message that the fake answers so.
async fn outcome(answer: Answer) -> Result<Sent, DeliveryFailure> {
    let fake = fake_at_noon();
    fake.script(DEVICE, [answer]);
    client(&fake).send(&message(DEVICE)).await
}

fn retry(after: Option<u64>, code: &'static str) -> Result<Sent, DeliveryFailure> {
    Err(DeliveryFailure::Retry {
        after: after.map(Duration::from_secs),
        code: code.into(),
    })
}

fn gone(code: &'static str) -> Result<Sent, DeliveryFailure> {
    Err(DeliveryFailure::RecipientGone { code: code.into() })
}

fn permanent(code: &'static str) -> Result<Sent, DeliveryFailure> {
    Err(DeliveryFailure::Permanent { code: code.into() })
}

fn misconfigured(code: &'static str) -> Result<Sent, DeliveryFailure> {
    Err(DeliveryFailure::Misconfigured { code: code.into() })
}

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

fn text(id: &str) -> SmsMessage {
    SmsMessage {
        id: id.into(),
        number: SecretText::new("+8613805391234"),
        text: SecretText::new("【临沂12345】您的验证码是 482913，5 分钟内有效。"),
        purpose: SmsPurpose::SignInCode,
    }
}

fn sms_settings(fake: &FakeSms) -> HttpSmsSettings {
    HttpSmsSettings {
        address: fake.address(),
        bearer: SecretText::new(BEARER),
        timeout: Duration::from_secs(5),
    }
}

fn sms(settings: &HttpSmsSettings) -> HttpSms {
    HttpSms::new(settings, noon()).unwrap()
}

#[tokio::test]
async fn a_code_reaches_the_phone() {
    let fake = FakeSms::start().unwrap();
    let sent = sms(&sms_settings(&fake)).send(&text("71")).await.unwrap();
    assert_eq!(sent.provider_message_id, "sms-0");
    assert_eq!(fake.latest_code("+8613805391234").as_deref(), Some("482913"));
    assert_eq!(fake.texts()[0].purpose, "sign_in_code");
}

#[tokio::test]
async fn a_text_repeated_after_a_lost_answer_is_read_once() {
    let fake = FakeSms::start().unwrap();
    fake.script([SmsAnswer::AcceptedThenUnavailable]);
    let gateway = sms(&sms_settings(&fake));
    assert_eq!(gateway.send(&text("71")).await, retry(None, "HTTP_503"));
    assert!(gateway.send(&text("71")).await.is_ok());
    assert!(gateway.send(&text("72")).await.is_ok());
    let ids: Vec<_> = fake.texts().into_iter().map(|text| text.id).collect();
    assert_eq!(ids, ["71", "72"]);
}

#[tokio::test]
async fn each_answer_of_the_text_gateway_has_its_meaning() {
    let fake = FakeSms::start().unwrap();
    let gateway = sms(&sms_settings(&fake));
    for (status, retry_after, expected) in [
        (429, Some("90"), retry(Some(90), "HTTP_429")),
        (429, Some("Mon, 23 Nov 2026 04:05:00 GMT"), retry(Some(300), "HTTP_429")),
        (429, None, retry(Some(60), "HTTP_429")),
        (408, None, retry(None, "HTTP_408")),
        (500, None, retry(None, "HTTP_500")),
        (503, Some("7"), retry(Some(7), "HTTP_503")),
        (400, None, permanent("HTTP_400")),
        (422, None, permanent("HTTP_422")),
        (401, None, misconfigured("HTTP_401")),
        (403, None, misconfigured("HTTP_403")),
        (404, None, misconfigured("HTTP_404")),
        (302, None, misconfigured("HTTP_302")),
    ] {
        fake.script([SmsAnswer::Status(status, retry_after.map(str::to_owned))]);
        assert_eq!(gateway.send(&text("71")).await, expected, "{status} {retry_after:?}");
    }
    assert!(fake.texts().is_empty());
}

#[tokio::test]
async fn a_silent_or_missing_text_gateway_is_tried_again_and_a_wrong_bearer_is_an_alarm() {
    let fake = FakeSms::start().unwrap();
    fake.script([SmsAnswer::Slow(Duration::from_secs(20))]);
    let impatient = HttpSmsSettings {
        timeout: IMPATIENT,
        ..sms_settings(&fake)
    };
    assert_eq!(sms(&impatient).send(&text("71")).await, retry(None, "TIMEOUT"));
    let stranger = HttpSmsSettings {
        bearer: SecretText::new("unknown"),
        ..sms_settings(&fake)
    };
    assert_eq!(sms(&stranger).send(&text("71")).await, misconfigured("HTTP_401"));
    let settings = sms_settings(&fake);
    drop(fake);
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let nowhere = HttpSmsSettings {
        address: format!("http://{closed}/messages"),
        ..settings
    };
    assert_eq!(sms(&nowhere).send(&text("71")).await, retry(None, "NO_CONNECTION"));
}

/// A terminal that a test can read.
#[derive(Clone, Default)]
struct Screen(Arc<Mutex<Vec<u8>>>);

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_terminal_shows_the_code_and_the_end_of_the_number() {
    let screen = Screen::default();
    let gateway = TerminalSms::new(Box::new(screen.clone()));
    gateway.send(&text("71")).await.unwrap();
    let shown = String::from_utf8(screen.0.lock().unwrap().clone()).unwrap();
    assert!(shown.contains("尾号 1234") && shown.contains("482913") && shown.ends_with('\n'));
    assert!(!shown.contains("1380539"));
}

#[tokio::test]
async fn no_failure_prints_a_token_a_number_or_a_text() {
    let fake = FakeSms::start().unwrap();
    fake.script([SmsAnswer::Status(400, None)]);
    let failure = sms(&sms_settings(&fake)).send(&text("71")).await.unwrap_err();
    let shown = format!("{failure} {failure:?}");
    assert!(!shown.contains("1380539") && !shown.contains("482913"));
    for answer in [
        Answer::Unregistered,
        Answer::InvalidToken,
        Answer::HtmlBadGateway,
        Answer::Dropped,
    ] {
        let failure = outcome(answer).await.unwrap_err();
        assert!(!format!("{failure} {failure:?}").contains(DEVICE));
    }
}

#[tokio::test]
async fn a_busy_service_is_left_alone_for_the_time_it_asked() {
    let policy = BackoffPolicy::default();
    for (answer, least) in [
        (Answer::Quota, 60),
        (Answer::QuotaSeconds(600), 600),
        (Answer::Unavailable(None), 1),
    ] {
        let failure = outcome(answer.clone()).await.unwrap_err();
        for chance in [0.0, 0.5, 0.999] {
            match policy.next_step(1, &failure, chance) {
                NextStep::Retry { after } => assert!(after >= Duration::from_secs(least), "{answer:?} {after:?}"),
                other => panic!("{other:?}"),
            }
        }
    }
}
