//! A text message on its way through the outbox: number and text are sealed, since the text may hold a code.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::secrets::{SecretError, Secrets};

/// What sealed messages are sealed for.
const PURPOSE: &str = "outbox.sms";

/// A text message to one number.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedSms {
    /// The number in E.164.
    pub number: String,
    /// What the person reads.
    pub text: String,
    /// Whether somebody is waiting for a code in it.
    pub is_code: bool,
}

impl std::fmt::Debug for SealedSms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SealedSms")
            .field("is_code", &self.is_code)
            .finish_non_exhaustive()
    }
}

impl SealedSms {
    /// The payload of an outbox row.
    ///
    /// # Errors
    /// `Sealed` when the cipher refuses.
    pub fn seal(&self, secrets: &Secrets) -> Result<String, SecretError> {
        let plain = Zeroizing::new(serde_json::to_vec(self).map_err(|_| SecretError::Sealed)?);
        Ok(STANDARD.encode(secrets.cipher().seal(PURPOSE, &plain)?))
    }

    /// Reads the payload of an outbox row.
    ///
    /// # Errors
    /// `Sealed` when it was sealed with other keys or changed since.
    pub fn open(payload: &str, secrets: &Secrets) -> Result<Self, SecretError> {
        let sealed = STANDARD.decode(payload).map_err(|_| SecretError::Sealed)?;
        let plain = secrets.cipher().open(PURPOSE, &sealed)?;
        serde_json::from_slice(&plain).map_err(|_| SecretError::Sealed)
    }
}
