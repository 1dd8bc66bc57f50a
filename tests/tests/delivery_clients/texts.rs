//! Text messages: the gateway, the terminal, and what no failure may print.

use std::{
    io::Write,
    sync::{Arc, Mutex},
    time::Duration,
};

use api::delivery::{
    SecretText, SmsGateway,
    sms::{HttpSmsSettings, TerminalSms},
};
use system_tests::{
    fake_fcm::Answer,
    fake_sms::{FakeSms, SmsAnswer},
};

use crate::clients::{DEVICE, IMPATIENT, misconfigured, outcome, permanent, retry, sms, sms_settings, text};

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
