//! Sealed notes that the server gives out and takes back minutes later, so that nothing is stored meanwhile: that the password
//! was right and the code is still to come, and which secret is about to become somebody's second factor.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use shared::domain::time::Timestamp;
use zeroize::Zeroizing;

use super::secrets::{SecretError, Secrets};

/// The password was right.
#[derive(Clone, Serialize, Deserialize)]
pub struct PasswordProven {
    /// The account.
    pub account: i64,
    /// Which password: one set since then makes the note void.
    pub password_set_at: i64,
    /// What the person calls the device.
    pub device_name: Option<String>,
    /// The known device that it came from (`access::devices`).
    pub device: Option<String>,
}

/// A secret that was shown and is not in force yet.
#[derive(Serialize, Deserialize)]
pub struct SecretShown {
    /// Whose it is to be.
    pub account: i64,
    /// The secret, sealed for that account.
    pub sealed: Vec<u8>,
}

/// What a note is for; one kind is never taken for another.
pub trait Note: Serialize + DeserializeOwned {
    /// What it is sealed for.
    const PURPOSE: &'static str;
}

impl Note for PasswordProven {
    const PURPOSE: &'static str = "note.password_proven";
}

impl Note for SecretShown {
    const PURPOSE: &'static str = "note.secret_shown";
}

#[derive(Serialize, Deserialize)]
struct Dated<N> {
    ends: i64,
    note: N,
}

/// Seals a note that is good for `seconds`.
///
/// # Errors
/// `Sealed` when the cipher refuses.
pub fn write<N: Note>(secrets: &Secrets, note: N, now: Timestamp, seconds: i64) -> Result<String, SecretError> {
    let ends = now.plus_seconds(seconds).0;
    let plain = Zeroizing::new(serde_json::to_vec(&Dated { ends, note }).map_err(|_| SecretError::Sealed)?);
    Ok(URL_SAFE_NO_PAD.encode(secrets.cipher().seal(N::PURPOSE, &plain)?))
}

/// Reads a note; none when it is forged, of another kind, or too old.
#[must_use]
pub fn read<N: Note>(secrets: &Secrets, text: &str, now: Timestamp) -> Option<N> {
    let sealed = URL_SAFE_NO_PAD.decode(text).ok()?;
    let plain = secrets.cipher().open(N::PURPOSE, &sealed).ok()?;
    let dated: Dated<N> = serde_json::from_slice(&plain).ok()?;
    (now.0 < dated.ends).then_some(dated.note)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_000_000_000_000);

    #[test]
    fn a_note_is_good_for_its_purpose_and_its_time() {
        let folder = tempfile::tempdir().unwrap();
        let secrets = Secrets::open(folder.path()).unwrap();
        let note = PasswordProven {
            account: 7,
            password_set_at: 1,
            device_name: Some("办公室电脑".into()),
            device: None,
        };
        let text = write(&secrets, note, NOW, 300).unwrap();
        let read_at = |seconds| read::<PasswordProven>(&secrets, &text, NOW.plus_seconds(seconds));
        assert_eq!(read_at(299).unwrap().account, 7);
        assert!(read_at(300).is_none());
        assert!(read::<SecretShown>(&secrets, &text, NOW).is_none());
        assert!(read::<PasswordProven>(&secrets, &text[1..], NOW).is_none());
        assert!(read::<PasswordProven>(&secrets, "不是", NOW).is_none());
    }
}
