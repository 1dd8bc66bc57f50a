//! The server's keys: made at the first start, kept in one file that only the server's user can read, never printed.
//!
//! It decides how personal data are sealed and looked up. Which data are sealed is decided where they are written.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use aes_gcm::{
    Aes256Gcm, Nonce,
    aead::{Aead, KeyInit, Payload},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use shared::domain::hexadecimal::lower_hex;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// What residents' telephone numbers are sealed for.
pub const PERSON_PHONE: &str = "person.phone";
/// Name of the key file in the data folder.
pub const KEY_FILE: &str = "keys.json";
const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 12;

/// Why keys could not be had or used. No variant holds key material.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file cannot be read or written.
    #[error("key file {0}: {1}")]
    File(PathBuf, std::io::Error),
    /// The file has another shape than expected.
    #[error("key file {0} is damaged: {1}")]
    Damaged(PathBuf, &'static str),
    /// Something sealed cannot be opened: another key, another purpose, or changed on the way.
    #[error("a sealed value cannot be opened")]
    Sealed,
}

/// Seals and opens personal data. Behind a trait, so that a national algorithm can take the place of AES.
pub trait Cipher: Send + Sync {
    /// Seals `plain` for one purpose; the same text never gives the same result twice.
    ///
    /// # Errors
    /// `Sealed` when the cipher refuses.
    fn seal(&self, purpose: &str, plain: &[u8]) -> Result<Vec<u8>, SecretError>;

    /// Opens what was sealed for the same purpose.
    ///
    /// # Errors
    /// `Sealed` when the key is gone, the purpose is another, or the bytes were changed.
    fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SecretError>;
}

/// A key with its name. The first of a list is used for new values, the others still open old ones.
struct NamedKey {
    id: String,
    key: Zeroizing<Vec<u8>>,
}

/// All keys of one installation.
pub struct Secrets {
    token_keys: Vec<NamedKey>,
    cipher: Box<dyn Cipher>,
    phone_lookup_key: Zeroizing<Vec<u8>>,
    receipt_key: Zeroizing<[u8; KEY_BYTES]>,
    code_pepper: Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(…)")
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyEntry {
    id: String,
    key: Zeroizing<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    token_keys: Vec<KeyEntry>,
    phone_keys: Vec<KeyEntry>,
    phone_lookup_key: Zeroizing<String>,
    receipt_key: Zeroizing<String>,
    code_pepper: Zeroizing<String>,
}

impl Secrets {
    /// Reads the keys of the data folder, and makes them at the first start.
    ///
    /// # Errors
    /// When the folder cannot be written, or the file is damaged.
    pub fn open(folder: &Path) -> Result<Self, SecretError> {
        let path = folder.join(KEY_FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => make_file(folder, &path)?,
            Err(error) => return Err(SecretError::File(path, error)),
        };
        let file: KeyFile =
            serde_json::from_str(&text).map_err(|_| SecretError::Damaged(path.clone(), "not the expected JSON"))?;
        Self::from_file(&file).ok_or(SecretError::Damaged(
            path,
            "a key is missing or is not 32 bytes of base64",
        ))
    }

    fn from_file(file: &KeyFile) -> Option<Self> {
        let receipt = decode(&file.receipt_key)?;
        Some(Self {
            token_keys: named(&file.token_keys)?,
            cipher: Box::new(AesCipher {
                keys: named(&file.phone_keys)?,
            }),
            phone_lookup_key: decode(&file.phone_lookup_key)?,
            receipt_key: Zeroizing::new(receipt.as_slice().try_into().ok()?),
            code_pepper: decode(&file.code_pepper)?,
        })
    }

    /// Seals and opens personal data.
    #[must_use]
    pub fn cipher(&self) -> &dyn Cipher {
        self.cipher.as_ref()
    }

    /// The keyed hash by which a telephone number (E.164) is found without being stored; 64 hex digits.
    #[must_use]
    pub fn phone_lookup(&self, e164: &str) -> String {
        keyed_hash(&self.phone_lookup_key, &[e164.as_bytes()])
    }

    /// The hash under which a sign-in code is stored: useless without the pepper, and bound to its number.
    #[must_use]
    pub fn code_hash(&self, phone_lookup: &str, code: &str) -> String {
        keyed_hash(&self.code_pepper, &[phone_lookup.as_bytes(), b":", code.as_bytes()])
    }

