//! The fake's service account: a new RSA key each time, written as the file that Google's console hands out.

use std::io;

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::{KeyPair, KeySize},
    signature::KeyPair as _,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jsonwebtoken::DecodingKey;
use serde_json::json;

/// The one project there is.
pub(super) const PROJECT: &str = "shoufa-linyi-test";
/// The account's address.
pub(super) const CLIENT_EMAIL: &str = "push@shoufa-linyi-test.iam.gserviceaccount.com";
/// The key's name.
pub(super) const KEY_ID: &str = "key-2026";

/// An account and its key.
pub(super) struct Account {
    key: KeyPair,
    pem: String,
}

impl Account {
    pub(super) fn generate() -> io::Result<Self> {
        let key = KeyPair::generate(KeySize::Rsa2048).map_err(io::Error::other)?;
        let der: Pkcs8V1Der<'_> = key.as_der().map_err(io::Error::other)?;
        let encoded = STANDARD.encode(der.as_ref());
        let mut pem = String::from("-----BEGIN PRIVATE KEY-----\n");
        for (at, character) in encoded.chars().enumerate() {
            if at > 0 && at % 64 == 0 {
                pem.push('\n');
            }
            pem.push(character);
        }
        pem.push_str("\n-----END PRIVATE KEY-----\n");
        Ok(Self { key, pem })
    }

    pub(super) fn public_key(&self) -> DecodingKey {
        DecodingKey::from_rsa_der(self.key.public_key().as_ref())
    }

    pub(super) fn json(&self, token_uri: &str) -> String {
        json!({
            "type": "service_account",
            "project_id": PROJECT,
            "private_key_id": KEY_ID,
            "private_key": self.pem,
            "client_email": CLIENT_EMAIL,
            "client_id": "1",
            "token_uri": token_uri,
        })
        .to_string()
    }
}
