//! Access tokens (short, signed) and refresh tokens (random, stored as a hash). Whether a session still stands is not here.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shared::domain::{hexadecimal::lower_hex, time::Timestamp};

use super::secrets::{Secrets, random_bytes};

const ISSUER: &str = "shoufa";
/// Tokens of a look at one case: no session knows them, and nothing else opens with them.
const LOOKUP_ISSUER: &str = "shoufa-lookup";
const REFRESH_BYTES: usize = 32;

/// Whose session it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// A resident.
    Person,
    /// Somebody who works for the city.
    Staff,
}

impl AccountKind {
    /// The name in rows.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Staff => "staff",
        }
    }
}

/// What an access token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Who made it.
    pub iss: String,
    /// The account's id.
    pub sub: String,
    /// Resident or staff.
    pub kind: AccountKind,
    /// The session's id.
    pub sid: String,
    /// Seconds since 1970 when it was made.
    pub iat: i64,
    /// Seconds since 1970 when it ends.
    pub exp: i64,
}

/// The account and session of a token that is genuine and has not run out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bearer {
    /// The account's id.
    pub account: i64,
    /// Resident or staff.
    pub kind: AccountKind,
    /// The session's id.
    pub session: i64,
}

/// Signs an access token that lives `seconds`. None when the keys cannot sign.
#[must_use]
pub fn issue(secrets: &Secrets, bearer: Bearer, now: Timestamp, seconds: i64) -> Option<String> {
    sign(secrets, ISSUER, bearer, now, seconds)
}

/// A look at one case by somebody who is not signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lookup {
    /// The case's requester when the look was opened.
    pub person: i64,
    /// The case.
    pub case_id: i64,
}

/// Signs the token of a look that lasts `seconds`. None when the keys cannot sign.
#[must_use]
pub fn issue_lookup(secrets: &Secrets, lookup: Lookup, now: Timestamp, seconds: i64) -> Option<String> {
    let bearer = Bearer {
        account: lookup.person,
        kind: AccountKind::Person,
        session: lookup.case_id,
    };
    sign(secrets, LOOKUP_ISSUER, bearer, now, seconds)
}

/// Reads the token of a look. None when anything about it is wrong.
#[must_use]
pub fn read_lookup(secrets: &Secrets, token: &str, now: Timestamp) -> Option<Lookup> {
    let bearer = open(secrets, LOOKUP_ISSUER, token, now)?;
    Some(Lookup {
        person: bearer.account,
        case_id: bearer.session,
    })
}

fn sign(secrets: &Secrets, issuer: &str, bearer: Bearer, now: Timestamp, seconds: i64) -> Option<String> {
    let signing = secrets.signing_key()?;
    let second = now.0.div_euclid(1_000_000);
    let claims = Claims {
        iss: issuer.to_owned(),
        sub: bearer.account.to_string(),
        kind: bearer.kind,
        sid: bearer.session.to_string(),
        iat: second,
        exp: second.saturating_add(seconds),
    };
    let header = Header {
        kid: Some(signing.id.clone()),
        ..Header::new(Algorithm::HS256)
    };
    jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(&signing.key)).ok()
}

/// Reads an access token: its key by `kid`, signature, issuer and end. None when anything about it is wrong.
#[must_use]
pub fn read(secrets: &Secrets, token: &str, now: Timestamp) -> Option<Bearer> {
    open(secrets, ISSUER, token, now)
}

fn open(secrets: &Secrets, issuer: &str, token: &str, now: Timestamp) -> Option<Bearer> {
    let header = jsonwebtoken::decode_header(token).ok()?;
    let key = secrets.token_key(header.kid.as_deref()?)?;
    let mut rules = Validation::new(Algorithm::HS256);
    rules.set_issuer(&[issuer]);
    // The end is compared below, with the server's own clock.
    rules.validate_exp = false;
    rules.validate_aud = false;
    let claims = jsonwebtoken::decode::<Claims>(token, &DecodingKey::from_secret(&key.key), &rules)
        .ok()?
        .claims;
    if claims.exp <= now.0.div_euclid(1_000_000) {
        return None;
    }
    Some(Bearer {
        account: claims.sub.parse().ok()?,
        kind: claims.kind,
        session: claims.sid.parse().ok()?,
    })
}

/// A new refresh token.
#[must_use]
pub fn new_refresh_token() -> String {
    URL_SAFE_NO_PAD.encode(random_bytes::<REFRESH_BYTES>().as_slice())
}

/// The hash under which a refresh token is stored. The token is random, so the hash needs no key.
#[must_use]
pub fn refresh_hash(token: &str) -> String {
    lower_hex(&Sha256::digest(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_000_000_000_000);

    #[test]
    fn a_token_is_read_until_its_end_and_by_its_own_keys_only() {
        let folder = tempfile::tempdir().unwrap();
        let secrets = Secrets::open(folder.path()).unwrap();
        let bearer = Bearer {
            account: 7,
            kind: AccountKind::Staff,
            session: 9,
        };
        let token = issue(&secrets, bearer, NOW, 900).unwrap();
        assert_eq!(read(&secrets, &token, NOW), Some(bearer));
        assert_eq!(read(&secrets, &token, NOW.plus_seconds(899)), Some(bearer));
        assert_eq!(read(&secrets, &token, NOW.plus_seconds(900)), None);
        let stranger = Secrets::open(tempfile::tempdir().unwrap().path()).unwrap();
        assert_eq!(read(&stranger, &token, NOW), None);
        assert_eq!(read(&secrets, "", NOW), None);
        assert_eq!(read(&secrets, &token[..token.len() - 2], NOW), None);
    }

    #[test]
    fn a_token_without_signature_or_of_another_issuer_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let secrets = Secrets::open(folder.path()).unwrap();
        let part = |json: &str| URL_SAFE_NO_PAD.encode(json);
        let claims = r#"{"iss":"shoufa","sub":"7","kind":"staff","sid":"9","iat":1,"exp":9999999999}"#;
        let unsigned = format!("{}.{}.", part(r#"{"alg":"none","kid":"t1"}"#), part(claims));
        assert_eq!(read(&secrets, &unsigned, NOW), None);
        let signing = secrets.signing_key().unwrap();
        let mut other: Claims = serde_json::from_str(claims).unwrap();
        other.iss = "another".into();
        let header = Header {
            kid: Some(signing.id.clone()),
            ..Header::new(Algorithm::HS256)
        };
        let token = jsonwebtoken::encode(&header, &other, &EncodingKey::from_secret(&signing.key)).unwrap();
        assert_eq!(read(&secrets, &token, NOW), None);
    }
}
