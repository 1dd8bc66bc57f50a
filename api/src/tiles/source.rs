//! Where tiles come from: one address of the operator's with `{z}`, `{x}` and `{y}` in it. Nothing that a browser sends reaches it but
//! three numbers.

use std::{io, net::IpAddr, time::Duration};

use reqwest::{Client, StatusCode, Url, redirect::Policy};
use shared::contract::secret::Secret;

use super::Tile;

const TIMEOUT: Duration = Duration::from_secs(10);
/// Bytes of a tile at most; a dense one has a hundred thousand.
const LARGEST: usize = 1024 * 1024;

/// Why a source cannot be used. Never the address itself, which may hold a key.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// Not a web address.
    #[error("base_map.url must be an https address (http only on loopback)")]
    Address,
    /// The client cannot be built.
    #[error("the HTTP client cannot be built (are CA certificates installed?)")]
    Client,
    /// The folder for what is kept cannot be used.
    #[error("the folder of the base map's tiles: {0}")]
    Folder(#[source] io::Error),
}

/// What the source answered.
pub(super) enum Fetched {
    /// A picture.
    Tile(Vec<u8>),
    /// It has none there.
    Nothing,
    /// It did not answer, or not with a picture; why, for the log.
    Failed(String),
}

/// The source.
pub(super) struct Source {
    address: Secret,
    client: Client,
}

impl Source {
    pub(super) fn new(address: &Secret) -> Result<Self, SourceError> {
        let url = Url::parse(address.reveal()).map_err(|_| SourceError::Address)?;
        let here = is_loopback(&url);
        if url.scheme() != "https" && !(url.scheme() == "http" && here) {
            return Err(SourceError::Address);
        }
        let builder = Client::builder()
            .redirect(Policy::none())
            .connect_timeout(TIMEOUT)
            .timeout(TIMEOUT)
            .user_agent("shoufa");
        // A proxy named in the environment cannot reach this machine's own loopback.
        let builder = if here { builder.no_proxy() } else { builder };
        Ok(Self {
            address: address.clone(),
            client: builder.build().map_err(|_| SourceError::Client)?,
        })
    }

    pub(super) async fn fetch(&self, tile: Tile) -> Fetched {
        let address = self
            .address
            .reveal()
            .replace("{z}", &tile.zoom.to_string())
            .replace("{x}", &tile.x.to_string())
            .replace("{y}", &tile.y.to_string());
        match self.read(&address).await {
            Ok(fetched) => fetched,
            Err(error) => Fetched::Failed(error.without_url().to_string()),
        }
    }

    async fn read(&self, address: &str) -> reqwest::Result<Fetched> {
        let mut answer = self.client.get(address).send().await?;
        match answer.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND | StatusCode::NO_CONTENT => return Ok(Fetched::Nothing),
            other => return Ok(Fetched::Failed(format!("status {}", other.as_u16()))),
        }
        let mut bytes = Vec::new();
        while let Some(piece) = answer.chunk().await? {
            bytes.extend_from_slice(&piece);
            if bytes.len() > LARGEST {
                return Ok(Fetched::Failed("a tile of more than a megabyte".to_owned()));
            }
        }
        Ok(match kind(&bytes) {
            Some(_) => Fetched::Tile(bytes),
            None => Fetched::Failed("no picture".to_owned()),
        })
    }
}

fn is_loopback(url: &Url) -> bool {
    url.host_str().is_some_and(|host| {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    })
}

/// The kind of a picture by its first bytes; none for anything that is not handed on.
pub(super) fn kind(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_reached_over_tls_or_on_this_machine() {
        for good in [
            "https://tiles.example/{z}/{x}/{y}.png?tk=KEY",
            "http://127.0.0.1:8080/{z}/{x}/{y}",
        ] {
            assert!(Source::new(&Secret::new(good)).is_ok(), "{good}");
        }
        for bad in [
            "http://tiles.example/{z}/{x}/{y}",
            "file:///etc/{z}/{x}/{y}",
            "底图",
            "",
        ] {
            assert!(Source::new(&Secret::new(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_pictures_are_handed_on() {
        assert_eq!(kind(b"\x89PNG\r\n\x1a\n"), Some("image/png"));
        assert_eq!(kind(b"<svg onload=alert(1)>"), None);
        assert_eq!(kind(b"RIFF1234WEBPVP8 "), Some("image/webp"));
        assert_eq!(kind(b""), None);
    }
}
