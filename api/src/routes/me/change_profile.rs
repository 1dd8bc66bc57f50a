//! Changing the own profile.

use actix_web::{patch, web};
use shared::contract::me::{ChangeProfileRequest, ProfileView};

use crate::{
    access::{RequestContext, extractor::Resident},
    routes::answer::{Answer, Given, versioned},
    usecases::me::change_profile as usecase,
    views,
};

/// Changes the own profile; `If-Match` guards against overwriting
#[utoipa::path(tag = "me", operation_id = "change_profile", security(("bearer" = [])),
    responses((status = 200, description = "The profile as it is now", body = ProfileView)))]
#[patch("/api/v1/me")]
pub(crate) async fn change_profile(
    services: Given,
    resident: Resident,
    context: RequestContext,
    request: web::Json<ChangeProfileRequest>,
) -> Answer {
    let name = request.display_name.as_deref();
    usecase::change_profile(&services, &context, resident.0.clone(), name).await?;
    let profile = views::me::profile(&services, &resident.0).await?;
    versioned(profile.version, profile)
}
