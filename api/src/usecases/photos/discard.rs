//! Removes files after the commit that made them useless. What cannot be removed now is removed by the tidying later, so that
//! nobody's request fails for it.

use crate::{photos::PhotoKey, services::Services};

/// Removes the files under these keys.
pub(in crate::usecases) async fn discard(services: &Services, keys: Vec<PhotoKey>) {
    if !keys.is_empty()
        && let Err(error) = services.photos.discard(keys).await
    {
        tracing::error!(%error, "photo files that nobody needs could not be removed");
    }
}

/// As [`discard`], for keys as the database keeps them.
pub(in crate::usecases) async fn discard_named(services: &Services, keys: &[String]) {
    discard(services, keys.iter().filter_map(|key| key.parse().ok()).collect()).await;
}
