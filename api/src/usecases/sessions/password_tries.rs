//! Wrong passwords are counted by account and address, so that an outsider locks nobody out but himself; a far higher
//! count by account alone stops guessing from many addresses. Codes by text message stay open to the owner.

use std::sync::Arc;

use shared::contract::problem::ProblemCode;

use crate::{
    access::{Actor, RequestContext},
    database::{StoreError, Transaction},
    errors::Failure,
    services::Services,
    stores::attempt_store::{self, AttemptLimit, AttemptVerdict},
    usecases::audit::{self, Act},
};

/// The two buckets of one account as seen from one address.
#[derive(Clone)]
pub struct PasswordTries {
    buckets: [(String, AttemptLimit); 2],
}

impl PasswordTries {
    /// `account` is a keyed hash, a name or an id: unknown accounts are counted as well.
    #[must_use]
    pub fn of(services: &Services, context: &RequestContext, account: &str) -> Self {
        let config = &services.config.sessions;
        let limit = |most| AttemptLimit {
            most,
            window: config.pause_seconds,
            pause: config.pause_seconds,
        };
        let network = context.network().unwrap_or_default();
        Self {
            buckets: [
                (format!("password:{account}:{network}"), limit(config.wrong_passwords)),
                (format!("password:{account}"), limit(config.wrong_passwords_anywhere)),
            ],
        }
    }

    /// Counts a try before the password is compared, so that many tries at once count as many.
    ///
    /// # Errors
    /// `TemporarilyLocked` with the time to wait.
    pub async fn count(
        &self,
        services: &Arc<Services>,
        context: &RequestContext,
        action: &'static str,
    ) -> Result<(), Failure> {
        let (tries, shared, context, now) = (self.clone(), Arc::clone(services), context.clone(), services.now().0);
        let wait = services
            .database
            .writer
            .write(move |transaction| -> Result<Option<i64>, StoreError> {
                for (bucket, limit) in &tries.buckets {
                    if let AttemptVerdict::Wait(seconds) = attempt_store::ask(transaction, bucket, *limit, now)? {
                        let act = Act::done(action, "account", None).refused(ProblemCode::TemporarilyLocked.as_str());
                        audit::record_act(&shared, transaction, &Actor::Visitor, &context, &act);
                        return Ok(Some(seconds));
                    }
                }
                for (bucket, limit) in &tries.buckets {
                    attempt_store::count(transaction, bucket, *limit, now)?;
                }
                Ok(None)
            })
            .await?;
        match wait {
            None => Ok(()),
            Some(seconds) => Err(Failure::new(ProblemCode::TemporarilyLocked)
                .with_retry_after(u32::try_from(seconds).unwrap_or(u32::MAX))),
        }
    }

    /// Forgets the tries: the password was right.
    ///
    /// # Errors
    /// The database's failure.
    pub fn forget(&self, transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        for (bucket, _) in &self.buckets {
            attempt_store::forget(transaction, bucket)?;
        }
        Ok(())
    }
}
