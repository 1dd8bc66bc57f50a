//! Removes files that no row names: of a program that was cut off between storing a file and writing its row, or between
//! forgetting a row and removing its files.
//!
//! One shelf at a time, so that a round's work is bounded whatever the store holds. A file is left alone for a day, since
//! its row may be on its way, and when it is older than the database: then it belongs to another one, and the settings are
//! at fault.

use std::{collections::HashSet, sync::Arc};

use super::discard;
use crate::{
    database::{StoreError, ids::made_at},
    errors::Failure,
    photos::{PhotoKey, Shelf},
    services::Services,
    stores::{city_store, photo_key_store},
};

/// How long a file may wait for its row.
const KEPT_MINUTES: i64 = 24 * 60;
/// Keys asked for at once.
const AT_ONCE: usize = 200;

/// Removes what nobody names on this shelf and answers how many files went.
///
/// # Errors
/// The database's or the store's failure.
pub async fn remove_unnamed(services: &Arc<Services>, shelf: Shelf) -> Result<usize, Failure> {
    let files = services.photos.list(shelf).await?;
    if files.is_empty() {
        return Ok(0);
    }
    let readers = &services.database.readers;
    let oldest_row = readers
        .read(|connection| city_store::oldest_id(connection).map_err(StoreError::from))
        .await?;
    let Some(oldest_row) = oldest_row else { return Ok(0) };
    let lifetime = made_at(oldest_row)..services.now().plus_minutes(-KEPT_MINUTES);
    let old: Vec<PhotoKey> = files
        .into_iter()
        .filter(|file| lifetime.contains(&file.written_at))
        .map(|file| file.key)
        .collect();
    let mut removed = 0;
    for keys in old.chunks(AT_ONCE) {
        let asked = keys.to_vec();
        let named: HashSet<String> = readers
            .read(move |connection| {
                let keys: Vec<&str> = asked.iter().map(PhotoKey::as_str).collect();
                let named = photo_key_store::list_named(connection, &keys).map_err(StoreError::from)?;
                Ok::<_, StoreError>(named.into_iter().collect())
            })
            .await?;
        let unnamed: Vec<PhotoKey> = keys
            .iter()
            .filter(|key| !named.contains(key.as_str()))
            .cloned()
            .collect();
        removed += unnamed.len();
        discard(services, unnamed).await;
    }
    if removed > 0 {
        tracing::info!(removed, "photo files that no row names were removed");
    }
    Ok(removed)
}
