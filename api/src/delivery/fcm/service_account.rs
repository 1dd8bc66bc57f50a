//! The service-account file: what is taken from it, and the signed assertion made with its key (RFC 7523).
//!
//! Decides whether the file can be used, at start and not at the first message. It fetches nothing.

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::{Deserialize, Serialize};
use shared::domain::time::Timestamp;
use zeroize::Zeroizing;

/// Longest file accepted, in bytes; real ones have about 2,400.
const FILE_LIMIT: usize = 64 * 1024;
/// What the bearer may be used for.
const SCOPE: &str = "https://www.googleapis.com/auth/firebase.messaging";
/// How long an assertion is valid; Google allows no more.
const ASSERTION_SECONDS: i64 = 3600;

/// Why a service-account file cannot be used. Says nothing of the file's content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ServiceAccountError {
    /// More than 64 KiB: not such a file.
    #[error("the file is too large")]
    TooLarge,
    /// Not JSON, or a needed field is missing.
    #[error("the file is not a service account's JSON (line {line})")]
    Unreadable {
        /// Line where reading stopped.
        line: usize,
    },
    /// The `type` is another one, for example a user's own credentials.
    #[error("the file is not of type service_account")]
    WrongType,
    /// The project's id is empty or holds characters that no project id has.
    #[error("the project id is not valid")]
    ProjectId,
    /// The private key is not an RSA key in PEM form.
    #[error("the private key cannot be used for RS256")]
    PrivateKey,
}

#[derive(Deserialize)]
struct AccountFile {
    #[serde(rename = "type")]
    kind: String,
    project_id: String,
    private_key_id: String,
    private_key: String,
    client_email: String,
    token_uri: String,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    scope: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
}

/// A usable account.
pub(super) struct ServiceAccount {
    project_id: String,
    key_id: String,
    key: EncodingKey,
    client_email: String,
    token_uri: String,
}

impl ServiceAccount {
    /// Reads the file's content; `token_uri` given here takes the place of the file's.
    pub(super) fn from_json(text: &str, token_uri: Option<&str>) -> Result<Self, ServiceAccountError> {
        if text.len() > FILE_LIMIT {
            return Err(ServiceAccountError::TooLarge);
        }
        // serde's message may quote the file, so only the line goes on.
        let file: AccountFile =
            serde_json::from_str(text).map_err(|error| ServiceAccountError::Unreadable { line: error.line() })?;
        if file.kind != "service_account" {
            return Err(ServiceAccountError::WrongType);
        }
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:".contains(&byte);
        if file.project_id.is_empty() || file.project_id.len() > 64 || !file.project_id.bytes().all(allowed) {
            return Err(ServiceAccountError::ProjectId);
        }
        let pem = Zeroizing::new(file.private_key);
        let key = EncodingKey::from_rsa_pem(pem.as_bytes()).map_err(|_| ServiceAccountError::PrivateKey)?;
        let account = Self {
            project_id: file.project_id,
            key_id: file.private_key_id,
            key,
            client_email: file.client_email,
            token_uri: token_uri.map_or(file.token_uri, str::to_owned),
        };
        // PEM alone proves little: sign once now, so that a broken key is found at start.
        account.assertion(Timestamp(0))?;
        Ok(account)
    }

    pub(super) fn project_id(&self) -> &str {
        &self.project_id
    }

    pub(super) fn token_uri(&self) -> &str {
        &self.token_uri
    }

    /// The signed statement that is exchanged for a bearer, valid for an hour from `now`.
    pub(super) fn assertion(&self, now: Timestamp) -> Result<Zeroizing<String>, ServiceAccountError> {
        let header = Header {
            kid: Some(self.key_id.clone()),
            ..Header::new(Algorithm::RS256)
        };
        let iat = now.0.div_euclid(1_000_000);
        let claims = Claims {
            iss: &self.client_email,
            scope: SCOPE,
            aud: &self.token_uri,
            iat,
            exp: iat.saturating_add(ASSERTION_SECONDS),
        };
        jsonwebtoken::encode(&header, &claims, &self.key)
            .map(Zeroizing::new)
            .map_err(|_| ServiceAccountError::PrivateKey)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> Option<ServiceAccountError> {
        ServiceAccount::from_json(text, None).err()
    }

    #[test]
    fn a_file_that_cannot_be_used_is_refused_without_quoting_it() {
        assert_eq!(refusal(&" ".repeat(70_000)), Some(ServiceAccountError::TooLarge));
        assert_eq!(
            refusal("{\n\"type\": 7"),
            Some(ServiceAccountError::Unreadable { line: 2 })
        );
        let file = |kind: &str, project: &str| {
            format!(
                r#"{{"type":"{kind}","project_id":"{project}","private_key_id":"k","private_key":"geheim",
                "client_email":"a@b","token_uri":"https://oauth2.googleapis.com/token"}}"#
            )
        };
        assert_eq!(
            refusal(&file("authorized_user", "p")),
            Some(ServiceAccountError::WrongType)
        );
        assert_eq!(
            refusal(&file("service_account", "../p")),
            Some(ServiceAccountError::ProjectId)
        );
        assert_eq!(
            refusal(&file("service_account", "p")),
            Some(ServiceAccountError::PrivateKey)
        );
        for error in [
            refusal("{\"type\": \"geheim\"}"),
            refusal(&file("service_account", "p")),
        ] {
            assert!(!format!("{error:?}").contains("geheim"));
        }
    }
}
