//! What a request says about itself besides its content: request id, address, idempotency key, expected version.

tokio::task_local! {
    static REQUEST_ID: String;
}

/// The id of the request being answered on this task; empty outside of a request.
#[must_use]
pub fn current_request_id() -> String {
    REQUEST_ID.try_with(Clone::clone).unwrap_or_default()
}

/// Runs `work` as the request with this id.
pub async fn within_request<F: Future>(request_id: String, work: F) -> F::Output {
    REQUEST_ID.scope(request_id, work).await
}

/// What a changing request says about itself.
#[derive(Debug, Clone, Default)]
pub struct RequestContext {
    /// Made by the server or taken from `X-Request-Id` when well-formed.
    pub request_id: String,
    /// The caller's address, as the trusted proxies tell it.
    pub address: Option<String>,
    /// `Idempotency-Key`: the same key with the same content is done once.
    pub idempotency_key: Option<String>,
    /// `If-Match`: the version that the caller read.
    pub expected_version: Option<i64>,
}

impl RequestContext {
    /// What attempts are counted by: the address itself, or the /64 that an IPv6 address lies in, since one subscriber has
    /// all of it.
    #[must_use]
    pub fn network(&self) -> Option<String> {
        let address = self.address.as_deref()?;
        match address.parse::<std::net::Ipv6Addr>() {
            Ok(address) if address.to_ipv4_mapped().is_none() => {
                let [a, b, c, d, ..] = address.segments();
                Some(format!("{a:x}:{b:x}:{c:x}:{d:x}::/64"))
            }
            _ => Some(address.to_owned()),
        }
    }
}
