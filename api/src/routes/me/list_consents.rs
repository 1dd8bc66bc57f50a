//! The own consents.

use actix_web::get;
use shared::contract::me::ConsentView;

use crate::{
    access::extractor::Resident,
    routes::answer::{Answer, Given, ok},
    views,
};

/// Each purpose, the wording in force, and whether it was agreed to
#[utoipa::path(tag = "me", operation_id = "list_consents", security(("bearer" = [])),
    responses((status = 200, description = "One entry a purpose", body = Vec<ConsentView>)))]
#[get("/api/v1/me/consents")]
pub(crate) async fn list_consents(services: Given, resident: Resident) -> Answer {
    ok(views::me::consents(&services, &resident.0).await?)
}
