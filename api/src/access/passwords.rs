//! Making, hashing and comparing passwords: argon2id on blocking threads, one at a time for each core, with a bound on who
//! waits.

use std::{sync::Arc, time::Duration};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, generate_salt},
};
use shared::contract::problem::ProblemCode;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use super::secrets::random_bytes;
use crate::errors::Failure;

/// Memory of one hash in KiB (19 MiB), passes and lanes: OWASP's first choice for argon2id.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// The longest password that is hashed at all, in bytes.
const LONGEST_BYTES: usize = 1024;

/// Hashes and compares passwords. Cheap to clone.
#[derive(Clone)]
pub struct Passwords {
    permits: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    patience: Duration,
    /// Compared with when there is no such account, so that both take the same time.
    nobody: Arc<str>,
}

impl Passwords {
    /// `waiting` may wait for a core, for as long as `patience`, before the next one is told `Busy`.
    ///
    /// # Errors
    /// When the algorithm refuses its parameters.
    pub fn new(waiting: usize, patience: Duration) -> Result<Self, Failure> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self {
            permits: Arc::new(Semaphore::new(cores)),
            waiting: Arc::new(Semaphore::new(cores + waiting)),
            patience,
            nobody: hash("nobody has this password")?.into(),
        })
    }

    /// The hash to store.
    ///
    /// # Errors
    /// `Busy` when too many wait.
    pub async fn hash(&self, password: &str) -> Result<String, Failure> {
        let password = Zeroizing::new(password.to_owned());
        self.in_turn(move || hash(&password)).await
    }

    /// Whether the password belongs to the hash; without a hash the answer is no, after the same time.
    ///
    /// # Errors
    /// `Busy` when too many wait.
    pub async fn verify(&self, password: &str, stored: Option<&str>) -> Result<bool, Failure> {
        let known = stored.is_some();
        let stored = stored.unwrap_or(&self.nobody).to_owned();
        let password = Zeroizing::new(password.to_owned());
        let same = self
            .in_turn(move || Ok(password.len() <= LONGEST_BYTES && verify(&password, &stored)))
            .await?;
        Ok(same && known)
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let busy = || Failure::new(ProblemCode::Busy).with_retry_after(2);
        let _place = self.waiting.try_acquire().map_err(|_| busy())?;
        let permit = tokio::time::timeout(self.patience, Arc::clone(&self.permits).acquire_owned())
            .await
            .map_err(|_| busy())?
            .map_err(|_| busy())?;
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        })
        .await
        .map_err(Failure::internal)?
    }
}

fn hasher() -> Result<Argon2<'static>, Failure> {
    let parameters = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(Failure::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters))
}

fn hash(password: &str) -> Result<String, Failure> {
    hasher()?
        .hash_password_with_salt(password.as_bytes(), &generate_salt())
        .map(|hash| hash.to_string())
        .map_err(Failure::internal)
}

/// The stored hash names its own parameters, so that older ones still open.
fn verify(password: &str, stored: &str) -> bool {
    hasher().is_ok_and(|hasher| hasher.verify_password(password.as_bytes(), stored).is_ok())
}

/// A first password for somebody: 20 characters without those that look alike, in groups, with all classes that the rule asks for.
#[must_use]
pub fn make_password() -> Zeroizing<String> {
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
    let mut text = Zeroizing::new(String::new());
    for (place, byte) in random_bytes::<20>().iter().enumerate() {
        if place > 0 && place % 5 == 0 {
            text.push('-');
        }
        text.push(char::from(LETTERS[usize::from(*byte) % LETTERS.len()]));
    }
    text.push_str("-Aa2");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_own_password_opens_and_nobody_has_one() {
        let passwords = Passwords::new(8, Duration::from_secs(20)).unwrap();
        let stored = passwords.hash("沂蒙山-Linyi-1").await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_ne!(stored, passwords.hash("沂蒙山-Linyi-1").await.unwrap());
        assert!(passwords.verify("沂蒙山-Linyi-1", Some(&stored)).await.unwrap());
        for near in ["沂蒙山-Linyi-2", "沂蒙山-linyi-1", "沂蒙山-Linyi-1 ", "沂蒙山-Linyi-"] {
            assert!(!passwords.verify(near, Some(&stored)).await.unwrap(), "{near}");
        }
        assert!(!passwords.verify("nobody has this password", None).await.unwrap());
    }

    #[tokio::test]
    async fn who_would_wait_too_long_is_told_so_at_once() {
        let passwords = Passwords::new(0, Duration::from_secs(20)).unwrap();
        let many = (0..64).map(|_| passwords.verify("x", None));
        let answers = futures_util::future::join_all(many).await;
        let busy = answers
            .iter()
            .filter(|answer| matches!(answer, Err(failure) if failure.code == ProblemCode::Busy))
            .count();
        assert!(busy > 0 && busy < 64);
    }
}
