//! A released photo's file. Which case it belongs to, and whether that is public, is asked at every reading.

use shared::contract::problem::ProblemCode;

use crate::{database::StoreError, errors::Failure, photos::PhotoKey, services::Services, stores::publication_store};

/// Which copy is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PublicRendition {
    /// At most 1600 pixels a side.
    Display,
    /// At most 320 pixels a side.
    Thumbnail,
}

/// The JPEG bytes of a released photo of a public case.
///
/// # Errors
/// `NotFound` for everything else; `Busy`.
pub async fn public_photo(services: &Services, id: i64, rendition: PublicRendition) -> Result<Vec<u8>, Failure> {
    let keys = services
        .database
        .readers
        .read(move |connection| {
            Ok::<_, Failure>(publication_store::find_public_photo(connection, id).map_err(StoreError::from)?)
        })
        .await?;
    let (display, thumbnail) = keys.ok_or(ProblemCode::NotFound)?;
    let key = match rendition {
        PublicRendition::Display => display,
        PublicRendition::Thumbnail => thumbnail,
    };
    let key: PhotoKey = key.parse().map_err(Failure::internal)?;
    Ok(services.photos.read(key).await?)
}
