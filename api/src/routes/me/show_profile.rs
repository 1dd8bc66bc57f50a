//! The own profile.

use actix_web::get;
use shared::contract::me::ProfileView;

use crate::{
    access::extractor::Resident,
    routes::answer::{Answer, Given, versioned},
    views,
};

/// The own profile
#[utoipa::path(tag = "me", operation_id = "show_profile", security(("bearer" = [])),
    responses((status = 200, description = "The profile; `ETag` is its version", body = ProfileView)))]
#[get("/api/v1/me")]
pub(crate) async fn show_profile(services: Given, resident: Resident) -> Answer {
    let profile = views::me::profile(&services, &resident.0).await?;
    versioned(profile.version, profile)
}
