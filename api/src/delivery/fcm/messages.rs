//! The form of a message on FCM's wire (HTTP v1) and its bound of 4 KiB. It decides how much of a text fits, by cutting
//! the body; it does not decide words.

use std::{collections::BTreeMap, time::Duration};

use serde::Serialize;

use crate::delivery::{DeliveryFailure, PushMessage};

/// Largest message in bytes. Google counts notification and data; counting all of it is simpler and on the safe side.
const PAYLOAD_LIMIT: usize = 4096;
/// APNs takes no longer collapse id.
const COLLAPSE_KEY_LIMIT: usize = 64;
/// FCM keeps no message longer.
const LONGEST_TIME_TO_LIVE: Duration = Duration::from_hours(28 * 24);
const ELLIPSIS: char = '…';

#[derive(Serialize)]
struct Envelope<'a> {
    message: Message<'a>,
}

#[derive(Serialize)]
struct Message<'a> {
    token: &'a str,
    notification: Notification<'a>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    data: &'a BTreeMap<String, String>,
    android: Android<'a>,
    apns: Apns<'a>,
    webpush: WebPush<'a>,
}

#[derive(Serialize)]
struct Notification<'a> {
    title: &'a str,
    body: &'a str,
}

#[derive(Serialize)]
struct Android<'a> {
    priority: &'static str,
    ttl: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    collapse_key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notification: Option<Tag<'a>>,
}

/// Replaces a shown notification of the same tag; the collapse key alone replaces only those still on their way.
#[derive(Serialize)]
struct Tag<'a> {
    tag: &'a str,
}

#[derive(Serialize)]
struct Apns<'a> {
    headers: ApnsHeaders<'a>,
}

#[derive(Serialize)]
struct ApnsHeaders<'a> {
    #[serde(rename = "apns-priority")]
    priority: &'static str,
    #[serde(rename = "apns-collapse-id", skip_serializing_if = "Option::is_none")]
    collapse_id: Option<&'a str>,
}

#[derive(Serialize)]
struct WebPush<'a> {
    headers: WebPushHeaders,
    #[serde(skip_serializing_if = "Option::is_none")]
    notification: Option<Tag<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fcm_options: Option<WebPushOptions<'a>>,
}

#[derive(Serialize)]
struct WebPushHeaders {
    #[serde(rename = "TTL")]
    ttl: String,
}

#[derive(Serialize)]
struct WebPushOptions<'a> {
    link: &'a str,
}

/// The request body, at most 4 KiB.
pub(super) fn encode(message: &PushMessage, time_to_live: Duration) -> Result<String, DeliveryFailure> {
    let refuse = |code: &'static str| DeliveryFailure::Permanent { code: code.into() };
    if message
        .collapse_key
        .as_ref()
        .is_some_and(|key| key.is_empty() || key.len() > COLLAPSE_KEY_LIMIT)
    {
        return Err(refuse("COLLAPSE_KEY"));
    }
    if message.data.keys().any(|key| is_reserved(key)) {
        return Err(refuse("RESERVED_DATA_KEY"));
    }
    let seconds = time_to_live.min(LONGEST_TIME_TO_LIVE).as_secs();
    let whole = write(message, &message.body, seconds)?;
    let Some(excess) = whole.len().checked_sub(PAYLOAD_LIMIT + 1) else {
        return Ok(whole);
    };
    let body = shorten(&message.body, excess + 1).ok_or_else(|| refuse("PAYLOAD_TOO_LARGE"))?;
    write(message, &body, seconds)
}

fn write(message: &PushMessage, body: &str, ttl_seconds: u64) -> Result<String, DeliveryFailure> {
    let collapse_key = message.collapse_key.as_deref();
    let tag = || collapse_key.map(|tag| Tag { tag });
    // Browsers take an https address only; FCM refuses the whole message for another.
    let link = message.link.as_deref().filter(|link| link.starts_with("https://"));
    let envelope = Envelope {
        message: Message {
            token: message.token.expose(),
            notification: Notification {
                title: &message.title,
                body,
            },
            data: &message.data,
            android: Android {
                priority: "HIGH",
                ttl: format!("{ttl_seconds}s"),
                collapse_key,
                notification: tag(),
            },
            apns: Apns {
                headers: ApnsHeaders {
                    priority: "10",
                    collapse_id: collapse_key,
                },
            },
            webpush: WebPush {
                headers: WebPushHeaders {
                    ttl: ttl_seconds.to_string(),
                },
                notification: tag(),
                fcm_options: link.map(|link| WebPushOptions { link }),
            },
        },
    };
    serde_json::to_string(&envelope).map_err(|_| DeliveryFailure::Permanent { code: "PAYLOAD".into() })
}

