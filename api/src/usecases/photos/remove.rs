//! Removes a photograph that its sender does not want to send after all. What a case names stays.

use std::sync::Arc;

use shared::contract::problem::ProblemCode;

use super::discard_named;
use crate::{
    access::{Actor, RequestContext},
    database::Transaction,
    errors::Failure,
    photos::PhotoKey,
    services::Services,
    stores::photo_store::{self, PhotoRow},
    usecases::{audit, idempotency},
};

/// Removes the photograph's row and files.
///
/// # Errors
/// `NotFound` where it is not the actor's; `ActionNotAllowed` when a case names it.
pub async fn remove_photo(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    photo_id: i64,
) -> Result<(), Failure> {
    let uploader_id = actor.id().ok_or(ProblemCode::SignInRequired)?;
    let (held, who, asked) = (Arc::clone(services), actor.clone(), context.clone());
    let keys: Vec<String> = idempotency::once(
        services,
        uploader_id,
        context,
        "photo.remove",
        &photo_id,
        move |transaction| forget(&held, transaction, &who, &asked, uploader_id, photo_id),
    )
    .await?;
    discard_named(services, &keys).await;
    Ok(())
}

fn forget(
    services: &Services,
    transaction: &mut Transaction<'_>,
    actor: &Actor,
    context: &RequestContext,
    uploader_id: i64,
    photo_id: i64,
) -> Result<Vec<String>, Failure> {
    let row = transaction.read(|connection| photo_store::get_photo(connection, photo_id))?;
    if row.uploader_id != uploader_id {
        return Err(ProblemCode::NotFound.into());
    }
    if row.attached {
        return Err(Failure::new(ProblemCode::ActionNotAllowed).with_detail("照片已随诉求提交，不能再删除"));
    }
    photo_store::delete_unattached(transaction, photo_id)?;
    let object = audit::Object {
        kind: "photo",
        id: Some(photo_id),
    };
    audit::record(services, transaction, actor, context, "photo.remove", object);
    Ok(vec![row.original_key, row.display_key, row.thumbnail_key])
}

/// The keys of a row's files.
pub(super) fn keys_of(row: &PhotoRow) -> Vec<PhotoKey> {
    [&row.original_key, &row.display_key, &row.thumbnail_key]
        .into_iter()
        .filter_map(|key| key.parse().ok())
        .collect()
}
