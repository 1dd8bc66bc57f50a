//! Names the photographs of a report, an addition, a progress entry or a reply, inside the write that makes it.

use shared::domain::photo::{MOST_PHOTOS, PhotoHash, PhotoPurpose};

use crate::{
    database::Transaction,
    errors::Failure,
    services::Services,
    stores::photo_store::{self, Named},
};

/// Writes down that `subject_id` (the case itself, the timeline's entry or the reply) has these photographs. Those that
/// `uploader_id` sent already are joined at once, the others when they arrive. Call it after the step on the case.
///
/// # Errors
/// `Invalid` for more than [`MOST_PHOTOS`] or for what is no hash; the database's failure.
pub fn expect_photos(
    transaction: &mut Transaction<'_>,
    services: &Services,
    case_id: i64,
    subject_id: i64,
    uploader_id: i64,
    purpose: PhotoPurpose,
    hashes: &[String],
) -> Result<(), Failure> {
    let hashes = parse_hashes(field_of(purpose), hashes)?;
    let named = Named {
        case_id,
        subject_id,
        uploader_id,
        purpose,
        hashes: &hashes,
    };
    Ok(photo_store::insert_named(transaction, &named, || services.next_id())?)
}

/// The field of a request that names photographs for this purpose.
const fn field_of(purpose: PhotoPurpose) -> &'static str {
    match purpose {
        PhotoPurpose::ReplyBefore => "photos_before",
        PhotoPurpose::ReplyAfter => "photos_after",
        PhotoPurpose::Report | PhotoPurpose::Information | PhotoPurpose::Progress => "photos",
    }
}

/// The hashes in `field`, each once, in the order in which they were given.
///
/// # Errors
/// `Invalid` for more than [`MOST_PHOTOS`] or for what is no hash.
pub fn parse_hashes(field: &'static str, texts: &[String]) -> Result<Vec<PhotoHash>, Failure> {
    if texts.len() > MOST_PHOTOS {
        return Err(Failure::invalid(field, format!("最多 {MOST_PHOTOS} 张照片")));
    }
    let mut hashes = Vec::with_capacity(texts.len());
    for text in texts {
        let hash: PhotoHash = text
            .parse()
            .map_err(|_| Failure::invalid(field, "照片编号应为 64 位十六进制的 SHA-256"))?;
        if !hashes.contains(&hash) {
            hashes.push(hash);
        }
    }
    Ok(hashes)
}
