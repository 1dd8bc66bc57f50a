//! Time-based one-time codes (RFC 6238): six digits, thirty seconds, SHA-1, as every authenticator app knows them. That a code
//! is accepted once is seen to where its step is stored.

use shared::domain::time::Timestamp;
use totp_rs::{Builder, Secret, Totp};
use zeroize::Zeroizing;

use super::secrets::{SecretError, Secrets, random_bytes};
use crate::errors::Failure;

/// What secrets are sealed for, with the account's id behind it: a secret opens for its own account only.
const PURPOSE: &str = "staff.totp";
/// Who made the code, as the app shows it.
const ISSUER: &str = "12345首发";
/// 160 bits, as RFC 4226 recommends.
const SECRET_BYTES: usize = 20;

/// The secret that server and authenticator app share.
pub struct TotpSecret(Zeroizing<Vec<u8>>);

impl TotpSecret {
    /// A new one.
    #[must_use]
    pub fn make() -> Self {
        Self(Zeroizing::new(random_bytes::<SECRET_BYTES>().to_vec()))
    }

    /// For the account's row.
    ///
    /// # Errors
    /// `Sealed` when the cipher refuses.
    pub fn seal(&self, secrets: &Secrets, account: i64) -> Result<Vec<u8>, SecretError> {
        secrets.cipher().seal(&purpose(account), &self.0)
    }

    /// From the account's row.
    ///
    /// # Errors
    /// `Sealed` when it is another account's, or its key is gone.
    pub fn open(secrets: &Secrets, account: i64, sealed: &[u8]) -> Result<Self, SecretError> {
        secrets.cipher().open(&purpose(account), sealed).map(Self)
    }

    /// For typing it in by hand.
    #[must_use]
    pub fn base32(&self) -> String {
        Secret::new(self.0.to_vec().into()).to_base32()
    }

    /// For a QR code: `otpauth://totp/…`.
    ///
    /// # Errors
    /// `Internal` when the name cannot stand in it.
    pub fn uri(&self, username: &str) -> Result<String, Failure> {
        self.builder()
            .with_issuer(Some(ISSUER))
            .with_account_name(username)
            .build()
            .and_then(|totp| totp.to_url())
            .map_err(Failure::internal)
    }

    /// The step that the code belongs to: the present one, the one before or the one after. None when it is wrong.
    #[must_use]
    pub fn step_of(&self, code: &str, now: Timestamp) -> Option<i64> {
        let totp: Totp = self.builder().build().ok()?;
        let seconds = u64::try_from(now.0.div_euclid(1_000_000)).ok()?;
        totp.check(code, seconds).and_then(|step| i64::try_from(step).ok())
    }

    fn builder(&self) -> Builder {
        Builder::new().with_secret(Secret::new(self.0.to_vec().into()))
    }
}

fn purpose(account: i64) -> String {
    format!("{PURPOSE}:{account}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp(seconds * 1_000_000)
    }

    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        // Appendix B, the last six of its eight digits.
        let secret = TotpSecret(Zeroizing::new(b"12345678901234567890".to_vec()));
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            assert_eq!(secret.step_of(code, at(seconds)), Some(seconds / 30));
            assert_eq!(
                secret.step_of(code, at(seconds + 30)),
                Some(seconds / 30),
                "one step late"
            );
            assert_eq!(
                secret.step_of(code, at(seconds - 30)),
                Some(seconds / 30),
                "one step early"
            );
            assert_eq!(secret.step_of(code, at(seconds + 60)), None);
            assert_eq!(secret.step_of(code, at(seconds - 60)), None);
        }
        for wrong in ["", "28708", "2870822", "abcdef", "２８７０８２"] {
            assert_eq!(secret.step_of(wrong, at(59)), None, "{wrong}");
        }
    }

    #[test]
    fn an_app_reads_the_secret_from_the_uri_and_it_opens_for_its_own_account_only() {
        let folder = tempfile::tempdir().unwrap();
        let secrets = Secrets::open(folder.path()).unwrap();
        let secret = TotpSecret::make();
        let uri = secret.uri("wang.li").unwrap();
        assert!(
            uri.starts_with("otpauth://totp/12345%E9%A6%96%E5%8F%91:wang.li?"),
            "{uri}"
        );
        assert!(uri.contains(&format!("secret={}", secret.base32())), "{uri}");
        let sealed = secret.seal(&secrets, 7).unwrap();
        assert_eq!(
            TotpSecret::open(&secrets, 7, &sealed).unwrap().base32(),
            secret.base32()
        );
        assert!(TotpSecret::open(&secrets, 8, &sealed).is_err());
    }
}