    /// The hash under which a recovery code is stored: bound to its account.
    #[must_use]
    pub fn recovery_hash(&self, account: i64, code: &str) -> String {
        let account = account.to_string();
        keyed_hash(
            &self.code_pepper,
            &[b"recovery:", account.as_bytes(), b":", code.as_bytes()],
        )
    }

    /// What proves that a device signed in to an account before.
    #[must_use]
    pub(super) fn device_hash(&self, account: &str, device: &str) -> String {
        keyed_hash(
            &self.code_pepper,
            &[b"device:", device.as_bytes(), b":", account.as_bytes()],
        )
    }

    /// The key of the permutation that makes receipt numbers.
    #[must_use]
    pub fn receipt_key(&self) -> &[u8; KEY_BYTES] {
        &self.receipt_key
    }

    /// What tells these keys from others and betrays nothing of them; 64 hex digits. Made of the keys that are never replaced:
    /// the others may be changed while a database lives.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        keyed_hash(&self.phone_lookup_key, &[b"fingerprint:", &*self.receipt_key])
    }

    /// Id and key that sign new access tokens.
    pub(super) fn signing_key(&self) -> Option<(&str, &[u8])> {
        self.token_keys.first().map(|key| (key.id.as_str(), key.key.as_slice()))
    }

    /// The key with this id, to check an access token.
    pub(super) fn token_key(&self, id: &str) -> Option<&[u8]> {
        self.token_keys
            .iter()
            .find(|key| key.id == id)
            .map(|key| key.key.as_slice())
    }
}

/// Whether two hashes are the same, in a time that does not tell where they differ.
#[must_use]
pub fn same_hash(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// Random bytes from the operating system's generator.
#[must_use]
pub fn random_bytes<const N: usize>() -> Zeroizing<[u8; N]> {
    let mut bytes = Zeroizing::new([0; N]);
    rand::fill(bytes.as_mut_slice());
    bytes
}

struct AesCipher {
    keys: Vec<NamedKey>,
}

impl Cipher for AesCipher {
    /// Length of the key's id, the id, the nonce, and the text with its tag.
    fn seal(&self, purpose: &str, plain: &[u8]) -> Result<Vec<u8>, SecretError> {
        let key = self.keys.first().ok_or(SecretError::Sealed)?;
        let nonce = random_bytes::<NONCE_BYTES>();
        let cipher = Aes256Gcm::new_from_slice(&key.key).map_err(|_| SecretError::Sealed)?;
        let message = Payload {
            msg: plain,
            aad: purpose.as_bytes(),
        };
        let sealed = cipher
            .encrypt(&Nonce::from(*nonce), message)
            .map_err(|_| SecretError::Sealed)?;
        let mut whole = Vec::with_capacity(1 + key.id.len() + NONCE_BYTES + sealed.len());
        whole.push(u8::try_from(key.id.len()).map_err(|_| SecretError::Sealed)?);
        whole.extend_from_slice(key.id.as_bytes());
        whole.extend_from_slice(nonce.as_slice());
        whole.extend_from_slice(&sealed);
        Ok(whole)
    }

    fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SecretError> {
        let (length, rest) = sealed.split_first().ok_or(SecretError::Sealed)?;
        let (id, rest) = rest.split_at_checked(usize::from(*length)).ok_or(SecretError::Sealed)?;
        let (nonce, text) = rest.split_at_checked(NONCE_BYTES).ok_or(SecretError::Sealed)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| SecretError::Sealed)?;
        let key = self
            .keys
            .iter()
            .find(|key| key.id.as_bytes() == id)
            .ok_or(SecretError::Sealed)?;
        let cipher = Aes256Gcm::new_from_slice(&key.key).map_err(|_| SecretError::Sealed)?;
        let message = Payload {
            msg: text,
            aad: purpose.as_bytes(),
        };
        cipher
            .decrypt(&Nonce::from(nonce), message)
            .map(Zeroizing::new)
            .map_err(|_| SecretError::Sealed)
    }
}

