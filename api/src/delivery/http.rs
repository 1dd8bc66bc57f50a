//! What every gateway over HTTP shares: a client that cannot hang, follow a redirect or send a secret in the clear, and
//! an answer read within bounds. It does not decide what a status means: each gateway maps its own.

use std::{borrow::Cow, net::IpAddr, time::Duration};

use reqwest::{
    Client, RequestBuilder, StatusCode, Url,
    header::{HeaderMap, RETRY_AFTER},
    redirect::Policy,
};
use shared::domain::time::Timestamp;

use super::DeliveryFailure;
use crate::clock::Clock;

/// Longest answer read, in bytes. Gateways answer with a few hundred; proxies with a page of HTML.
const ANSWER_LIMIT: usize = 64 * 1024;
/// Longest wait believed of a gateway.
const LONGEST_RETRY_AFTER: Duration = Duration::from_hours(24);
/// Longest failure code stored, in bytes.
const CODE_LIMIT: usize = 64;

/// Why a gateway's client could not be set up. Found at start, before any message.
#[derive(Debug, thiserror::Error)]
pub enum GatewaySetupError {
    /// The service-account file cannot be used.
    #[error("the push service account cannot be used: {0}")]
    ServiceAccount(#[from] super::fcm::ServiceAccountError),
    /// An address is not a URL, or would carry secrets in the clear.
    #[error("{setting} must be an https address (http only on loopback)")]
    Address {
        /// Which setting.
        setting: &'static str,
    },
    /// The bearer holds characters that no header may carry.
    #[error("{setting} cannot be sent in a header")]
    Bearer {
        /// Which setting.
        setting: &'static str,
    },
    /// The HTTP client cannot be built; most often the system has no CA certificates.
    #[error("the HTTP client cannot be built (are CA certificates installed?)")]
    Client(#[source] reqwest::Error),
}

/// An answer, read whole.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) retry_after: Option<Duration>,
    pub(super) body: Vec<u8>,
}

/// Parses the address in `setting`: `https`, or `http` to this machine itself (development and tests).
pub(super) fn checked_address(address: &str, setting: &'static str) -> Result<Url, GatewaySetupError> {
    let url = Url::parse(address).map_err(|_| GatewaySetupError::Address { setting })?;
    if url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url)) {
        Ok(url)
    } else {
        Err(GatewaySetupError::Address { setting })
    }
}

/// A client for `address`. Redirects are never followed: they would carry bearer and text to a host nobody configured.
pub(super) fn client_for(address: &Url, timeout: Duration) -> Result<Client, GatewaySetupError> {
    let builder = Client::builder()
        .redirect(Policy::none())
        .connect_timeout(timeout)
        .timeout(timeout)
        .user_agent("shoufa");
    // A proxy named in the environment cannot reach this machine's own loopback.
    let builder = if is_loopback(address) {
        builder.no_proxy()
    } else {
        builder
    };
    builder.build().map_err(GatewaySetupError::Client)
}

fn is_loopback(url: &Url) -> bool {
    url.host_str().is_some_and(|host| {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    })
}

/// Sends and reads the answer. A silent, refused or broken connection is worth another attempt.
pub(super) async fn exchange(request: RequestBuilder, clock: &dyn Clock) -> Result<Answer, DeliveryFailure> {
    let mut response = request.send().await.map_err(|error| broken(&error))?;
    let status = response.status();
    let retry_after = retry_after(response.headers(), clock.now());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| broken(&error))? {
        let room = ANSWER_LIMIT.saturating_sub(body.len());
        body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
        if body.len() >= ANSWER_LIMIT {
            break;
        }
    }
    Ok(Answer {
        status,
        retry_after,
        body,
    })
}

fn broken(error: &reqwest::Error) -> DeliveryFailure {
    let code = if error.is_timeout() {
        "TIMEOUT"
    } else if error.is_connect() {
        "NO_CONNECTION"
    } else {
        "CONNECTION_LOST"
    };
    DeliveryFailure::Retry {
        after: None,
        code: code.into(),
    }
}

/// `Retry-After` as seconds or as an HTTP date (RFC 9110, 10.2.3); anything else counts as absent.
pub(super) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse().map_or(LONGEST_RETRY_AFTER, Duration::from_secs)
    } else {
        let at = httpdate::parse_http_date(text).ok()?;
        let at = at.duration_since(std::time::UNIX_EPOCH).ok()?;
        let now = Duration::from_micros(u64::try_from(now.0).unwrap_or_default());
        at.saturating_sub(now)
    };
    Some(wait.min(LONGEST_RETRY_AFTER))
}

/// The gateway's own word when it is short and plain, else the status: what is stored and logged stays ours to read.
pub(super) fn stable_code(word: Option<&str>, status: StatusCode) -> Cow<'static, str> {
    let plain = |word: &&str| {
        !word.is_empty() && word.len() <= CODE_LIMIT && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    match word.filter(plain) {
        // A run of digits could be a number or a one-time code that the gateway repeats.
        Some(word) if !word.bytes().any(|b| b.is_ascii_digit()) => word.to_owned().into(),
        _ => format!("HTTP_{}", status.as_u16()).into(),
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn waits(value: &'static str) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static(value));
        // 2026-11-23T04:00:00Z
        retry_after(&headers, Timestamp(1_795_406_400_000_000))
    }

    #[test]
    fn retry_after_is_read_as_seconds_or_as_a_date_and_bounded() {
        assert_eq!(waits("120"), Some(Duration::from_mins(2)));
        assert_eq!(waits("Mon, 23 Nov 2026 04:01:30 GMT"), Some(Duration::from_secs(90)));
        assert_eq!(waits("Mon, 23 Nov 2020 04:01:30 GMT"), Some(Duration::ZERO));
        assert_eq!(waits("99999999999999999999999"), Some(LONGEST_RETRY_AFTER));
        for nonsense in ["", "soon", "-5", "1.5"] {
            assert_eq!(waits(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn secrets_travel_encrypted_except_on_loopback() {
        for good in [
            "https://fcm.googleapis.com",
            "http://127.0.0.1:8080",
            "http://localhost/x",
            "http://[::1]:9",
        ] {
            assert!(checked_address(good, "base").is_ok(), "{good}");
        }
        for bad in [
            "http://fcm.googleapis.com",
            "http://127.0.0.1.example.com",
            "ftp://127.0.0.1",
            "短信",
            "",
        ] {
            assert!(checked_address(bad, "base").is_err(), "{bad}");
        }
    }

    #[test]
    fn a_code_never_repeats_what_the_gateway_says_at_length() {
        let status = StatusCode::BAD_REQUEST;
        assert_eq!(stable_code(Some("QUOTA_EXCEEDED"), status), "QUOTA_EXCEEDED");
        assert_eq!(stable_code(Some("13805391234"), status), "HTTP_400");
        assert_eq!(stable_code(Some("number 138 is blocked"), status), "HTTP_400");
        assert_eq!(stable_code(None, status), "HTTP_400");
    }
}
