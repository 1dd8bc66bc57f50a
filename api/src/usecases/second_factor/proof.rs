//! Whether somebody has the second factor of an account: a code of the authenticator app, or a recovery code. Each is good once.

use serde_json::{Value, json};

use super::recovery;
use crate::{
    access::totp::TotpSecret, database::Transaction, errors::Failure, services::Services, stores::second_factor_store,
};

/// What was typed.
#[derive(Clone)]
pub enum Proof {
    /// Six digits from the app.
    Code(String),
    /// One of the codes on paper.
    Recovery(String),
}

impl Proof {
    /// From a request that has the one or the other.
    ///
    /// # Errors
    /// `Invalid` when it has both or neither.
    pub fn of(code: Option<&str>, recovery_code: Option<&str>) -> Result<Self, Failure> {
        match (code, recovery_code) {
            (Some(code), None) => Ok(Self::Code(code.to_owned())),
            (None, Some(code)) => Ok(Self::Recovery(code.to_owned())),
            _ => Err(Failure::invalid("code", "请填写动态口令或恢复码，二选一")),
        }
    }

    /// Which of the two, for the audit trail.
    #[must_use]
    pub fn detail(&self) -> Value {
        match self {
            Self::Code(_) => json!({ "by": "totp" }),
            Self::Recovery(_) => json!({ "by": "recovery_code" }),
        }
    }
}

/// Whether the proof is right; if so it is used up.
///
/// # Errors
/// `Internal` when the secret cannot be opened; the database's failure.
pub fn use_up(
    services: &Services,
    transaction: &mut Transaction<'_>,
    account: i64,
    proof: &Proof,
) -> Result<bool, Failure> {
    let (secrets, now) = (&services.access.secrets, services.now());
    match proof {
        Proof::Recovery(code) => {
            let hash = secrets.recovery_hash(account, &recovery::plain(code));
            Ok(second_factor_store::use_up_code(transaction, account, &hash, now.0)?)
        }
        Proof::Code(code) => {
            let sealed = transaction.read(|connection| second_factor_store::find_sealed(connection, account))?;
            let Some(sealed) = sealed else { return Ok(false) };
            let secret = TotpSecret::open(secrets, account, &sealed).map_err(Failure::internal)?;
            match secret.step_of(code.trim(), now) {
                Some(step) => Ok(second_factor_store::move_to_step(transaction, account, step)?),
                None => Ok(false),
            }
        }
    }
}
