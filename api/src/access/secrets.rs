//! The server's keys: made at the first start, kept in one file that only the server's user can read, never printed.
//!
//! It decides how personal data are sealed and looked up. Which data are sealed is decided where they are written.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::SystemTime,
};

use aes_gcm::{
    Aes256Gcm, Nonce,
    aead::{Aead, KeyInit, Payload},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use shared::domain::hexadecimal::lower_hex;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

pub use super::key_file::KEY_FILE;
use super::key_file::{KEY_BYTES, KeyEntry, KeyFile};

/// What residents' telephone numbers are sealed for.
pub const PERSON_PHONE: &str = "person.phone";
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
    /// The file was changed in a way that a database does not live through.
    #[error("key file {0}: the keys that never change were changed; the present ones stay in use")]
    Foreign(PathBuf),
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

/// A key with its name.
pub(super) struct NamedKey {
    /// Its name in the file, in tokens and in front of sealed values.
    pub(super) id: String,
    /// Its bytes.
    pub(super) key: Zeroizing<Vec<u8>>,
}

/// Keys that are replaced while the server works. The first of a list is used for new values, the others still open old ones.
struct Replaceable {
    token_keys: Vec<Arc<NamedKey>>,
    phone_keys: Vec<String>,
    cipher: Arc<dyn Cipher>,
    /// When the file was written that they come from.
    written: Option<SystemTime>,
}

/// All keys of one installation.
pub struct Secrets {
    folder: PathBuf,
    replaceable: RwLock<Arc<Replaceable>>,
    phone_lookup_key: Zeroizing<Vec<u8>>,
    receipt_key: Zeroizing<[u8; KEY_BYTES]>,
    code_pepper: Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(…)")
    }
}

impl Secrets {
    /// Reads the keys of the data folder, and makes them at the first start.
    ///
    /// # Errors
    /// When the folder cannot be written, or the file is damaged.
    pub fn open(folder: &Path) -> Result<Self, SecretError> {
        let written = written(folder);
        let file = KeyFile::open(folder)?;
        Self::from_file(folder, &file, written).ok_or_else(|| damaged(folder))
    }

    fn from_file(folder: &Path, file: &KeyFile, written: Option<SystemTime>) -> Option<Self> {
        let receipt = decode(&file.receipt_key)?;
        Some(Self {
            folder: folder.to_path_buf(),
            replaceable: RwLock::new(Arc::new(Replaceable {
                token_keys: named(&file.token_keys)?,
                phone_keys: file.phone_keys.iter().map(|entry| entry.id.clone()).collect(),
                cipher: Arc::new(AesCipher {
                    keys: named(&file.phone_keys)?,
                }),
                written,
            })),
            phone_lookup_key: decode(&file.phone_lookup_key)?,
            receipt_key: Zeroizing::new(receipt.as_slice().try_into().ok()?),
            code_pepper: decode(&file.code_pepper)?,
        })
    }

    /// Takes up what changed in the key file; answers whether anything did. What is in use stays when the file cannot be used.
    ///
    /// # Errors
    /// When the file is gone, damaged, or another installation's.
    pub fn take_up_changes(&self) -> Result<bool, SecretError> {
        let written = written(&self.folder);
        if written.is_some() && written == self.replaceable().written {
            return Ok(false);
        }
        let path = self.folder.join(KEY_FILE);
        let text = fs::read_to_string(&path).map(Zeroizing::new);
        let text = text.map_err(|error| SecretError::File(path.clone(), error))?;
        let file: KeyFile =
            serde_json::from_str(&text).map_err(|_| SecretError::Damaged(path.clone(), "not the expected JSON"))?;
        let new = Self::from_file(&self.folder, &file, written).ok_or_else(|| damaged(&self.folder))?;
        if new.fingerprint() != self.fingerprint() || new.code_pepper != self.code_pepper {
            return Err(SecretError::Foreign(path));
        }
        let new = new.replaceable();
        *self.replaceable.write().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(true)
    }

    fn replaceable(&self) -> Arc<Replaceable> {
        Arc::clone(&self.replaceable.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Names of the keys that seal personal data, the one in use first.
    #[must_use]
    pub fn phone_key_ids(&self) -> Vec<String> {
        self.replaceable().phone_keys.clone()
    }

    /// Names of the keys that sign access tokens, the one in use first.
    #[must_use]
    pub fn token_key_ids(&self) -> Vec<String> {
        let keys = self.replaceable();
        keys.token_keys.iter().map(|key| key.id.clone()).collect()
    }

    /// Seals and opens personal data.
    #[must_use]
    pub fn cipher(&self) -> Arc<dyn Cipher> {
        Arc::clone(&self.replaceable().cipher)
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

    /// The key that signs new access tokens.
    pub(super) fn signing_key(&self) -> Option<Arc<NamedKey>> {
        self.replaceable().token_keys.first().cloned()
    }

    /// The key with this id, to check an access token.
    pub(super) fn token_key(&self, id: &str) -> Option<Arc<NamedKey>> {
        let keys = self.replaceable();
        keys.token_keys.iter().find(|key| key.id == id).cloned()
    }
}

/// The name of the key that something was sealed with.
#[must_use]
pub fn sealed_with(sealed: &[u8]) -> Option<&str> {
    let (length, rest) = sealed.split_first()?;
    std::str::from_utf8(rest.get(..usize::from(*length))?).ok()
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
    keys: Vec<Arc<NamedKey>>,
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

fn named(entries: &[KeyEntry]) -> Option<Vec<Arc<NamedKey>>> {
    if entries.is_empty() {
        return None;
    }
    entries
        .iter()
        .map(|entry| {
            let usable = !entry.id.is_empty() && entry.id.len() <= 40;
            Some(Arc::new(NamedKey {
                id: entry.id.clone(),
                key: usable.then(|| decode(&entry.key))??,
            }))
        })
        .collect()
}

fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let bytes = Zeroizing::new(STANDARD.decode(text).ok()?);
    (bytes.len() == KEY_BYTES).then_some(bytes)
}

fn damaged(folder: &Path) -> SecretError {
    SecretError::Damaged(folder.join(KEY_FILE), "a key is missing or is not 32 bytes of base64")
}

fn written(folder: &Path) -> Option<SystemTime> {
    fs::metadata(folder.join(KEY_FILE))
        .and_then(|about| about.modified())
        .ok()
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