fn keyed_hash(key: &[u8], parts: &[&[u8]]) -> String {
    let Ok(mut mac) = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key) else {
        // HMAC takes keys of any length; an empty text is equal to no stored hash.
        return String::new();
    };
    for part in parts {
        mac.update(part);
    }
    lower_hex(&mac.finalize().into_bytes())
}

fn named(entries: &[KeyEntry]) -> Option<Vec<NamedKey>> {
    if entries.is_empty() {
        return None;
    }
    entries
        .iter()
        .map(|entry| {
            let usable = !entry.id.is_empty() && entry.id.len() <= 40;
            Some(NamedKey {
                id: entry.id.clone(),
                key: usable.then(|| decode(&entry.key))??,
            })
        })
        .collect()
}

fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let bytes = Zeroizing::new(STANDARD.decode(text).ok()?);
    (bytes.len() == KEY_BYTES).then_some(bytes)
}

/// Written beside its place and then linked into it: two processes that start at once end up with the same keys.
fn make_file(folder: &Path, path: &Path) -> Result<Zeroizing<String>, SecretError> {
    let failed = |error| SecretError::File(path.to_path_buf(), error);
    let fresh = || Zeroizing::new(STANDARD.encode(random_bytes::<KEY_BYTES>().as_slice()));
    let entry = |id: &str| KeyEntry {
        id: id.to_owned(),
        key: fresh(),
    };
    let file = KeyFile {
        token_keys: vec![entry("t1")],
        phone_keys: vec![entry("p1")],
        phone_lookup_key: fresh(),
        receipt_key: fresh(),
        code_pepper: fresh(),
    };
    let text = serde_json::to_string_pretty(&file)
        .map_err(|_| SecretError::Damaged(path.to_path_buf(), "cannot be written as JSON"))?;
    let text = Zeroizing::new(text);
    // A temporary file is made readable for its owner alone.
    let mut temporary = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    temporary.write_all(text.as_bytes()).map_err(failed)?;
    temporary.as_file().sync_all().map_err(failed)?;
    match temporary.persist_noclobber(path) {
        Ok(_) => {
            let folder = fs::File::open(folder).map_err(failed)?;
            folder.sync_all().map_err(failed)?;
            Ok(text)
        }
        Err(other) if other.error.kind() == std::io::ErrorKind::AlreadyExists => {
            fs::read_to_string(path).map(Zeroizing::new).map_err(failed)
        }
        Err(other) => Err(failed(other.error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_made_once_and_for_the_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let first = Secrets::open(folder.path()).unwrap();
        let again = Secrets::open(folder.path()).unwrap();
        assert_eq!(
            first.phone_lookup("+8613812345678"),
            again.phone_lookup("+8613812345678")
        );
        assert_eq!(first.fingerprint(), again.fingerprint());
        let other = Secrets::open(tempfile::tempdir().unwrap().path()).unwrap();
        assert_ne!(first.fingerprint(), other.fingerprint());
        let mode = fs::metadata(folder.path().join(KEY_FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn what_is_sealed_opens_for_its_purpose_only_and_unchanged_only() {
        let folder = tempfile::tempdir().unwrap();
        let secrets = Secrets::open(folder.path()).unwrap();
        let sealed = secrets.cipher().seal("person.phone", b"+8613812345678").unwrap();
        assert_eq!(
            secrets.cipher().open("person.phone", &sealed).unwrap().as_slice(),
            b"+8613812345678"
        );
        assert_ne!(
            sealed,
            secrets.cipher().seal("person.phone", b"+8613812345678").unwrap()
        );
        assert!(secrets.cipher().open("sms", &sealed).is_err());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(secrets.cipher().open("person.phone", &changed).is_err());
            assert!(secrets.cipher().open("person.phone", &sealed[..at]).is_err());
        }
        let other = Secrets::open(tempfile::tempdir().unwrap().path()).unwrap();
        assert!(other.cipher().open("person.phone", &sealed).is_err());
    }

    #[test]
    fn a_damaged_file_is_refused_and_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(KEY_FILE), "{}").unwrap();
        assert!(matches!(Secrets::open(folder.path()), Err(SecretError::Damaged(..))));
        assert_eq!(fs::read_to_string(folder.path().join(KEY_FILE)).unwrap(), "{}");
    }
}
