//! The delivery room: hands notices to the outside world (push, SMS) and says in one vocabulary how that went.
//!
//! Decides what a message looks like on the wire of each gateway and what each answer means for the next attempt.
//! It does not decide who is told what, nor when: the notices are made by the use cases and stay in the inbox, which is
//! the truth, whatever happens here. Nothing in this room prints a device token, a number or a text.

pub mod backoff;
pub mod dead_letters;
pub mod fcm;
pub mod gateways;
mod http;
pub mod outbox;
mod push_task;
mod secret;
pub mod sms;
mod sms_task;
mod tell_others;

use std::{borrow::Cow, collections::BTreeMap, fmt, time::Duration};

use async_trait::async_trait;

pub use http::GatewaySetupError;
pub use secret::SecretText;

/// One push to one device.
#[derive(Clone)]
pub struct PushMessage {
    /// The device's registration token, as the push service issued it.
    pub token: SecretText,
    /// Title of the notification, one short line.
    pub title: String,
    /// Text of the notification; shortened when the whole would exceed the push service's bound.
    pub body: String,
    /// What the app reads when the notification is opened; keys reserved by the push service are refused.
    pub data: BTreeMap<String, String>,
    /// Notices with the same key replace one another on the device (at most 64 bytes). A repeated delivery of one notice
    /// is therefore not seen twice.
    pub collapse_key: Option<String>,
    /// Page that a browser opens; only an `https` address travels, browsers take no other.
    pub link: Option<String>,
}

impl fmt::Debug for PushMessage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PushMessage")
            .field("body_bytes", &self.body.len())
            .field("data_entries", &self.data.len())
            .field("collapse_key", &self.collapse_key)
            .finish_non_exhaustive()
    }
}

/// Why a text message is sent. Gateways bill and route the two differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmsPurpose {
    /// A one-time code that somebody is waiting for.
    SignInCode,
    /// A step of a case.
    Notice,
}

impl SmsPurpose {
    /// The word on the wire: `sign_in_code` or `notice`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignInCode => "sign_in_code",
            Self::Notice => "notice",
        }
    }
}

/// One text message to one number.
#[derive(Debug, Clone)]
pub struct SmsMessage {
    /// Identity of the message: the same at every attempt, so that a gateway can recognise a repeat.
    pub id: String,
    /// The number in E.164 form (`+8613…`).
    pub number: SecretText,
    /// What the person reads. May hold a code, hence secret.
    pub text: SecretText,
    /// Why it is sent.
    pub purpose: SmsPurpose,
}

/// The gateway took the message over. That it arrived, or was read, is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The gateway's own name for the message, for questions to its operator.
    pub provider_message_id: String,
}

/// Why a message was not taken over. The codes are short, fixed words (`UNREGISTERED`, `HTTP_502`, `TIMEOUT`): fit for a
/// table and a log, never holding anything of the message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryFailure {
    /// This recipient will never be reached again: delete the device's registration.
    #[error("the recipient is gone ({code})")]
    RecipientGone {
        /// What the gateway said.
        code: Cow<'static, str>,
    },
    /// Worth another attempt, no earlier than `after` when that is given.
    #[error("not delivered now ({code})")]
    Retry {
        /// The least time to wait, asked for by the gateway or by its rules.
        after: Option<Duration>,
        /// What happened.
        code: Cow<'static, str>,
    },
    /// This message will never be taken; others may be.
    #[error("the message was refused ({code})")]
    Permanent {
        /// What the gateway said.
        code: Cow<'static, str>,
    },
    /// Nothing will be taken until an operator corrects key, account or address: raise the alarm, keep the messages.
    #[error("the gateway is misconfigured ({code})")]
    Misconfigured {
        /// What the gateway said.
        code: Cow<'static, str>,
    },
}

/// A way to people's devices. One implementation for each push service; a registration names the service it belongs to.
#[async_trait]
pub trait PushGateway: Send + Sync {
    /// Sends one message; answers within the gateway's time limits.
    ///
    /// # Errors
    /// [`DeliveryFailure`] says what to do next. A [`DeliveryFailure::Retry`] may follow a message that did arrive.
    async fn send(&self, message: &PushMessage) -> Result<Sent, DeliveryFailure>;
}

/// A way to people's phones by text message.
#[async_trait]
pub trait SmsGateway: Send + Sync {
    /// Sends one text; answers within the gateway's time limits.
    ///
    /// # Errors
    /// [`DeliveryFailure`] says what to do next. A [`DeliveryFailure::Retry`] may follow a text that did arrive.
    async fn send(&self, message: &SmsMessage) -> Result<Sent, DeliveryFailure>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_shows_neither_token_nor_text_nor_number() {
        let push = PushMessage {
            token: SecretText::new("device-token-1"),
            title: "您的诉求有新进展".into(),
            body: "路灯已修好，请您评价。".into(),
            data: BTreeMap::from([("receipt_no".into(), "LY-7Q2M".into())]),
            collapse_key: None,
            link: None,
        };
        let text = SmsMessage {
            id: "1".into(),
            number: SecretText::new("+8613805391234"),
            text: SecretText::new("验证码 482913"),
            purpose: SmsPurpose::SignInCode,
        };
        let shown = format!("{push:?} {text:?}");
        for hidden in ["device-token", "路灯", "诉求", "LY-7Q2M", "1380539", "482913"] {
            assert!(!shown.contains(hidden), "{hidden} is printed");
        }
    }
}
