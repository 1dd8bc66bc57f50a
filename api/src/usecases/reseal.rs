//! After a new key was put first, everything that older keys sealed is sealed anew, in small batches beside the day's work.
//! Only then can an old key go.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    access::{
        secrets::{PERSON_PHONE, SecretError, Secrets, sealed_with},
        sms::SealedSms,
        totp::TotpSecret,
    },
    database::StoreError,
    errors::Failure,
    services::Services,
    stores::sealed_store::{self, Sealed, SealedPlace},
};

/// Rows looked at in one batch; at most so many are changed in one transaction.
const BATCH: i64 = 200;
/// Rows read at once where nothing is changed.
const PAGE: i64 = 2_000;

/// Seals anew what older keys sealed in the batch behind `after`. Answers where the next batch begins; none at the end.
/// What no key opens stays as it is and does not hold up the rest.
///
/// # Errors
/// The database's failure.
pub async fn reseal_batch(services: &Services, place: SealedPlace, after: i64) -> Result<Option<i64>, Failure> {
    let secrets = &services.access.secrets;
    let Some(first) = secrets.phone_key_ids().into_iter().next() else {
        return Ok(None);
    };
    let rows = read(services, place, after, BATCH).await?;
    let Some(last) = rows.last().map(|(id, _)| *id) else {
        return Ok(None);
    };
    let mut changes = Vec::new();
    for row in rows {
        if key_of(place, &row.1).as_deref() != Some(&first) {
            match sealed_anew(secrets, place, &row) {
                Ok(new) => changes.push((row, new)),
                Err(error) => tracing::error!(?place, row = row.0, %error, "not sealed anew"),
            }
        }
    }
    if !changes.is_empty() {
        services
            .database
            .writer
            .write(move |transaction| {
                changes
                    .iter()
                    .try_for_each(|(row, new)| sealed_store::replace_sealed(transaction, place, row, new))
            })
            .await?;
    }
    Ok(Some(last))
}

/// Seals anew everything that older keys sealed. What was written meanwhile by a server that had not noticed the new key is
/// found the next time.
///
/// # Errors
/// As [`reseal_batch`].
pub async fn reseal_all(services: &Services) -> Result<(), Failure> {
    for place in SealedPlace::ALL {
        let mut after = Some(i64::MIN);
        while let Some(behind) = after {
            after = reseal_batch(services, place, behind).await?;
        }
    }
    Ok(())
}

/// How many values each key seals.
///
/// # Errors
/// The database's failure.
pub async fn count_by_key(services: &Services) -> Result<BTreeMap<String, u64>, Failure> {
    let mut counts = BTreeMap::new();
    for place in SealedPlace::ALL {
        let mut after = i64::MIN;
        loop {
            let rows = read(services, place, after, PAGE).await?;
            let Some((last, _)) = rows.last() else { break };
            after = *last;
            for (_, sealed) in &rows {
                let key = key_of(place, sealed).unwrap_or_else(|| "unknown".to_owned());
                *counts.entry(key).or_default() += 1;
            }
        }
    }
    Ok(counts)
}

async fn read(services: &Services, place: SealedPlace, after: i64, limit: i64) -> Result<Vec<Sealed>, StoreError> {
    services
        .database
        .readers
        .read(move |connection| Ok(sealed_store::find_sealed(connection, place, after, limit)?))
        .await
}

fn key_of(place: SealedPlace, sealed: &[u8]) -> Option<String> {
    match place {
        SealedPlace::Messages => sealed_with(&STANDARD.decode(sealed).ok()?).map(str::to_owned),
        SealedPlace::Phones | SealedPlace::NewPhones | SealedPlace::SecondFactors => {
            sealed_with(sealed).map(str::to_owned)
        }
    }
}

fn sealed_anew(secrets: &Secrets, place: SealedPlace, (id, sealed): &Sealed) -> Result<Vec<u8>, SecretError> {
    match place {
        SealedPlace::Phones | SealedPlace::NewPhones => {
            let cipher = secrets.cipher();
            cipher.seal(PERSON_PHONE, &cipher.open(PERSON_PHONE, sealed)?)
        }
        SealedPlace::SecondFactors => TotpSecret::open(secrets, *id, sealed)?.seal(secrets, *id),
        SealedPlace::Messages => {
            let payload = std::str::from_utf8(sealed).map_err(|_| SecretError::Sealed)?;
            SealedSms::open(payload, secrets)?.seal(secrets).map(String::into_bytes)
        }
    }
}
