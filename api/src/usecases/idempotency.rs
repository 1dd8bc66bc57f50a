//! A write that is asked for twice is done once: the same key with the same content hears the same answer.
//!
//! The key's row is committed together with the change, so that there is never one without the other.

use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use shared::{contract::problem::ProblemCode, domain::hexadecimal::lower_hex};

use crate::{
    access::RequestContext,
    database::{
        StoreError, Transaction,
        repeats::{Repeat, WriteKey, find_repeats},
    },
    errors::Failure,
    services::Services,
    stores::idempotency_store::IdempotencyKeyRow,
};

/// Runs `change` in the writer, at most once for the context's key; without a key, simply once.
///
/// # Errors
/// What `change` answers; `IdempotencyKeyReused` when the key came before with other content.
pub async fn once<T, F>(
    services: &Services,
    actor_id: i64,
    context: &RequestContext,
    operation: &'static str,
    request: &impl Serialize,
    mut change: F,
) -> Result<T, Failure>
where
    T: Serialize + DeserializeOwned + Send + 'static,
    F: FnMut(&mut Transaction<'_>) -> Result<T, Failure> + Send + 'static,
{
    let Some(key) = context.idempotency_key.clone() else {
        return services.database.writer.write(change).await;
    };
    let asked = Asked {
        key: WriteKey { actor_id, key },
        operation,
        fingerprint: fingerprint(request),
    };
    let kept_minutes = i64::from(services.config.retention.idempotency_hours) * 60;
    let kept_until = services.now().plus_minutes(kept_minutes).0;
    let first = asked.clone();
    let answer = services
        .database
        .writer
        .write_keyed(asked.key.clone(), move |transaction, repeat| {
            if let Some(repeat) = repeat {
                return first.answer(repeat);
            }
            let outcome = change(transaction)?;
            transaction.append(first.row(&outcome, kept_until)?);
            Ok(outcome)
        })
        .await;
    match answer {
        // Two requests with one key at once, in one group or two processes: the slower one, whatever refused it, hears what
        // the faster one did.
        Err(failure) if failure.code != ProblemCode::Busy => match asked.repeat(services).await {
            Ok(Some(repeat)) => asked.answer(&repeat),
            _ => Err(failure),
        },
        other => other,
    }
}

#[derive(Clone)]
struct Asked {
    key: WriteKey,
    operation: &'static str,
    fingerprint: String,
}

impl Asked {
    /// What was done under the key by now.
    async fn repeat(&self, services: &Services) -> Result<Option<Repeat>, Failure> {
        let key = self.key.clone();
        services
            .database
            .readers
            .read(move |connection| {
                let found = find_repeats(connection, &[&key]).map_err(StoreError::from)?;
                Ok(found.into_values().next())
            })
            .await
    }

    fn answer<T: DeserializeOwned>(&self, repeat: &Repeat) -> Result<T, Failure> {
        if repeat.operation != self.operation || repeat.fingerprint != self.fingerprint {
            return Err(ProblemCode::IdempotencyKeyReused.into());
        }
        serde_json::from_str(&repeat.outcome).map_err(Failure::internal)
    }

    fn row(&self, outcome: &impl Serialize, kept_until: i64) -> Result<IdempotencyKeyRow, Failure> {
        Ok(IdempotencyKeyRow {
            actor_id: self.key.actor_id,
            idempotency_key: self.key.key.clone(),
            operation: self.operation.to_owned(),
            fingerprint: self.fingerprint.clone(),
            outcome: serde_json::to_string(outcome).map_err(Failure::internal)?,
            kept_until,
        })
    }
}

fn fingerprint(request: &impl Serialize) -> String {
    let content = serde_json::to_vec(request).unwrap_or_default();
    lower_hex(&Sha256::digest(&content))
}