/// Keys that FCM keeps for itself.
fn is_reserved(key: &str) -> bool {
    key.is_empty() || ["from", "message_type"].contains(&key) || key.starts_with("google") || key.starts_with("gcm")
}

/// `body` without its end and with an ellipsis, at least `excess` bytes shorter as JSON; `None` when it is too short.
fn shorten(body: &str, excess: usize) -> Option<String> {
    let needed = excess + ELLIPSIS.len_utf8();
    let mut saved = 0;
    for (at, character) in body.char_indices().rev() {
        saved += json_bytes(character);
        if saved >= needed {
            return Some(format!("{}{ELLIPSIS}", body[..at].trim_end()));
        }
    }
    None
}

/// Bytes of one character inside a JSON string as `serde_json` writes it.
const fn json_bytes(character: char) -> usize {
    match character {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        '\0'..='\u{1f}' => 6,
        _ => character.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::delivery::SecretText;

    fn message(body: &str) -> PushMessage {
        PushMessage {
            token: SecretText::new("t".repeat(160)),
            title: "您的诉求已答复".into(),
            body: body.into(),
            data: BTreeMap::from([("receipt_no".into(), "7Q2M-88KD".into())]),
            collapse_key: Some("case-7Q2M-88KD".into()),
            link: Some("https://example.org/cases/7Q2M-88KD".into()),
        }
    }

    fn encoded(message: &PushMessage) -> Result<String, DeliveryFailure> {
        encode(message, Duration::from_hours(24))
    }

    fn body_of(json: &str) -> String {
        let value: Value = serde_json::from_str(json).unwrap();
        value["message"]["notification"]["body"].as_str().unwrap().to_owned()
    }

    #[test]
    fn a_short_text_arrives_whole() {
        let json = encoded(&message("兰山街道的路灯已经修好，请您评价。")).unwrap();
        assert_eq!(body_of(&json), "兰山街道的路灯已经修好，请您评价。");
    }

    #[test]
    fn a_long_text_is_cut_between_characters_and_fills_the_bound() {
        for unit in ["路灯不亮，", "😀", "a", "\"\\\n", "\u{1}", "é灯"] {
            for more in 0..7 {
                let long = format!("{}{}", "x".repeat(more), unit.repeat(4000));
                let json = encoded(&message(&long)).unwrap();
                assert!(json.len() <= PAYLOAD_LIMIT, "{unit:?}: {}", json.len());
                assert!(json.len() > PAYLOAD_LIMIT - 16, "{unit:?}: {}", json.len());
                let body = body_of(&json);
                assert!(body.ends_with(ELLIPSIS) && long.starts_with(body.trim_end_matches(ELLIPSIS)));
            }
        }
    }

    #[test]
    fn what_cannot_be_cut_is_refused() {
        let mut large = message("短");
        large.data.insert("note".into(), "长".repeat(1500));
        assert_eq!(
            encoded(&large),
            Err(DeliveryFailure::Permanent {
                code: "PAYLOAD_TOO_LARGE".into()
            })
        );
        for key in ["from", "message_type", "google.a", "gcm.b", ""] {
            let mut reserved = message("好");
            reserved.data.insert(key.into(), String::new());
            assert_eq!(
                encoded(&reserved),
                Err(DeliveryFailure::Permanent {
                    code: "RESERVED_DATA_KEY".into()
                })
            );
        }
        let mut key = message("好");
        key.collapse_key = Some("键".repeat(22));
        assert_eq!(
            encoded(&key),
            Err(DeliveryFailure::Permanent {
                code: "COLLAPSE_KEY".into()
            })
        );
    }

    #[test]
    fn a_link_that_browsers_refuse_is_left_out() {
        let mut plain = message("好");
        plain.link = Some("http://example.org/".into());
        assert!(!encoded(&plain).unwrap().contains("fcm_options"));
    }
}
