//! Wrong passwords and codes are counted by account and address, so that an outsider locks nobody out but himself; a higher
//! count by account alone stops guessing from many addresses. A device that signed in to the account before, and the present
//! session, are counted apart and stay open whatever strangers do (docs/decisions/0006). Codes by text message stay open to
//! a resident in any case.

use std::sync::Arc;

use shared::contract::problem::ProblemCode;

use crate::{
    access::{Actor, RequestContext},
    config::SessionConfig,
    database::{StoreError, Transaction},
    errors::Failure,
    services::Services,
    stores::attempt_store::{self, AttemptLimit, AttemptVerdict},
    usecases::audit::{self, Act},
};

/// The buckets that a try falls into.
#[derive(Clone)]
pub struct PasswordTries {
    buckets: Vec<(String, AttemptLimit)>,
}

impl PasswordTries {
    /// Tries of somebody who is not signed in. `account` is a keyed hash or a name: unknown accounts are counted as well.
    /// `device` names the known device (`access::devices`) that the try comes from, if any.
    #[must_use]
    pub fn of(services: &Services, context: &RequestContext, account: &str, device: Option<&str>) -> Self {
        let config = &services.config.sessions;
        if let Some(device) = device {
            let bucket = format!("password:{account}:device:{device}");
            return Self {
                buckets: vec![(bucket, limit(config, config.wrong_passwords))],
            };
        }
        let network = context.network().unwrap_or_default();
        Self {
            buckets: vec![
                (
                    format!("password:{account}:{network}"),
                    limit(config, config.wrong_passwords),
                ),
                (
                    format!("password:{account}"),
                    limit(config, config.wrong_passwords_anywhere),
                ),
            ],
        }
    }

    /// Tries within a session: of somebody who proves once more to be the owner.
    #[must_use]
    pub fn within(services: &Services, session: i64) -> Self {
        let config = &services.config.sessions;
        Self {
            buckets: vec![(
                format!("password:session:{session}"),
                limit(config, config.wrong_passwords),
            )],
        }
    }

    /// Tries of the second factor by somebody who knows the password: few, wherever they come from.
    #[must_use]
    pub fn of_second_factor(services: &Services, account: i64, device: Option<&str>) -> Self {
        let config = &services.config.sessions;
        let device = device.map_or_else(String::new, |device| format!(":device:{device}"));
        let bucket = format!("second_factor:{account}{device}");
        Self {
            buckets: vec![(bucket, limit(config, config.wrong_passwords))],
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

const fn limit(config: &SessionConfig, most: i64) -> AttemptLimit {
    AttemptLimit {
        most,
        window: config.pause_seconds,
        pause: config.pause_seconds,
    }
}
