//! Hands out a photograph as it was taken, with all that the camera wrote into it: to few, and never unseen.

use std::sync::Arc;

use shared::{contract::problem::ProblemCode, domain::role::Role};

use crate::{
    access::{Actor, RequestContext, photo_reach::photo_reach},
    errors::Failure,
    photos::PhotoKey,
    services::Services,
    stores::photo_store,
    usecases::audit,
};

/// Who may need to see more than the renditions show.
const READERS: &[Role] = &[
    Role::Moderator,
    Role::Reviewer,
    Role::HotlineSupervisor,
    Role::DisciplineOfficer,
];

/// The original.
#[derive(Debug)]
pub struct OriginalPhoto {
    /// The whole file.
    pub bytes: Vec<u8>,
    /// Its media type, by its content.
    pub content_type: String,
}

/// Reads the original and writes down who read it.
///
/// # Errors
/// `NotFound` where the actor may not know of it; `Forbidden` for all but those above.
pub async fn read_original(
    services: &Arc<Services>,
    actor: &Actor,
    context: &RequestContext,
    photo_id: i64,
) -> Result<OriginalPhoto, Failure> {
    let (held, who, asked, city) = (Arc::clone(services), actor.clone(), context.clone(), services.city());
    let row = services
        .database
        .writer
        .write(move |transaction| {
            let row = transaction.read(|connection| photo_store::get_photo(connection, photo_id))?;
            let reach = transaction.read(|connection| photo_reach(connection, &city, &who, &row))?;
            if !reach.knows() {
                return Err(Failure::new(ProblemCode::NotFound));
            }
            if !READERS.iter().any(|role| reach.roles.contains(role)) {
                return Err(ProblemCode::Forbidden.into());
            }
            let object = audit::Object {
                kind: "photo",
                id: Some(row.id),
            };
            audit::record(&held, transaction, &who, &asked, "photo.read_original", object);
            Ok(row)
        })
        .await?;
    let key: PhotoKey = row.original_key.parse().map_err(Failure::internal)?;
    Ok(OriginalPhoto {
        bytes: services.photos.read(key).await?,
        content_type: row.content_type,
    })
}
