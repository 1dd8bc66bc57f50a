//! Receives a photograph: checked, rendered, stored, written down, and joined to the case that waits for it.
//!
//! The same bytes from the same sender are one photograph, however often they are sent; that makes a repeated upload
//! harmless without a key. A refusal leaves neither row nor file.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use shared::{
    contract::problem::ProblemCode,
    domain::{location::GeoPoint, photo::PhotoHash, time::Timestamp},
};

use super::discard;
use crate::{
    access::{Actor, RequestContext},
    database::{StoreError, Transaction},
    errors::Failure,
    photos::{ProcessedPhoto, ReceivedPhoto},
    services::Services,
    stores::{
        photo_store::{self, PhotoRow},
        to_json,
    },
    usecases::audit,
};

/// Photographs that an account may have lying about without a case.
const MOST_UNATTACHED: i64 = 60;
/// When an account with too many of them may try again, in seconds.
const UNATTACHED_RETRY: u32 = 3600;

/// What the camera wrote into the file, as it is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PhotoHints {
    /// Degrees, WGS-84.
    pub latitude: Option<f64>,
    /// Degrees, WGS-84.
    pub longitude: Option<f64>,
    /// When it was taken.
    pub taken_at: Option<Timestamp>,
}

/// A photograph that is here now.
#[derive(Debug)]
pub struct UploadedPhoto {
    /// Its row.
    pub row: PhotoRow,
    /// It was not here before.
    pub new: bool,
    /// What the camera wrote.
    pub hints: PhotoHints,
    /// Whether the place that the camera wrote lies in the city.
    pub in_city: Option<bool>,
}

/// Takes a photograph from a resident or staff. `announced` is the hash that the sender computed.
///
/// # Errors
/// The file's fault in its own code; `PhotoHashMismatch`; `TooManyAttempts` when too many lie about without a case;
/// `Busy`; `StorageFull`.
pub async fn upload_photo(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    received: ReceivedPhoto,
    announced: Option<PhotoHash>,
) -> Result<UploadedPhoto, Failure> {
    let uploader_id = actor.id().ok_or(ProblemCode::SignInRequired)?;
    if announced.is_some_and(|hash| hash.as_str() != received.sha256) {
        return Err(ProblemCode::PhotoHashMismatch.into());
    }
    let upload = Upload {
        services: Arc::clone(services),
        actor: actor.clone(),
        context: context.clone(),
        uploader_id,
    };
    // A sender who goes away must not leave files without a row: the work goes on to its end.
    let (row, new) = tokio::spawn(upload.take(received)).await.map_err(Failure::internal)??;
    let hints: PhotoHints = serde_json::from_str(&row.hints).unwrap_or_default();
    let place = hints.latitude.zip(hints.longitude);
    let place = place.and_then(|(latitude, longitude)| GeoPoint::new(latitude, longitude).ok());
    let city = services.city();
    Ok(UploadedPhoto {
        in_city: place.map(|point| city.county_at(point).is_some()),
        row,
        new,
        hints,
    })
}

struct Upload {
    services: Arc<Services>,
    actor: Actor,
    context: RequestContext,
    uploader_id: i64,
}

impl Upload {
    async fn take(self, received: ReceivedPhoto) -> Result<(PhotoRow, bool), Failure> {
        let sha256 = received.sha256.clone();
        if let Some(row) = self.find(&sha256).await? {
            return Ok((row, false));
        }
        let photo = self.services.photos.process(received.file).await?;
        let keys = photo.keys();
        let written = self.write_down(photo).await;
        if !matches!(written, Ok((_, true))) {
            discard(&self.services, keys).await;
        }
        match written {
            // Another process was faster with the same bytes.
            Err(failure) if failure.code == ProblemCode::AlreadyExists => {
                self.find(&sha256).await?.map(|row| (row, false)).ok_or(failure)
            }
            Ok((row, true)) if !row.attached => self.attach_if_expected(row).await,
            other => other,
        }
    }

