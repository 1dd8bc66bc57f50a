//! The clients at a fake gateway, and the ways in which a message can fail.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use api::{
    clock::{Clock, HandClock},
    delivery::{
        DeliveryFailure, PushGateway, PushMessage, SecretText, Sent, SmsMessage, SmsPurpose,
        fcm::{FcmPush, FcmSettings},
        sms::{HttpSms, HttpSmsSettings},
    },
};
use shared::domain::time::Timestamp;
use system_tests::{
    fake_fcm::{Answer, FakeFcm},
    fake_sms::{BEARER, FakeSms},
};

pub(crate) const DEVICE: &str = "device-1";
/// 23 November 2026, noon in Linyi. It stands still: what a gateway dates is exact.
pub(crate) const NOON: Timestamp = Timestamp(1_795_406_400_000_000);
pub(crate) const IMPATIENT: Duration = Duration::from_millis(400);

pub(crate) fn noon() -> Arc<dyn Clock> {
    Arc::new(HandClock::at(NOON))
}

pub(crate) fn fake_at_noon() -> FakeFcm {
    FakeFcm::start_with_clock(noon()).unwrap()
}

pub(crate) fn settings(fake: &FakeFcm) -> FcmSettings {
    FcmSettings {
        base: fake.base(),
        ..FcmSettings::new(SecretText::new(fake.service_account_json()))
    }
}

pub(crate) fn client(fake: &FakeFcm) -> FcmPush {
    FcmPush::new(&settings(fake), noon()).unwrap()
}

pub(crate) fn message(token: &str) -> PushMessage {
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
pub(crate) async fn outcome(answer: Answer) -> Result<Sent, DeliveryFailure> {
    let fake = fake_at_noon();
    fake.script(DEVICE, [answer]);
    client(&fake).send(&message(DEVICE)).await
}

pub(crate) fn retry(after: Option<u64>, code: &'static str) -> Result<Sent, DeliveryFailure> {
    Err(DeliveryFailure::Retry {
        after: after.map(Duration::from_secs),
        code: code.into(),
    })
}

pub(crate) fn gone(code: &'static str) -> Result<Sent, DeliveryFailure> {
    Err(DeliveryFailure::RecipientGone { code: code.into() })
}

pub(crate) fn permanent(code: &'static str) -> Result<Sent, DeliveryFailure> {
    Err(DeliveryFailure::Permanent { code: code.into() })
}

pub(crate) fn misconfigured(code: &'static str) -> Result<Sent, DeliveryFailure> {
    Err(DeliveryFailure::Misconfigured { code: code.into() })
}

pub(crate) fn text(id: &str) -> SmsMessage {
    SmsMessage {
        id: id.into(),
        number: SecretText::new("+8613805391234"),
        text: SecretText::new("【临沂12345】您的验证码是 482913，5 分钟内有效。"),
        purpose: SmsPurpose::SignInCode,
    }
}

pub(crate) fn sms_settings(fake: &FakeSms) -> HttpSmsSettings {
    HttpSmsSettings {
        address: fake.address(),
        bearer: SecretText::new(BEARER),
        timeout: Duration::from_secs(5),
    }
}

pub(crate) fn sms(settings: &HttpSmsSettings) -> HttpSms {
    HttpSms::new(settings, noon()).unwrap()
}
