//! Shows a photograph to its sender, to the requester, and to staff whose work reaches its case. Never the original.

use std::sync::Arc;

use shared::{contract::problem::ProblemCode, domain::role::Role};

use crate::{
    access::{Actor, photo_reach::photo_reach},
    database::StoreError,
    errors::Failure,
    photos::PhotoKey,
    services::Services,
    stores::photo_store,
};

/// Roles that work on the content of cases. Those that only keep the platform or its figures see no pictures.
const WATCHERS: &[Role] = &[
    Role::Clerk,
    Role::Dispatcher,
    Role::Reviewer,
    Role::FollowUpClerk,
    Role::UnitLiaison,
    Role::UnitHandler,
    Role::UnitLeader,
    Role::HotlineSupervisor,
    Role::MediaSupervisor,
    Role::GovernmentInspector,
    Role::DisciplineOfficer,
    Role::MediationCoordinator,
    Role::Mediator,
    Role::Moderator,
];

/// Which rendition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rendition {
    /// For the screen.
    Display,
    /// For lists.
    Thumbnail,
}

impl std::str::FromStr for Rendition {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        match word {
            "display" => Ok(Self::Display),
            "thumbnail" => Ok(Self::Thumbnail),
            _ => Err(()),
        }
    }
}

/// Reads a rendition: a JPEG without anything that the camera wrote.
///
/// # Errors
/// `NotFound` where there is none or the actor may not see it.
pub async fn read_rendition(
    services: &Arc<Services>,
    actor: &Actor,
    photo_id: i64,
    rendition: Rendition,
) -> Result<Vec<u8>, Failure> {
    let (who, city) = (actor.clone(), services.city());
    let row = services
        .database
        .readers
        .read(move |connection| {
            let row = photo_store::get_photo(connection, photo_id).map_err(StoreError::from)?;
            let reach = photo_reach(connection, &city, &who, &row).map_err(StoreError::from)?;
            let sees = reach.uploader || reach.requester || WATCHERS.iter().any(|role| reach.roles.contains(role));
            if sees {
                Ok(row)
            } else {
                Err(Failure::new(ProblemCode::NotFound))
            }
        })
        .await?;
    let key = match rendition {
        Rendition::Display => row.display_key,
        Rendition::Thumbnail => row.thumbnail_key,
    };
    let key: PhotoKey = key.parse().map_err(Failure::internal)?;
    Ok(services.photos.read(key).await?)
}