    /// The photograph when it was sent before, else whether the sender may send another one.
    async fn find(&self, sha256: &str) -> Result<Option<PhotoRow>, Failure> {
        let (uploader_id, sha256) = (self.uploader_id, sha256.to_owned());
        self.services
            .database
            .readers
            .read(move |connection| {
                let found = photo_store::find_photo(connection, uploader_id, &sha256).map_err(StoreError::from)?;
                if found.is_none() {
                    let lying = photo_store::count_unattached(connection, uploader_id, MOST_UNATTACHED)
                        .map_err(StoreError::from)?;
                    check_lying(lying)?;
                }
                Ok::<_, Failure>(found)
            })
            .await
    }

    async fn write_down(&self, photo: ProcessedPhoto) -> Result<(PhotoRow, bool), Failure> {
        let new = self.row(&photo);
        let (services, actor, context) = (Arc::clone(&self.services), self.actor.clone(), self.context.clone());
        self.services
            .database
            .writer
            .write(move |transaction| insert(&services, transaction, &actor, &context, &new))
            .await
    }

    fn row(&self, photo: &ProcessedPhoto) -> PhotoRow {
        let hints = PhotoHints {
            latitude: photo.hints.place.map(|place| place.latitude),
            longitude: photo.hints.place.map(|place| place.longitude),
            taken_at: photo.hints.taken_at,
        };
        PhotoRow {
            id: self.services.next_id(),
            uploader_id: self.uploader_id,
            sha256: photo.sha256.clone(),
            content_type: photo.content_type.to_owned(),
            byte_count: i64::try_from(photo.original_bytes).unwrap_or(i64::MAX),
            width: i64::from(photo.width),
            height: i64::from(photo.height),
            original_key: photo.original_key.to_string(),
            display_key: photo.display_key.to_string(),
            thumbnail_key: photo.thumbnail_key.to_string(),
            perceptual_hash: photo.perceptual_hash,
            hints: to_json(&hints),
            attached: false,
        }
    }

    /// A case in the same group of writes may have named the photograph while it was being written down.
    async fn attach_if_expected(&self, mut row: PhotoRow) -> Result<(PhotoRow, bool), Failure> {
        let (uploader_id, sha256) = (row.uploader_id, row.sha256.clone());
        let readers = &self.services.database.readers;
        let expected = readers
            .read(move |connection| {
                photo_store::is_expected(connection, uploader_id, &sha256).map_err(StoreError::from)
            })
            .await?;
        if expected {
            row.attached = attach(&self.services, &row).await?;
        }
        Ok((row, true))
    }
}

fn check_lying(lying: i64) -> Result<(), Failure> {
    if lying < MOST_UNATTACHED {
        return Ok(());
    }
    Err(Failure::new(ProblemCode::TooManyAttempts)
        .with_detail("您有太多照片还没有随诉求提交")
        .with_retry_after(UNATTACHED_RETRY))
}

fn insert(
    services: &Services,
    transaction: &mut Transaction<'_>,
    actor: &Actor,
    context: &RequestContext,
    new: &PhotoRow,
) -> Result<(PhotoRow, bool), Failure> {
    let found = transaction.read(|connection| photo_store::find_photo(connection, new.uploader_id, &new.sha256))?;
    if let Some(row) = found {
        return Ok((row, false));
    }
    photo_store::insert_photo(transaction, new)?;
    let mut row = new.clone();
    row.attached = photo_store::attach_photo(transaction, row.id, row.uploader_id, &row.sha256, services.now())?;
    let object = audit::Object {
        kind: "photo",
        id: Some(row.id),
    };
    audit::record(services, transaction, actor, context, "photo.upload", object);
    Ok((row, true))
}

/// Joins a photograph to the cases that wait for it, in a write of its own.
pub(super) async fn attach(services: &Arc<Services>, row: &PhotoRow) -> Result<bool, Failure> {
    let (held, row) = (Arc::clone(services), row.clone());
    services
        .database
        .writer
        .write(move |transaction| {
            Ok(photo_store::attach_photo(
                transaction,
                row.id,
                row.uploader_id,
                &row.sha256,
                held.now(),
            )?)
        })
        .await
}
