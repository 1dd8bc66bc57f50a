//! Which address a request comes from. A proxy is believed when it was named, and only for what it added itself: the rightmost
//! address in its header that is not a trusted proxy's.

use std::{
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

/// Addresses of trusted proxies: one, or a block such as `10.0.0.0/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrustedNetwork(IpNet);

impl TrustedNetwork {
    fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }
}

impl FromStr for TrustedNetwork {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let block = text
            .parse::<IpNet>()
            .or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        block
            .map(Self)
            .map_err(|_| "not an address or a block of addresses".to_owned())
    }
}

impl<'de> Deserialize<'de> for TrustedNetwork {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The header in which the proxies name who asked. Only this one is read: the other could be the client's own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ForwardedHeader {
    /// `X-Forwarded-For: client, proxy`.
    #[default]
    XForwardedFor,
    /// `Forwarded: for=client, for=proxy` (RFC 7239).
    Forwarded,
}

impl ForwardedHeader {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::XForwardedFor => "x-forwarded-for",
            Self::Forwarded => "forwarded",
        }
    }

    /// The address in one element of the list.
    fn address_in(self, element: &str) -> Option<IpAddr> {
        match self {
            Self::XForwardedFor => node(element),
            Self::Forwarded => element.split(';').find_map(|pair| {
                let (name, value) = pair.split_once('=')?;
                name.trim().eq_ignore_ascii_case("for").then(|| node(value)).flatten()
            }),
        }
    }
}

/// The address of whoever asked: the peer's, or what trusted proxies say in `values`, the header's lines in order.
#[must_use]
pub fn client_address(peer: IpAddr, trusted: &[TrustedNetwork], header: ForwardedHeader, values: &[&str]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let peer = peer.to_canonical();
    let mut nearest = peer;
    let elements: Vec<&str> = values.iter().flat_map(|value| value.split(',')).collect();
    for element in elements.iter().rev() {
        if !is_trusted(nearest) {
            break;
        }
        let Some(address) = header.address_in(element) else {
            break;
        };
        nearest = address.to_canonical();
    }
    nearest
}

/// An address with or without quotes, brackets and port.
fn node(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    if let Some(inner) = text.strip_prefix('[') {
        return inner.split_once(']')?.0.parse().ok();
    }
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    text.parse().ok().or_else(with_port)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(header: ForwardedHeader, peer: &str, values: &[&str]) -> String {
        let trusted: Vec<TrustedNetwork> = ["10.0.0.0/30", "2001:db8:ffff::/48"]
            .map(|text| text.parse().unwrap())
            .into();
        client_address(peer.parse().unwrap(), &trusted, header, values).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed_and_only_its_own_word() {
        let told = |peer, values: &[&str]| told(ForwardedHeader::XForwardedFor, peer, values);
        assert_eq!(told("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(told("10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(told("::ffff:10.0.0.1", &["198.51.100.1:4711"]), "198.51.100.1");
        assert_eq!(told("10.0.0.1", &["6.6.6.6, 198.51.100.1, 10.0.0.2"]), "198.51.100.1");
        assert_eq!(told("10.0.0.1", &["6.6.6.6", "198.51.100.1"]), "198.51.100.1");
        assert_eq!(told("10.0.0.9", &["198.51.100.1"]), "10.0.0.9");
        assert_eq!(told("10.0.0.1", &["not an address"]), "10.0.0.1");
        assert_eq!(told("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn the_standard_header_is_read_with_its_quotes_and_brackets() {
        let told = |values: &[&str]| told(ForwardedHeader::Forwarded, "10.0.0.1", values);
        assert_eq!(
            told(&["for=6.6.6.6, for=192.0.2.60;proto=https;by=203.0.113.43"]),
            "192.0.2.60"
        );
        assert_eq!(told(&["For=\"[2001:db8:cafe::17]:4711\""]), "2001:db8:cafe::17");
        assert_eq!(told(&["for=192.0.2.9, for=\"[2001:db8:ffff::1]\""]), "192.0.2.9");
        assert_eq!(told(&["for=_hidden"]), "10.0.0.1");
    }

    #[test]
    fn what_is_no_block_is_refused() {
        assert!("10.0.0.0/33".parse::<TrustedNetwork>().is_err());
        assert!("proxy.example".parse::<TrustedNetwork>().is_err());
    }
}
